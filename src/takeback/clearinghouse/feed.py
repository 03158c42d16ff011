"""One participant's pages of the change feed. What is the same for all of them is read, opened and written once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback import metrics
from takeback.clearinghouse.shown import shown_to
from takeback.clearinghouse.stretches import Stretch, Stretches
from takeback.clock import Clock
from takeback.errors import InvalidInputError
from takeback.model.change import ChangePage
from takeback.model.list_digest import ListDigest
from takeback.model.participant import Participant, ParticipantState
from takeback.model.view import View
from takeback.storage import list_state, participants
from takeback.storage.database import Database
from takeback.wire import changes as wire

#: How fine the time of a participant's last visit is kept.
_SEEN_EVERY = timedelta(minutes=1)


async def page_for(
    database: Database, clock: Clock, participant: Participant, *, list_id: str, after: int, limit: int
) -> ChangePage:
    """Gives the same as `page_bytes_for`, as values."""
    return wire.page(
        await page_bytes_for(database, clock, participant, Stretches(0), list_id=list_id, after=after, limit=limit)
    )


async def page_bytes_for(
    database: Database,
    clock: Clock,
    participant: Participant,
    stretches: Stretches,
    *,
    list_id: str,
    after: int,
    limit: int,
    salt_of: Callable[[int], bytes] | None = None,
    acknowledges: bool = True,
) -> bytes:
    """Gives what has changed since a cursor, and keeps that the participant has everything up to it, if it says so.

    A participant that begins again at 0 has lost its copy, so what it has acknowledged goes back with it: the receipt
    then shows one service fewer until it has fetched again, which is the truth. `salt_of` gives what a state of the
    list is found by in the public log.
    """
    shown = shown_to(participant)
    sandbox = participant.state is ParticipantState.SANDBOX
    empty = ChangePage(list_id, participant.id, after, after, clock.now(), (), None, sandbox=sandbox)

    def up_to(found: Stretch, head: int, digest: ListDigest | None) -> tuple[ChangePage, Stretch]:
        if found.until < head:
            return replace(empty, next=found.until), found
        salt = salt_of(head) if salt_of and shown.is_whole else None
        return replace(empty, next=head, head=digest, salt=salt), found

    async def from_memory() -> tuple[ChangePage, Stretch] | None:
        if not shown.may_be_kept(stretches, after, limit):
            return None
        state = await database.ask("head-of-list", list_state.read)
        found = shown.kept(stretches, after, limit, state)
        return None if found is None else up_to(found, state.head, state.digest)

    async def work(connection: AsyncConnection) -> tuple[ChangePage, Stretch]:
        state = await list_state.read(connection)
        head = shown.head(state, after)
        if after > head:
            raise InvalidInputError(
                field="after", problem="is a cursor that this list never gave out.", remedy="Begin again with 0."
            )
        found = await shown.stretch(connection, stretches, after, limit, head)
        return up_to(found, head, None if found.until < head else await shown.digest(connection, state, head))

    kept = await from_memory()
    page, found = kept if kept is not None else await database.glance("page-of-changes", work)
    metrics.PAGES.inc()
    if acknowledges:
        await _came_back(database, participant, after, empty.issued)
    return wire.written_page(page, found.named(View(participant.view_key)))


async def _came_back(database: Database, participant: Participant, after: int, now: datetime) -> None:
    """Keeps the cursor; one that is known already is not written again within a minute."""
    known, last = participant.acknowledged == after, participant.last_sync_at
    if known and last is not None and now - last < _SEEN_EVERY:
        return
    await database.run(
        "came-back", lambda connection: participants.came_back(connection, participant.id, cursor=after, at=now)
    )
