"""How the radius index grows, without a peer: the table in docs/matching-index.md. Processor time on one core.

TAKEBACK_BENCH_SIZES=1e5,1e6 chooses sizes; the default is 1e5,1e6,1e7. 1e8 needs more than 23 GB of memory:
the index is built and written anew beside what it is built from.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from hashes import altered, hashes
from takeback.matching.radius import RadiusIndex
from timing import SIZES, timed

QUERIES = 200
#: More than so many hashes are made of the first so many: each further lot has the same bits turned in all of them.
MADE = 10_000_000
HEAD = (
    *("hashes", "bytes a hash", "build, s", "31: one, µs (p99)", "31: of 1,024, µs"),
    *("48: one, µs", "48: of 64, µs", "merge into a file, s", "open, ms", "verify, s"),
)


def main() -> int:
    """Prints the table."""
    print("| " + " | ".join(HEAD) + " |\n|" + " --- |" * len(HEAD))
    for size in SIZES or [100_000, 1_000_000, 10_000_000]:
        print("| " + " | ".join(row(size)) + " |", flush=True)
    return 0


def row(size: int) -> list[str]:
    """Gives one line of the table."""
    packed = many(size)
    values = np.frombuffer(packed, np.uint8).reshape(-1, 32)
    index, built = timed(lambda: RadiusIndex.build(packed), time.process_time)
    rng = np.random.default_rng(3)
    listed = altered(values[rng.integers(0, size, QUERIES // 2)])
    queries = [value.tobytes() for value in np.concatenate([listed, hashes(QUERIES // 2, seed=4)])]
    near, wide = ([timed(lambda q=q, r=r: index.within(q, r))[1] for q in queries] for r in (31, 48))
    batches = []
    for count, radius in ((1024, 31), (64, 48)):
        some = (queries * 6)[:count]
        batches.append(statistics.median(timed(lambda s=some, r=radius: index.within_many(s, r))[1] for _ in range(5)))
    with tempfile.TemporaryDirectory(dir=Path(__file__).parent) as folder:
        _, merged = timed(lambda: index.merge(Path(folder) / "list.index"), time.process_time)
        again, opened = timed(lambda: RadiusIndex.open(Path(folder) / "list.index"))
        _, verified = timed(again.verify, time.process_time)
        again.close()
    bytes_a_hash = index.size / size
    index.close()
    return [
        *(f"{size:,}", f"{bytes_a_hash:.0f}", f"{built / 1000:.1f}"),
        f"{statistics.median(near) * 1000:.0f} ({np.percentile(near, 99) * 1000:.0f})",
        *(f"{batches[0] / 1.024:.0f}", f"{statistics.median(wide) * 1000:.0f}", f"{batches[1] / 0.064:.0f}"),
        *(f"{merged / 1000:.1f}", f"{opened:.1f}", f"{verified / 1000:.2f}"),
    ]


def many(size: int) -> bytearray:
    """Gives so many hashes, packed, all with an even number of set bits."""
    packed, made = bytearray(32 * size), hashes(min(size, MADE))
    values = np.frombuffer(packed, np.uint8).reshape(-1, 32)
    masks = np.random.default_rng(5).integers(0, 256, (-(-size // MADE), 32), np.uint8)
    masks[:, 0] ^= np.bitwise_count(masks).sum(axis=1, dtype=np.uint8) & 1
    masks[0] = 0
    for at, mask in enumerate(masks):
        lot = values[at * MADE : (at + 1) * MADE]
        np.bitwise_xor(made[: len(lot)], mask, out=lot)
    return packed


if __name__ == "__main__":
    sys.exit(main())
