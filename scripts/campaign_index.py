"""The radius index against brute force: 10,000 queries in a million values, at every radius from 0 to 48.

Takes minutes. Fails at the first difference. The values are those of bench/hashes.py, the queries altered copies and
others, and brute force is the scan of the C core, which tests hold against plain arithmetic.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "bench"))

from hashes import altered, hashes
from takeback.fingerprints.scan import within
from takeback.matching.radius import RadiusIndex

WIDEST = 48
AT_ONCE = 500


def main() -> int:
    """Gives 0 when all answers were equal."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--values", type=int, default=1_000_000)
    arguments.add_argument("--queries", type=int, default=10_000)
    chosen = arguments.parse_args()
    values = np.array(hashes(chosen.values))
    values[::1000, 0] ^= 1  # some with an odd number of set bits
    packed, half = values.tobytes(), chosen.queries // 2
    listed = altered(altered(values[np.random.default_rng(8).integers(0, len(values), half)], seed=5), seed=6)
    queries = [query.tobytes() for query in np.concatenate([listed, hashes(chosen.queries - half, seed=7)])]
    found = 0
    with RadiusIndex.build(packed) as index:
        for begin in range(0, len(queries), AT_ONCE):
            some = queries[begin : begin + AT_ONCE]
            everything = [within(packed, query, WIDEST) for query in some]
            for radius in range(WIDEST + 1):
                for near, all_near in zip(index.within_many(some, radius), everything, strict=True):
                    expected = [one for one in all_near if one[1] <= radius]
                    found += len(expected)
                    if sorted(near) != expected:
                        print(f"different at radius {radius}: {len(near)} found, {len(expected)} expected")
                        return 1
            print(f"{begin + len(some)} queries, {found} found, no difference", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
