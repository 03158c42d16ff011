"""Waiting for something to become true, with a deadline: never a sleep that hopes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(what: Callable[[], T], *, seconds: float = 20.0, because: str = "it did not become true") -> T:
    """Gives the first true value, or fails."""
    deadline = time.monotonic() + seconds
    while not (value := what()):
        assert time.monotonic() < deadline, because
        time.sleep(0.05)  # polling a condition, with a deadline
    return value
