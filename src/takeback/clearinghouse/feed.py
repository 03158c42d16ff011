"""One participant's pages of the change feed."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback import metrics
from takeback.clock import Clock
from takeback.errors import InvalidInputError
from takeback.fingerprints.types import Fingerprint
from takeback.model.change import Change, ChangePage, Tombstone, Upsert
from takeback.model.entry import EntryState, ListedEntry
from takeback.model.participant import Participant
from takeback.model.tier import STRONGEST_ACTION
from takeback.model.view import View
from takeback.storage import entries, list_state, participants
from takeback.storage.database import Database
from takeback.storage.entries import StoredEntry

#: Fingerprints on one page, unless one entry alone has more: some ten megabytes.
MAX_PAGE_FINGERPRINTS = 100_000


async def page_for(
    database: Database,
    clock: Clock,
    participant: Participant,
    *,
    list_id: str,
    after: int,
    limit: int,
    acknowledges: bool = True,
) -> ChangePage:
    """Gives what has changed since a cursor, and keeps that the participant has everything up to it, if it says so.

    A participant that begins again at 0 has lost its copy, so what it has acknowledged goes back with it: the receipt
    then shows one service fewer until it has fetched again, which is the truth.
    """

    async def work(connection: AsyncConnection) -> ChangePage:
        state = await list_state.read(connection)
        if after > state.head:
            raise InvalidInputError(
                field="after", problem="is a cursor that this list never gave out.", remedy="Begin again with 0."
            )
        if acknowledges:
            await participants.came_back(connection, participant.id, cursor=after, at=clock.now())
        rows = await entries.changed_after(connection, after, limit)
        fitting = await _fitting(connection, rows)
        complete = len(rows) < limit and len(fitting) == len(rows)
        rows = fitting
        prints = await entries.fingerprints_of(connection, [row.id for row in rows if row.state is EntryState.LISTED])
        view = View(participant.view_key)
        return ChangePage(
            list_id=list_id,
            participant=participant.id,
            after=after,
            next=state.head if complete else rows[-1].sequence or after,
            issued=clock.now(),
            changes=tuple(_change(row, view, prints.get(row.id, ())) for row in rows),
            head=state.digest if complete else None,
        )

    page = await database.run("page-of-changes", work)
    metrics.PAGES.inc()
    return page


async def _fitting(connection: AsyncConnection, rows: list[StoredEntry]) -> list[StoredEntry]:
    """Gives as many of the first rows as a page has room for: films have hundreds of fingerprints."""
    counts = await entries.count_fingerprints_of(connection, [row.id for row in rows if row.state is EntryState.LISTED])
    room = MAX_PAGE_FINGERPRINTS
    for at, row in enumerate(rows):
        room -= counts.get(row.id, 0)
        if room < 0 and at:
            return rows[:at]
    return rows


def _change(row: StoredEntry, view: View, prints: tuple[Fingerprint, ...]) -> Change:
    name, sequence = view.name_of(row.id), row.sequence or 0
    if row.state is not EntryState.LISTED or row.listed_on is None:
        return Tombstone(name, sequence)
    action = STRONGEST_ACTION[row.tier]
    return Upsert(ListedEntry(name, sequence, row.kind, row.age, row.tier, action, row.listed_on, prints))
