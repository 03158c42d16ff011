"""Processor time of one call, and the sizes that the environment asks for."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

#: From TAKEBACK_BENCH_SIZES, or none.
SIZES = [int(float(size)) for size in os.environ.get("TAKEBACK_BENCH_SIZES", "").split(",") if size]


def timed(way: Callable[[], T], clock: Callable[[], float] = time.thread_time) -> tuple[T, float]:
    """Gives what it gives, and the milliseconds of processor time that it took: other programs do not count."""
    begin = clock()
    made = way()
    return made, (clock() - begin) * 1000
