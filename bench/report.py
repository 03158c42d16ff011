"""Measuring two ways of doing one thing, turn by turn in one process, and reporting medians and their ratio."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

OUT = Path(__file__).parent / "out"
TURN_SECONDS = 0.03


@dataclass(frozen=True)
class Row:
    """One case. `ratio` is how many times better ours is, where that says something.

    `must` is what it has to reach, if anything: the ratio, or, where `bounds` says so, ours itself.
    """

    case: str
    ours: float
    peer: float | None
    ratio: float | None
    unit: str
    must: float | None = None
    bounds: Literal["ratio", "ours at least", "ours at most"] = "ratio"

    @property
    def missed(self) -> bool:
        """Whether it does not reach what it must."""
        if self.must is None:
            return False
        if self.bounds == "ours at most":
            return self.ours > self.must
        reached = self.ours if self.bounds == "ours at least" else self.ratio
        return reached is None or reached < self.must


def faster(
    case: str, ours: Callable[[], object], peer: Callable[[], object], *, rounds: int = 9, must: float | None = None
) -> Row:
    """Times both, turn by turn after one warm-up each, and gives the row of their medians in milliseconds.

    A turn lasts long enough that each finds its own code and data in the caches again.
    """
    ways = [(way, _calls(way)) for way in (ours, peer)]
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for (way, calls), taken in zip(ways, times, strict=True):
            begin = time.perf_counter()
            for _ in range(calls):
                way()
            taken.append((time.perf_counter() - begin) * 1000 / calls)
    mine, theirs = (statistics.median(taken) for taken in times)
    return Row(case, round(mine, 3), round(theirs, 3), round(theirs / mine, 2), "ms", must)


def _calls(way: Callable[[], object]) -> int:
    """Gives how many calls make a turn."""
    way()
    begin = time.perf_counter()
    way()
    return max(1, int(TURN_SECONDS / (time.perf_counter() - begin)))


def report(name: str, rows: list[Row]) -> int:
    """Prints the table, writes bench/out/<name>.jsonl, and gives 1 when a case misses what it must reach."""
    width = max(len(row.case) for row in rows)
    print(f"{'case':<{width}}  {'ours':>10}  {'peer':>10}  {'ratio':>7}  must")
    for row in rows:
        must = "" if row.must is None else f"{row.must:g} {row.bounds.removeprefix('ratio')}"
        peer = "–" if row.peer is None else f"{row.peer:g} {row.unit}"
        ratio = "–" if row.ratio is None else f"{row.ratio:.2f}"
        print(f"{row.case:<{width}}  {f'{row.ours:g} {row.unit}':>10}  {peer:>10}  {ratio:>7}  {must}".rstrip())
    OUT.mkdir(exist_ok=True)
    lines = (json.dumps(asdict(row)) for row in rows)
    (OUT / f"{name}.jsonl").write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    missed = [row.case for row in rows if row.missed]
    for case in missed:
        print(f"missed: {case}")
    return 1 if missed else 0
