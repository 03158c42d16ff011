"""A sweep on paper: how long 10^6 to 10^9 files take with so many workers, from what one shard was measured to cost.

Every shard's time is drawn from those that bench/sweep.py measured (bench/out/sweep-costs.json); reports wait for the
one writer in the order in which they come. Storage, network and database are taken to keep up: that is what a trial run
on the real ones has to show. Prints the table of docs/sweeps.md.
"""

from __future__ import annotations

import argparse
import heapq
import json
import random
from dataclasses import dataclass
from pathlib import Path

COSTS = Path(__file__).resolve().parent.parent / "bench" / "out" / "sweep-costs.json"
SHARD_FILES = 500
#: Seconds until a worker is there, with its lists and its decoder.
START_S = 3.0


@dataclass(frozen=True)
class Costs:
    """Seconds: of a worker, a file, in each measured shard; of listing a file; of keeping what is known of a file."""

    scan_s: tuple[float, ...]
    list_s: float
    keep_s: float


def main() -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--costs", type=Path, default=COSTS, help="what bench/sweep.py wrote")
    parser.add_argument("--files", type=float, nargs="*", default=[1e6, 1e7, 1e8, 1e9])
    parser.add_argument("--workers", type=int, nargs="*", default=[2, 16, 128, 1024])
    given = parser.parse_args()
    read = json.loads(given.costs.read_text(encoding="utf-8"))
    costs = Costs(tuple(read["scan_s"]), read["list_s"], read["keep_s"])
    print(
        "| files | listing | " + " | ".join(f"{count:,} workers" for count in given.workers) + " | the writer alone |"
    )
    print("|" + " --- |" * (len(given.workers) + 3))
    for files in map(int, given.files):
        cells = []
        for workers in given.workers:
            taken, busy = simulate(costs, files, workers)
            cells.append(f"{duration(taken)} ({100 * busy:.0f} % busy)")
        alone = duration(files * costs.keep_s)
        print(f"| {files:,} | {duration(files * costs.list_s)} | " + " | ".join(cells) + f" | {alone} |")
    return 0


def simulate(costs: Costs, files: int, workers: int) -> tuple[float, float]:
    """Gives the seconds of a sweep from its first shard to its last report, and how busy its workers were meanwhile.

    A worker has two shards at a time: it goes on to the next one as soon as the report before is being kept.
    """
    drawn, rest = random.Random(1), -(-files // SHARD_FILES)  # noqa: S311 - numbers that anyone can draw again
    keep_s, writer, worked = costs.keep_s * SHARD_FILES, 0.0, 0.0
    taken = [0.0] * workers  # when the writer took each worker's last report

    def scan() -> float:
        nonlocal rest, worked
        seconds = drawn.choice(costs.scan_s) * SHARD_FILES
        rest, worked = rest - 1, worked + seconds
        return seconds

    busy = [(START_S + scan(), worker) for worker in range(min(workers, rest))]
    heapq.heapify(busy)
    while busy:
        done, worker = heapq.heappop(busy)
        if rest:
            heapq.heappush(busy, (max(done, taken[worker]) + scan(), worker))
        taken[worker] = max(writer, done)
        writer = taken[worker] + keep_s
    return writer, worked / (workers * writer)


def duration(seconds: float) -> str:
    """Gives a time as one reads it."""
    for unit, size in (("days", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} s"


if __name__ == "__main__":
    raise SystemExit(main())
