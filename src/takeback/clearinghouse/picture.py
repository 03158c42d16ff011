"""Today's picture for the operators: what came in, how the list stands, who keeps up, and what waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clearinghouse.statistics import ListStatistics, list_statistics
from takeback.clock import Clock, today
from takeback.model.entry import EntryState
from takeback.model.feedback import Verdict
from takeback.model.participant import ParticipantState
from takeback.model.tier import Tier
from takeback.staff.two_person import open_proposals
from takeback.storage import day_counts, entries, feedback, participants, withdrawals
from takeback.storage.database import Database

DAYS = 30
#: Up to so long ago, and what that is called; then longer, and never.
_AGES = (
    (timedelta(hours=1), "within the hour"),
    (timedelta(days=1), "within a day"),
    (timedelta(days=7), "within a week"),
)
LONGER, NEVER = "longer ago", "never"


@dataclass(frozen=True, slots=True)
class Picture:
    """Counts only. Lists by day run from the oldest to today, days without anything among them."""

    statistics: ListStatistics
    published: list[tuple[date, int]]
    confirmed: list[tuple[date, int]]
    wrong: list[tuple[date, int]]
    suspended_by_tier: dict[str, int]
    last_fetch: dict[str, int]
    proposal_ages: dict[str, int]
    withdrawals: dict[date, int]

    @property
    def waiting(self) -> int:
        """How many entries wait for the next publication."""
        return self.statistics.entries_by_state[EntryState.WAITING.value]


async def picture(database: Database, clock: Clock) -> Picture:
    """Gives the picture."""
    now, first = clock.now(), today(clock) - timedelta(days=DAYS - 1)
    days = [first + timedelta(days=n) for n in range(DAYS)]
    statistics = await list_statistics(database)
    waiting = by_age([one.proposed_at for one in await open_proposals(database, clock)], now)
    del waiting[NEVER]

    async def work(connection: AsyncConnection) -> Picture:
        published = await day_counts.since(connection, first, day_counts.PUBLISHED)
        verdicts = await feedback.count_by_day(connection, first)
        counts = await entries.count_by_state_and_tier(connection)
        active = [one for one in await participants.all_(connection) if one.state is ParticipantState.ACTIVE]
        return Picture(
            statistics=statistics,
            published=[(day, published.get(day, 0)) for day in days],
            confirmed=[(day, verdicts.get((day, Verdict.CONFIRMED), 0)) for day in days],
            wrong=[(day, verdicts.get((day, Verdict.WRONG), 0)) for day in days],
            suspended_by_tier={tier.value: counts.get((EntryState.SUSPENDED, tier), 0) for tier in Tier},
            last_fetch=by_age([one.last_sync_at for one in active], now),
            proposal_ages=waiting,
            withdrawals=await withdrawals.count_by_withdrawal_day(connection),
        )

    return await database.run("picture", work)


def by_age(moments: list[datetime | None] | list[datetime], now: datetime) -> dict[str, int]:
    """Gives how many moments lie how far back."""
    found = {name: 0 for _, name in _AGES} | {LONGER: 0, NEVER: 0}
    for moment in moments:
        found[age(moment, now)] += 1
    return found


def age(moment: datetime | None, now: datetime) -> str:
    """Gives what a distance in time is called."""
    if moment is None:
        return NEVER
    return next((name for length, name in _AGES if now - moment <= length), LONGER)
