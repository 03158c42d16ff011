"""An upload against a long list: ours against `threatexchange` with its own index (faiss), in one process and served.

And what efforts cost.
"""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path

from PIL import Image
from skimage import data
from threatexchange.signal_type.pdq.signal import PdqSignal

import served
from hashes import hashes
from lists import fill, opened
from report import Row, faster, report
from takeback import Effort, HashList, Screen
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.media import Fingerprinter
from timing import SIZES, cpu_with_children

ENTRIES = 100_000
#: Pictures on the list, one hash each, against which all looks at an upload of one megapixel are asked about.
LONG_LIST = SIZES[0] if SIZES else 1_000_000
UPLOAD = (1152, 864)
#: Most processor time in milliseconds beyond decoding and one hash.
MUST_MS = {Effort.FIRST: 8.0, Effort.FULL: 60.0}
UPLOADS = ("astronaut", "coffee", "chelsea", "rocket", "cat", "brick")


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
    return report("screen", rows + efforts() + over_http())


def efforts() -> list[Row]:
    """Measures what is tried beyond one hash, look-ups included, for uploads that are not on the list."""
    with tempfile.TemporaryDirectory() as folder:
        uploads = []
        for name in UPLOADS:
            uploads.append(Path(folder) / f"{name}.jpg")
            Image.fromarray(getattr(data, name)()).convert("RGB").resize(UPLOAD).save(uploads[-1], quality=85)
        with opened(Path(folder) / "list.db") as hashlist, Fingerprinter(quick=True) as once:
            fill(hashlist, [(Fingerprint(FingerprintType.PDQ, bytes(value), 100),) for value in hashes(LONG_LIST)])
            decoded = cpu_with_children(lambda: [once.fingerprint(upload) for upload in uploads], rounds=20)
            return [_effort(hashlist, uploads, effort, decoded) for effort in MUST_MS]


def over_http() -> list[Row]:
    """Measures the agent as a server, against the peer's library behind the same server."""
    with tempfile.TemporaryDirectory() as folder:
        served.filled(Path(folder), hashes(LONG_LIST))
        file = Path(folder) / "upload.jpg"
        Image.fromarray(data.coffee()).resize((2048, 1536)).save(file, quality=85)
        return served.rows(Path(folder), file.read_bytes(), f"{LONG_LIST:,}")


def _effort(hashlist: HashList, uploads: list[Path], effort: Effort, decoded: float) -> Row:
    with Screen(hashlist, effort=effort) as screen:
        asked = cpu_with_children(lambda: [screen.check(upload) for upload in uploads], rounds=20)
    taken = round((asked - decoded) * 1000 / len(uploads), 1)
    case = f"1 MP upload, effort {effort}, {LONG_LIST:,} entries, processor time"
    return Row(case, taken, None, None, "ms", MUST_MS[effort], "ours at most")


if __name__ == "__main__":
    sys.exit(main())
