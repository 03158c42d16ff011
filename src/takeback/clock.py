"""Time as a parameter, so that a test can live through a year in a millisecond."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """Gives the present moment, aware and in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Gives the present moment, aware and in UTC."""
        return datetime.now(UTC)


class ManualClock:
    """A clock that moves only when told: for tests and simulations."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """Gives the moment that the clock was last set to."""
        return self._now

    def advance(self, by: timedelta) -> None:
        """Moves the clock forward."""
        self._now += by


def today(clock: Clock) -> date:
    """Gives the present day in UTC: the finest grain that other people ever see."""
    return clock.now().date()
