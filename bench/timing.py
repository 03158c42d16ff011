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


def _children() -> float:
    """Gives the processor seconds of this process's children that live."""
    ticks = 0
    for task in Path("/proc/self/task").iterdir():
        for child in (task / "children").read_text().split():
            fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
