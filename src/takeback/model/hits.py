"""How often a participant found an entry on a day: what the brake is pulled by. No content, and coarse."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date

#: Steps in which hits are counted, so that a count tells little of one upload.
HIT_STEPS = (1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
#: So many days back a count is still taken, today among them: later it would brake nothing.
HIT_DAYS = 2


@dataclass(frozen=True, slots=True)
class Hits:
    """The hits of one entry on one day in UTC, so far. `entry` is the participant's own id for it (32 hex digits)."""

    entry: str
    day: date
    count: int


def coarse_hits(count: int) -> int:
    """Gives the largest step that a count of at least 1 has reached."""
    return HIT_STEPS[bisect_right(HIT_STEPS, count) - 1]
