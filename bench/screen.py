"""An upload against a list of 100,000 pictures: ours against `threatexchange` with its own index (faiss)."""

from __future__ import annotations

import random
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

from PIL import Image
from skimage import data
from threatexchange.signal_type.pdq.signal import PdqSignal

from report import faster, report
from takeback import HashList, Screen
from takeback.clock import ManualClock
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.change import ChangePage, Upsert
from takeback.model.entry import Age, Kind, ListedEntry
from takeback.model.list_digest import digest_of
from takeback.model.tier import StrongestAction, Tier

ENTRIES = 100_000
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> int:
    """Gives 0 when nothing that must be reached was missed."""
    drawn = random.Random(1)
    values = [drawn.randbytes(32) for _ in range(ENTRIES)]
    index = PdqSignal.get_index_cls().build([(value.hex(), at) for at, value in enumerate(values)])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "upload.jpg"
        Image.fromarray(data.coffee()).resize((1600, 1200)).save(file, quality=85)
        with HashList.open(Path(folder) / "list.db", clock=ManualClock(NOW)) as hashlist, Screen(hashlist) as screen:
            fill(hashlist, values)
            rows = [
                faster(
                    f"2 MP upload against {ENTRIES:,} entries",
                    lambda: screen.check(file),
                    lambda: index.query(PdqSignal.hash_from_file(file)),
                    must=1,
                ),
                faster(
                    f"PDQ value against {ENTRIES:,} entries",
                    lambda: screen.check((Fingerprint(FingerprintType.PDQ, values[7], 100),)),
                    lambda: index.query(values[7].hex()),
                ),
            ]
    return report("screen", rows)


def fill(hashlist: HashList, values: list[bytes]) -> None:
    """Puts the values on the list as one page of its feed."""
    entries = [
        ListedEntry(
            *(f"{at:032x}", at + 1, Kind.IMAGE, Age.UNDER_18, Tier.SUBMITTED, StrongestAction.HOLD, date(2026, 1, 1)),
            (Fingerprint(FingerprintType.PDQ, value, 100),),
        )
        for at, value in enumerate(values)
    ]
    changes = tuple(Upsert(entry) for entry in entries)
    hashlist.replica.keep(ChangePage("bench", "p-1", 0, len(changes), NOW, changes, digest_of(entries)))


if __name__ == "__main__":
    sys.exit(main())
