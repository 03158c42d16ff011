"""How every participant is doing, for operators; and, for everybody, who is slow to take back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clearinghouse.decoys import named_by_decoys
from takeback.clock import Clock, today
from takeback.model.application import Agreement
from takeback.model.health import FEEDBACK_DAYS, Health, due_head, has_up_to, health_of
from takeback.model.participant import Participant, ParticipantState
from takeback.settings import Settings
from takeback.storage import day_heads, feed, feedback, list_state, participants
from takeback.storage.database import Database

#: Days of which the list's head is kept; whoever is further behind is at least so far.
HEADS_KEPT_DAYS = 400


@dataclass(frozen=True, slots=True)
class Standing:
    """A participant, what it agreed to where that is known, and how it is doing."""

    participant: Participant
    agreement: Agreement | None
    health: Health

    def is_on_another(self, version: str) -> bool:
        """Says whether it takes part under another version of the agreement than the one that is asked about."""
        agreed, left = self.agreement, self.participant.state is ParticipantState.LEFT
        return agreed is not None and not left and agreed.version != version


async def standings(database: Database, clock: Clock, settings: Settings) -> list[Standing]:
    """Gives how each participant is doing, by name."""
    day = today(clock)

    async def work(connection: AsyncConnection) -> list[Standing]:
        head = (await list_state.read(connection)).head
        heads = await day_heads.since(connection, day - timedelta(days=HEADS_KEPT_DAYS))
        due = due_head(heads, clock.now(), settings.slow_after_h)
        verdicts = await feedback.count_by_participant(connection, day - timedelta(days=FEEDBACK_DAYS))
        agreed = await participants.agreements(connection)
        return [
            Standing(
                one,
                agreed.get(one.id),
                health_of(
                    one,
                    head=head,
                    heads=heads,
                    owed=await _owed(connection, one, heads, due),
                    verdicts=verdicts.get(one.id, 0),
                ),
            )
            for one in await participants.all_(connection)
        ]

    return await database.run("standings", work)


async def slow_names(database: Database, clock: Clock, settings: Settings) -> set[str]:
    """Gives the names of those that have not taken back in time what left the list, or still find a decoy that did."""

    async def work(connection: AsyncConnection) -> set[str]:
        heads = await day_heads.since(connection, today(clock) - timedelta(days=HEADS_KEPT_DAYS))
        due = due_head(heads, clock.now(), settings.slow_after_h)
        caught = await named_by_decoys(connection, today(clock))
        return {
            one.name
            for one in await participants.all_(connection)
            if one.id in caught or await _owed(connection, one, heads, due)
        }

    return await database.run("slow-names", work)


async def note_day(database: Database, clock: Clock) -> None:
    """Keeps how far the list has come when the day begins; called often, it does something once a day."""
    day = today(clock)

    async def work(connection: AsyncConnection) -> None:
        if await day_heads.note(connection, day, (await list_state.read(connection)).head):
            await day_heads.forget_before(connection, day - timedelta(days=HEADS_KEPT_DAYS))

    await database.run("note-day", work)


async def _owed(connection: AsyncConnection, one: Participant, heads: dict[date, int], due: int) -> int:
    has = has_up_to(one, heads)
    if one.state is not ParticipantState.ACTIVE or has is None or has >= due:
        return 0
    return await feed.count_gone(connection, has, due)
