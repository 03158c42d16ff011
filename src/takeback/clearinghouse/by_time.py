"""The feed for clients that ask by time, as NCMEC's hash sharing does; the feed itself counts and knows no time.

A client asks for [from, to) and comes back with `from` where `to` was. What it was given up to each `to` is kept as a
mark of its own: between two marks lie exactly the changes of one range, so that none is lost or comes late, whatever
clocks say, and no time is shared by two participants.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback import metrics
from takeback.clearinghouse.shown import shown_to
from takeback.clock import Clock
from takeback.errors import InvalidInputError
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.entry import EntryId, EntryState, Kind
from takeback.model.participant import Participant
from takeback.model.view import View
from takeback.storage import list_state, marks, participants
from takeback.storage.database import Database
from takeback.storage.entries import StoredEntry

#: How far ahead of ours a client's clock may be, in seconds. One that takes local time for UTC would skip hours.
MAX_AHEAD_S = 60
#: What clients that ask by time can read: films have hundreds of others.
_TYPES = (FingerprintType.MD5, FingerprintType.PDQ)


@dataclass(frozen=True, slots=True)
class Range:
    """A stretch of the feed, (after, until], that a client asked for up to `to`, in seconds since 1970."""

    after: int
    until: int
    to: int


@dataclass(frozen=True, slots=True)
class TimedChange:
    """What one entry has become: its fingerprints, or none where it is off the list. `name` is this participant's."""

    name: str
    kind: Kind
    fingerprints: tuple[Fingerprint, ...] | None


@dataclass(frozen=True, slots=True)
class TimedPage:
    """Changes, and what is left of the range, if anything is."""

    changes: tuple[TimedChange, ...]
    rest: Range | None


async def range_of(database: Database, clock: Clock, participant: Participant, from_: int, to: int) -> Range:
    """Gives the changes that lie in [from_, to), in seconds since 1970, and keeps that they are being given."""
    now = clock.now()
    if to > now.timestamp() + MAX_AHEAD_S:
        raise InvalidInputError(
            field="to", problem="lies in the future.", remedy="Set the client's clock and its time zone to UTC."
        )
    if from_ > to:
        raise InvalidInputError(field="from", problem="lies behind `to`.", remedy="Ask for a range that has begun.")

    shown = shown_to(participant)

    async def work(connection: AsyncConnection) -> Range:
        state = await list_state.hold(connection)
        after = await marks.head_at(connection, participant.id, from_)
        last_at, last_head = await marks.latest(connection, participant.id)
        head = shown.head(state, last_head)
        if to <= last_at:
            until = await marks.head_at(connection, participant.id, to)
        else:
            until = head
            if head > last_head:
                await marks.add(connection, participant.id, at=to, head=head)
        await participants.came_back(connection, participant.id, cursor=after, at=now)
        return Range(after, until, to)

    return await database.run("range-by-time", work)


async def page_of(database: Database, participant: Participant, asked: Range, *, limit: int) -> TimedPage:
    """Gives at most `limit` changes of a range. What changes meanwhile is in the next range."""
    shown = shown_to(participant)

    async def work(connection: AsyncConnection) -> TimedPage:
        rows = await shown.changed_after(connection, asked.after, limit, until=asked.until)
        listed = [row.id for row in rows if row.state is EntryState.LISTED]
        prints = await shown.fingerprints_of(connection, listed, _TYPES)
        view = View(participant.view_key)
        changes = tuple(
            TimedChange(view.name_of(row.id), row.kind, _prints(row, prints))
            for row in rows
            if _prints(row, prints) != ()  # where an agreement leaves nothing of it, there is nothing to give
        )
        last = rows[-1].sequence if len(rows) == limit else None
        return TimedPage(changes, None if last is None else Range(last, asked.until, asked.to))

    page = await database.read("page-by-time", work)
    metrics.PAGES.inc()
    return page


def _prints(row: StoredEntry, found: dict[EntryId, tuple[Fingerprint, ...]]) -> tuple[Fingerprint, ...] | None:
    return found.get(row.id, ()) if row.state is EntryState.LISTED else None
