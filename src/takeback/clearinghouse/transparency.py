"""What everybody may know of how well the list works, by month: how often it was wrong, and how long removal took.

It is made of days and counts alone. Every count is rounded down to tens, what is smaller is put together, and the
figures move once a day, so that nobody can find one person in them. A share or a middle would tell what the counts hide
(of ten judged, 7 % is one of fourteen): each is of at least SMALLEST_GROUP on either side, and told in coarse steps.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from statistics import median

from takeback.clearinghouse.statistics import ListStatistics, PublicNumbers, list_statistics, public_numbers
from takeback.clock import Clock, today
from takeback.model.public_log import SMALLEST_GROUP, merged, rounded
from takeback.storage.database import Database
from takeback.storage.outcomes import Outcome, outcomes

#: Shares are rounded up to a multiple of this, in percent.
PERCENT_STEP = 5
#: Days are rounded up to one of these.
DAY_STEPS = (1, 2, 3, 7, 14, 30, 60, 90, 180, 365)


@dataclass(frozen=True, slots=True)
class Period:
    """A month, or several that were too small alone, by when entries were first judged: `first` and `last` as 2026-03.

    `wrong_percent` is the share of the judged entries that more services called wrong than right, rounded up to
    PERCENT_STEP; None where fewer than SMALLEST_GROUP are wrong, or fewer are not. `days_to_removal` is the median from
    listing to the first removal, rounded up to one of DAY_STEPS or to whole years; None where fewer than SMALLEST_GROUP
    were removed.
    """

    first: str
    last: str
    judged: int
    wrong_percent: int | None
    days_to_removal: int | None


@dataclass(frozen=True, slots=True)
class Transparency:
    """What everybody may know, as of a day (UTC)."""

    day: date
    numbers: PublicNumbers
    listed_by_tier: dict[str, int]
    periods: tuple[Period, ...]


class TransparencyOfTheDay:
    """Keeps what was last made, so that the figures move once a day and asking costs nothing."""

    def __init__(self) -> None:
        self._last: Transparency | None = None
        self._making = asyncio.Lock()

    async def get(self, database: Database, clock: Clock) -> Transparency:
        """Gives today's."""
        async with self._making:
            if self._last is None or self._last.day != today(clock):
                counts = await list_statistics(database)
                judged = await database.run("outcomes", outcomes)
                self._last = transparency(today(clock), counts, judged)
            return self._last


def transparency(day: date, counts: ListStatistics, judged: Iterable[Outcome]) -> Transparency:
    """Gives what everybody may know."""
    return Transparency(day, public_numbers(counts), merged(counts.listed_by_tier), periods(judged))


def periods(judged: Iterable[Outcome]) -> tuple[Period, ...]:
    """Gives outcomes by month; months are put together until at least SMALLEST_GROUP entries are in each period."""
    in_order = sorted(judged, key=lambda one: one.judged_on)
    found, begun = list[list[Outcome]](), list[Outcome]()
    for _, month in groupby(in_order, key=_month_of):
        begun += month
        if len(begun) >= SMALLEST_GROUP:
            found.append(begun)
            begun = []
    if begun and found:
        found[-1] += begun
    return tuple(_period(part) for part in found)


def _period(part: list[Outcome]) -> Period:
    wrong = sum(one.wrong > one.confirmed for one in part)
    days = [(one.removed_on - one.listed_on).days for one in part if one.removed_on is not None]
    return Period(
        _month_of(part[0]),
        _month_of(part[-1]),
        rounded(len(part)),
        _share(wrong, len(part)),
        _days(median(days)) if len(days) >= SMALLEST_GROUP else None,
    )


def _share(count: int, of: int) -> int | None:
    if min(count, of - count) < SMALLEST_GROUP:
        return None
    return math.ceil(100 * count / of / PERCENT_STEP) * PERCENT_STEP


def _days(middle: float) -> int:
    year = DAY_STEPS[-1]
    return next((step for step in DAY_STEPS if middle <= step), math.ceil(middle / year) * year)


def _month_of(one: Outcome) -> str:
    return f"{one.judged_on:%Y-%m}"
