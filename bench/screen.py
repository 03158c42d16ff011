"""An upload against a list of 100,000 pictures: ours against `threatexchange` with its own index (faiss)."""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path

from PIL import Image
from skimage import data
from threatexchange.signal_type.pdq.signal import PdqSignal

from lists import fill, opened
from report import faster, report
from takeback import Screen
from takeback.fingerprints.types import Fingerprint, FingerprintType

ENTRIES = 100_000


def main() -> int:
    """Gives 0 when nothing that must be reached was missed."""
    drawn = random.Random(1)
    values = [drawn.randbytes(32) for _ in range(ENTRIES)]
    index = PdqSignal.get_index_cls().build([(value.hex(), at) for at, value in enumerate(values)])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "upload.jpg"
        Image.fromarray(data.coffee()).resize((1600, 1200)).save(file, quality=85)
        with opened(Path(folder) / "list.db") as hashlist, Screen(hashlist) as screen:
            fill(hashlist, [(Fingerprint(FingerprintType.PDQ, value, 100),) for value in values])
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


if __name__ == "__main__":
    sys.exit(main())
