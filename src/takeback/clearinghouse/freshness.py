"""How every participant is doing, for operators; and, for everybody, who takes part and who is slow to take back."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clearinghouse.decoys import named_by_decoys
from takeback.clock import Clock, today
from takeback.model.application import Agreement
from takeback.model.health import FEEDBACK_DAYS, Health, due_head, has_up_to, health_of
from takeback.model.participant import Participant, ParticipantState
from takeback.settings import Settings
from takeback.storage import day_heads, feed, feedback, header_keys, list_state, participants
from takeback.storage.database import Database

#: Days of which the list's head is kept; whoever is further behind is at least so far.
HEADS_KEPT_DAYS = 400
#: How long what everybody may know is told again without being looked up.
TOLD_AGAIN = timedelta(minutes=1)


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


@dataclass(frozen=True, slots=True)
class PublicStanding:
    """What everybody may know of one that takes part: whether it is slow to take back, or cannot show that it does."""

    name: str
    slow: bool
    unproven: bool


class ServicesOfTheMinute:
    """Keeps what was last found, so that asking costs nothing, however often and by how many it is done."""

    def __init__(self) -> None:
        self._last: tuple[PublicStanding, ...] = ()
        self._at: datetime | None = None
        self._looking = asyncio.Lock()

    async def get(self, database: Database, clock: Clock, settings: Settings) -> tuple[PublicStanding, ...]:
        """Gives who takes part, by name."""
        async with self._looking:
            now = clock.now()
            if self._at is None or not self._at <= now < self._at + TOLD_AGAIN:
                self._last, self._at = await public_standings(database, clock, settings), now
            return self._last


async def standings(database: Database, clock: Clock, settings: Settings) -> list[Standing]:
    """Gives how each participant is doing, by name."""
    day = today(clock)

    async def work(connection: AsyncConnection) -> list[Standing]:
        head = (await list_state.read(connection)).head
        heads = await day_heads.since(connection, day - timedelta(days=HEADS_KEPT_DAYS))
        due = due_head(heads, clock.now(), settings.slow_after_h)
        verdicts = await feedback.count_by_participant(connection, day - timedelta(days=FEEDBACK_DAYS))
        agreed, unproven = await participants.agreements(connection), await header_keys.holders(connection)
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
                    unproven=one.id in unproven,
                ),
            )
            for one in await participants.all_(connection)
        ]

    return await database.run("standings", work)


async def public_standings(database: Database, clock: Clock, settings: Settings) -> tuple[PublicStanding, ...]:
    """Gives who takes part, by name. Slow is who has not taken back in time, or still finds a decoy that left the list.

    It reads every decoy and counts for everybody who is behind: ask `ServicesOfTheMinute`.
    """

    async def work(connection: AsyncConnection) -> tuple[PublicStanding, ...]:
        heads = await day_heads.since(connection, today(clock) - timedelta(days=HEADS_KEPT_DAYS))
        due = due_head(heads, clock.now(), settings.slow_after_h)
        caught, unproven = await named_by_decoys(connection, today(clock)), await header_keys.holders(connection)
        return tuple(
            [
                PublicStanding(
                    one.name, one.id in caught or await _owed(connection, one, heads, due) > 0, one.id in unproven
                )
                for one in await participants.all_(connection)
                if one.state is ParticipantState.ACTIVE
            ]
        )

    return await database.read("public-standings", work)


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
