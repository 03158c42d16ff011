"""How the desk does: hits, decisions, how often each list is right, how long people take, how long others wait."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clock import Clock
from takeback.model.hold import Decision, Source
from takeback.storage.database import Database
from takeback.storage.moments import utc
from takeback.storage.platform import figures

#: Days that are drawn.
DAYS = 30
#: Name and end in hours of each span; the last has no end.
SPANS = (("under 1 hour", 1), ("1 to 4 hours", 4), ("4 to 24 hours", 24), ("1 to 2 days", 48), ("over 2 days", None))


@dataclass(frozen=True, slots=True)
class DeskFigures:
    """Counts by day, oldest first; spans in the order of `SPANS`; precision: list → (confirmed, decided) pictures."""

    held: dict[str, list[tuple[date, int]]]
    decided: dict[str, list[tuple[date, int]]]
    precision: dict[str, tuple[int, int]]
    took: dict[str, int]
    waits: dict[str, int]

    @property
    def hits(self) -> int:
        """Contents that were held in those days."""
        return sum(number for days in self.held.values() for _, number in days)

    @property
    def decisions(self) -> int:
        """Decisions that confirmed or refused something in those days."""
        return sum(number for days in self.decided.values() for _, number in days)


async def desk_figures(database: Database, clock: Clock) -> DeskFigures:
    """Gives what the desk draws: of the last 30 days, and of all time for the precision of lists."""
    now = clock.now()
    days = [(now - timedelta(days=back)).date() for back in range(DAYS - 1, -1, -1)]
    since = datetime.combine(days[0], datetime.min.time(), now.tzinfo)

    async def work(connection: AsyncConnection) -> DeskFigures:
        held = Counter((row.source, utc(row.opened_at).date()) for row in await figures.held_since(connection, since))
        rows = await figures.decided_since(connection, since)
        decided = Counter((row.decision, utc(row.at).date()) for row in rows)
        ends = [row for row in rows if row.decision in (Decision.CONFIRMED, Decision.WRONG)]
        waiting = [utc(one) for one in await figures.opened_and_waiting(connection)]
        return DeskFigures(
            {one.value: [(day, held[one.value, day]) for day in days] for one in Source},
            {
                one.value: [(day, decided[one.value, day]) for day in days]
                for one in (Decision.CONFIRMED, Decision.WRONG)
            },
            {list_: (right, all_) for list_, right, all_ in await figures.outcomes_by_list(connection)},
            _spans(utc(row.at) - utc(row.opened_at) for row in ends),
            _spans(now - one for one in waiting),
        )

    return await database.read("desk-figures", work)


def _spans(lengths: Iterable[timedelta]) -> dict[str, int]:
    counts = dict.fromkeys((name for name, _ in SPANS), 0)
    for length in lengths:
        hours = length.total_seconds() / 3600
        counts[next(name for name, end in SPANS if end is None or hours < end)] += 1
    return counts
