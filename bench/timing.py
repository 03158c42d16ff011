"""Processor time of calls, of decoding children too, and the sizes that the environment asks for."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

#: From TAKEBACK_BENCH_SIZES, or none.
SIZES = [int(float(size)) for size in os.environ.get("TAKEBACK_BENCH_SIZES", "").split(",") if size]


def timed(way: Callable[[], T], clock: Callable[[], float] = time.thread_time) -> tuple[T, float]:
    """Gives what it gives, and the milliseconds of processor time that it took: other programs do not count."""
    begin = clock()
    made = way()
    return made, (clock() - begin) * 1000


def cpu_with_children(work: Callable[[], object], rounds: int = 3) -> float:
    """Gives the processor seconds of one round, those of children that live included, after one round to warm up."""
    work()
    begin = time.process_time() + _children()
    for _ in range(rounds):
        work()
    return (time.process_time() + _children() - begin) / rounds


def cpu_of_all() -> float:
    """Gives the processor seconds of this process so far, and of all that live below it."""
    return time.process_time() + _children(deep=True)


def turns_a_second() -> float:
    """Gives how many turns of a sum this core makes in a second: on a shared machine, half as many at times."""
    turns = 1_000_000
    return turns / min(timed(lambda: sum(n * n % 7 for n in range(turns)))[1] for _ in range(5)) * 1000


def _children(of: str = "self", *, deep: bool = False) -> float:
    """Gives the processor seconds of a process's children that live; `deep`: of theirs, too."""
    seconds = 0.0
    for task in Path(f"/proc/{of}/task").iterdir():
        for child in (task / "children").read_text().split():
            fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
            seconds += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
            seconds += _children(child, deep=True) if deep else 0.0
    return seconds
