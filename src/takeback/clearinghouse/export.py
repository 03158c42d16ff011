"""The list as a file for one participant. Only an administrator makes one, and the audit says so.

A file cannot be taken back, so this is for those who can use nothing else.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clearinghouse.publishing import BATCH
from takeback.clearinghouse.shown import Shown, shown_to
from takeback.clock import Clock
from takeback.errors import NotFoundError, SuspendedError
from takeback.fingerprints.types import Fingerprint
from takeback.model.change import START
from takeback.model.channel import Channel
from takeback.model.entry import EntryState, Kind
from takeback.model.operator import Role
from takeback.model.participant import ParticipantState
from takeback.staff.operators import must_be, named
from takeback.storage import audit, feed, list_state, participants
from takeback.storage.database import Database


@dataclass(frozen=True, slots=True)
class Exported:
    """One listed entry, without any id. No test data is among them."""

    kind: Kind
    listed_on: date
    fingerprints: tuple[Fingerprint, ...]


async def export(
    database: Database, clock: Clock, *, participant: str, by: str, file_format: str
) -> AsyncIterator[Exported]:
    """Gives what is listed now. `by` is the operator's id. Raises NotAuthorisedError or SuspendedError."""

    async def begin(connection: AsyncConnection) -> tuple[int, Shown]:
        must_be(await named(connection, by), Role.ADMINISTRATOR)
        found = await participants.find(connection, participant)
        if found is None:
            raise NotFoundError("There is no participant of that id. See `takeback participant list`.")
        if found.state is not ParticipantState.ACTIVE:
            raise SuspendedError("This participant is suspended: it gets no list.")
        await audit.record(connection, f"{by}:{participant}:export-{file_format}", clock.now())
        return (await list_state.read(connection)).head, shown_to(found)

    (head, shown), after = await database.run("begin-export", begin), START
    while True:

        async def work(connection: AsyncConnection, after: int = after) -> tuple[int | None, list[Exported]]:
            rows = await feed.changed_after(connection, after, BATCH, until=head)
            listed = [row for row in rows if row.state is EntryState.LISTED and row.channel is not Channel.TEST]
            prints = await shown.fingerprints_of(connection, [row.id for row in listed])
            last = rows[-1].sequence if len(rows) == BATCH else None
            return last, [Exported(row.kind, row.listed_on or date.min, prints.get(row.id, ())) for row in listed]

        last, found = await database.read("export", work)
        for one in found:
            yield one
        if last is None:
            return
        after = last
