"""Today's picture for the operators: what came in, how the list stands, who keeps up, and what waits."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clearinghouse.freshness import HEADS_KEPT_DAYS
from takeback.clearinghouse.statistics import ListStatistics, list_statistics
from takeback.clock import Clock, today
from takeback.model.application import ApplicationState
from takeback.model.entry import EntryState
from takeback.model.feedback import Verdict
from takeback.model.participant import ParticipantState
from takeback.model.tier import Tier
from takeback.settings import Settings
from takeback.staff.two_person import open_proposals
from takeback.storage import applications, day_counts, day_heads, entries, feedback, participants, withdrawals
from takeback.storage.database import Database

DAYS = 30
#: Up to so long ago, and what that is called; then longer, and never.
_AGES = (
    (timedelta(hours=1), "within the hour"),
    (timedelta(days=1), "within a day"),
    (timedelta(days=7), "within a week"),
)
LONGER, NEVER = "longer ago", "never"
#: The same in whole days, of what is kept with its day alone.
_DAYS = ((0, "since today"), (7, "up to a week"), (30, "up to a month"))
LONGER_THAN_THAT = "longer than a month"


@dataclass(frozen=True, slots=True)
class Picture:
    """Counts only. Lists by day run from the oldest to today, days without anything among them.

    Proposals know their moment. What else waits is counted by whole days: suspended entries, applications that nobody
    has decided on, and entries of bursts that are held.
    """

    statistics: ListStatistics
    published: list[tuple[date, int]]
    confirmed: list[tuple[date, int]]
    wrong: list[tuple[date, int]]
    suspended_by_tier: dict[str, int]
    last_fetch: dict[str, int]
    proposal_ages: dict[str, int]
    suspended_ages: dict[str, int]
    application_ages: dict[str, int]
    held_ages: dict[str, int]
    withdrawals: dict[date, int]

    @property
    def waiting(self) -> int:
        """How many entries wait for the next publication."""
        return self.statistics.entries_by_state[EntryState.WAITING.value]


async def picture(database: Database, clock: Clock, settings: Settings) -> Picture:
    """Gives the picture."""
    now, day = clock.now(), today(clock)
    first = day - timedelta(days=DAYS - 1)
    days = [first + timedelta(days=n) for n in range(DAYS)]
    statistics = await list_statistics(database)
    waiting = by_age([one.proposed_at for one in await open_proposals(database, clock)], now)
    del waiting[NEVER]

    async def work(connection: AsyncConnection) -> Picture:
        published = await day_counts.since(connection, first, day_counts.PUBLISHED)
        verdicts = await feedback.count_by_day(connection, first)
        counts = await entries.count_by_state_and_tier(connection)
        open_ = [one for one in await applications.all_(connection) if one.state is ApplicationState.OPEN]
        held = await entries.count_held(connection, day)
        active = [one for one in await participants.all_(connection) if one.state is ParticipantState.ACTIVE]
        return Picture(
            statistics=statistics,
            published=[(day, published.get(day, 0)) for day in days],
            confirmed=[(day, verdicts.get((day, Verdict.CONFIRMED), 0)) for day in days],
            wrong=[(day, verdicts.get((day, Verdict.WRONG), 0)) for day in days],
            suspended_by_tier={tier.value: counts.get((EntryState.SUSPENDED, tier), 0) for tier in Tier},
            last_fetch=by_age([one.last_sync_at for one in active], now),
            proposal_ages=waiting,
            suspended_ages=by_days(await _days_suspended(connection, day)),
            application_ages=by_days(Counter((day - one.agreement.agreed_on).days for one in open_)),
            # Held since so many days before the one on which it goes out by itself.
            held_ages=by_days({(day - until).days + settings.burst_hold_days: n for until, n in held.items()}),
            withdrawals=await withdrawals.count_by_withdrawal_day(connection),
        )

    return await database.run("picture", work)


async def _days_suspended(connection: AsyncConnection, day: date) -> Counter[int]:
    """Gives for how many days entries have been suspended, by the day on which the feed came to that place."""
    heads = await day_heads.since(connection, day - timedelta(days=HEADS_KEPT_DAYS))
    days = sorted(heads)
    reached = [heads[one] for one in days]
    begun = [bisect_left(reached, place) for place in await entries.suspended_at(connection)]
    return Counter((day - days[at - 1]).days if at else HEADS_KEPT_DAYS for at in begun)


def by_days(counts: Mapping[int, int]) -> dict[str, int]:
    """Gives how many have waited how long, from how many have waited so many days."""
    found = {name: 0 for _, name in _DAYS} | {LONGER_THAN_THAT: 0}
    for days, count in counts.items():
        found[next((name for most, name in _DAYS if days <= most), LONGER_THAN_THAT)] += count
    return found


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
