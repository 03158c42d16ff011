"""Counts for the operator: of entries, fingerprints, verdicts and participants, never of persons."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.entry import EntryState
from takeback.model.feedback import Verdict
from takeback.model.public_log import rounded
from takeback.model.tier import Tier
from takeback.storage import entries, entry_prints, feedback, list_state, participants
from takeback.storage.database import Database


@dataclass(frozen=True, slots=True)
class PublicNumbers:
    """What everybody may know, each a multiple of SMALLEST_GROUP; 0 means fewer than that. Services are not people."""

    listed: int
    confirmed: int
    suspended: int
    withdrawn: int
    wrong: int
    services: int


@dataclass(frozen=True, slots=True)
class ListStatistics:
    """How the list stands."""

    head: int
    entries_by_state: dict[str, int]
    listed_by_tier: dict[str, int]
    fingerprints_by_type: dict[str, int]
    feedback_by_verdict: dict[str, int]
    active_participants: int


async def list_statistics(database: Database) -> ListStatistics:
    """Gives the counts, all of one moment."""

    async def work(connection: AsyncConnection) -> ListStatistics:
        counts = await entries.count_by_state_and_tier(connection)
        by_state = {state.value: sum(n for (s, _), n in counts.items() if s is state) for state in EntryState}
        by_tier = {tier.value: n for (state, tier), n in counts.items() if state is EntryState.LISTED}
        return ListStatistics(
            head=(await list_state.read(connection)).head,
            entries_by_state=by_state,
            listed_by_tier=by_tier,
            fingerprints_by_type=await entry_prints.count_fingerprints(connection),
            feedback_by_verdict=await feedback.count_by_verdict(connection),
            active_participants=await participants.count_active(connection),
        )

    return await database.read("list-statistics", work)


def public_numbers(statistics: ListStatistics) -> PublicNumbers:
    """Gives what everybody may know of the counts."""
    by_state = {state: rounded(statistics.entries_by_state.get(state.value, 0)) for state in EntryState}
    unconfirmed = statistics.listed_by_tier.get(Tier.SUBMITTED.value, 0)
    return PublicNumbers(
        listed=by_state[EntryState.LISTED],
        confirmed=rounded(sum(statistics.listed_by_tier.values()) - unconfirmed),
        suspended=by_state[EntryState.SUSPENDED],
        withdrawn=by_state[EntryState.WITHDRAWN],
        wrong=rounded(statistics.feedback_by_verdict.get(Verdict.WRONG.value, 0)),
        services=statistics.active_participants,
    )
