"""The clock of a valid notice: it runs in UTC from the platform's own receipt, warns, and runs out.

47 U.S.C. 223a(a)(3) gives 48 hours from a valid request. What is set is the platform's own: it may be stricter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

#: The kind of alarm at which the time is over; the others are `warn-<hours>`.
EXPIRY = "expiry"
_WARNING = "warn-"


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that the clock does once: a warning, or the end of the time. `at` is in UTC."""

    kind: str
    at: datetime

    @property
    def hours(self) -> int | None:
        """Hours after receipt of a warning; None for the end."""
        return hours_of(self.kind)


class Urgency(StrEnum):
    """How a clock is shown."""

    CALM = "calm"
    WARNED = "warned"
    OVER = "over"


def alarms(valid_at: datetime, warn_hours: Iterable[int], due_hours: int) -> tuple[Alarm, ...]:
    """Gives what the clock of a notice that became valid then does, in order. Warnings after the end are left out."""
    hours = sorted({one for one in warn_hours if 0 < one < due_hours})
    warnings = [Alarm(f"{_WARNING}{one}", valid_at + timedelta(hours=one)) for one in hours]
    return (*warnings, Alarm(EXPIRY, due_at(valid_at, due_hours)))


def due_at(valid_at: datetime, due_hours: int) -> datetime:
    """Gives the moment at which the time is over."""
    return valid_at + timedelta(hours=due_hours)


def hours_of(kind: str) -> int | None:
    """Gives the hours of a warning's kind; None where it is no warning."""
    return int(kind.removeprefix(_WARNING)) if kind.startswith(_WARNING) else None


def urgency(now: datetime, valid_at: datetime, due: datetime, warn_hours: Iterable[int]) -> Urgency:
    """Says how much of the time is gone: nothing to see before the first warning, and over from `due` on."""
    if now >= due:
        return Urgency.OVER
    first = min(warn_hours, default=None)
    return Urgency.WARNED if first is not None and now >= valid_at + timedelta(hours=first) else Urgency.CALM
