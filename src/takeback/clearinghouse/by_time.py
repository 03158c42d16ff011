"""The feed for clients that ask by time, as NCMEC's hash sharing does; the feed itself counts and knows no time.

A client asks for [from, to) and comes back with `from` where `to` was. What it was given up to each `to` is kept as a
mark of its own: between two marks lie exactly the changes of one range, so that none is lost or comes late, whatever
clocks say, and no time is shared by two participants.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback import metrics
from takeback.clearinghouse.shown import shown_to
from takeback.clearinghouse.test_entries import is_test
from takeback.clock import Clock
from takeback.errors import InvalidInputError
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.change import MAX_SEQUENCE
from takeback.model.channel import Channel
from takeback.model.entry import ENTRY_ID_BYTES, Kind
from takeback.model.participant import Participant, ParticipantState
from takeback.model.view import View
from takeback.storage import entries, list_state, marks, participants
from takeback.storage.database import Database
from takeback.storage.feed_rows import FeedRow, count_between
from takeback.storage.sealing import prints_of

T = TypeVar("T")

#: How far ahead of ours a client's clock may be, in seconds. One that takes local time for UTC would skip hours.
MAX_AHEAD_S = 60
#: The end of the year 9999, in seconds since 1970: later times cannot be written down.
LAST_TIME = 253_402_300_799
#: How far a time that we give lies behind our clock, in seconds. Clients that name their own stay some behind theirs: a
#: participant may have both kinds, each mark counts for both, and so neither makes the other late.
BEHIND_S = 10
#: Changes between two marks of one range, so that whoever is interrupted does not begin the whole range again.
MARK_EVERY = 10_000
#: Changes on the first page of a range that has several: the common client drops it and looks for a smaller range, some
#: fifteen times, before it takes all.
FIRST_OF_MANY = 100
#: What clients that ask by time can read: films have hundreds of others.
_TYPES = (FingerprintType.MD5, FingerprintType.PDQ)
#: Rows that are opened at a time: those of films are large.
_ROWS = 500
_NAME_DIGITS = 2 * ENTRY_ID_BYTES
_KINDS, _CHANNELS = {one.value: one for one in Kind}, {one.value: one for one in Channel}


@dataclass(frozen=True, slots=True)
class Range:
    """A stretch of the feed, (after, until], that a client asked for up to `to`, in seconds since 1970.

    `had` is how far it may have come before, with this copy of the list or an earlier one.
    """

    after: int
    until: int
    to: int
    had: int = 0

    @property
    def token(self) -> str:
        """The range as one word that a client hands back."""
        return f"{self.after}.{self.until}.{self.to}.{self.had}"

    @classmethod
    def of(cls, token: str, *, field: str) -> Range:
        """Gives the range that a token stands for."""
        numbers = [int(part) for part in token.split(".") if part.isascii() and part.isdigit()]
        # The last may be left out.
        if not 3 <= len(numbers) <= 4 or max(numbers) > MAX_SEQUENCE or numbers[2] > LAST_TIME:  # noqa: PLR2004
            raise InvalidInputError(field=field, problem="is not one of ours.", remedy="Begin the range again.")
        return cls(*numbers)


@dataclass(frozen=True, slots=True)
class TimedChange:
    """What one entry has become: its fingerprints, or none where it is off the list. `name` is this participant's."""

    name: str
    kind: Kind
    fingerprints: tuple[Fingerprint, ...] | None
    channel: Channel = Channel.BROWSER


@dataclass(frozen=True, slots=True)
class TimedPage(Generic[T]):
    """What was made of changes, and what is left of the range, if anything is."""

    changes: tuple[T, ...]
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
        if to <= max(last_at, await marks.last_asked(connection, participant.id)):
            # Another client of its was answered up to here: what has come since lies behind that time, for both.
            until = await marks.head_at(connection, participant.id, to)
        else:
            until = head
            if head > last_head:
                await marks.add(connection, participant.id, at=to, head=head)
        await marks.asked(connection, participant.id, to)
        await participants.came_back(connection, participant.id, cursor=after, at=now)
        return Range(after, until, to)

    return await database.run("range-by-time", work)


async def range_since(database: Database, clock: Clock, participant: Participant, start: int) -> Range:
    """Gives everything that has changed since `start` (seconds since 1970), and keeps that it is being given.

    Its `to` is what to come back with. It never goes back, and lies behind every time that was asked for before, so
    that no new mark changes what an old time stands for. Where much has changed there are marks on the way: a client
    that is interrupted goes on from one of them.
    """
    now, shown = clock.now(), shown_to(participant)

    async def work(connection: AsyncConnection) -> Range:
        state = await list_state.hold(connection)
        last_at, last_head = await marks.latest(connection, participant.id)
        head = shown.head(state, last_head)
        last_asked = max(last_at, await marks.last_asked(connection, participant.id))
        if start > max(last_asked, int(now.timestamp()) + MAX_AHEAD_S):
            raise InvalidInputError(
                field="startTimestamp",
                problem="lies in the future.",
                remedy="Send the nextSetTimestamp that came last.",
            )
        after = await marks.head_at(connection, participant.id, start)
        to = max(int(now.timestamp()) - BEHIND_S, start, last_asked + (head > last_head))
        if head > last_head:
            steps = min(to - last_asked - 1, (head - last_head - 1) // MARK_EVERY)
            for step in range(1, steps + 1):
                on_the_way = last_head + (head - last_head) * step // (steps + 1)
                await marks.add(connection, participant.id, at=to - steps + step - 1, head=on_the_way)
            await marks.add(connection, participant.id, at=to, head=head)
        await marks.asked(connection, participant.id, to)
        await participants.came_back(connection, participant.id, cursor=after, at=now)
        return Range(after, head, to, had=last_head)

    return await database.run("range-since", work)


async def channel_of(database: Database, participant: Participant, name: str) -> Channel | None:
    """Gives the channel of the entry that this participant knows by that name, or None."""
    id_ = View(participant.view_key).entry_of(name, field="entry")
    if participant.state is ParticipantState.SANDBOX:
        return Channel.TEST if is_test(id_) else None
    found = await database.read("channel-of-entry", lambda connection: entries.by_ids(connection, [id_]))
    return found[id_].channel if id_ in found else None


async def page_of(
    database: Database,
    participant: Participant,
    asked: Range,
    made: Callable[[TimedChange], T],
    *,
    limit: int,
    first: bool = False,
) -> TimedPage[T]:
    """Gives at most `limit` changes of a range, and of each what is `made` of it: they are tens of thousands.

    What changes meanwhile is in the next range. Where there are more, the `first` page has few.
    """
    shown = shown_to(participant)
    types, view = shown.types & set(_TYPES), View(participant.view_key)

    async def work(connection: AsyncConnection) -> TimedPage[T]:
        changes: list[T] = []
        after, left = asked.after, limit
        if first and await count_between(connection, after, asked.until) > limit:
            left = min(limit, FIRST_OF_MANY)
        while left:
            wanted = min(_ROWS, left)
            rows = await shown.feed(connection, after, wanted, until=asked.until)
            changes += map(made, _changes(rows, view, types))
            if len(rows) < wanted:
                return TimedPage(tuple(changes), None)
            after, left = rows[-1].sequence, left - wanted
            await asyncio.sleep(0)  # others have their turn
        return TimedPage(tuple(changes), replace(asked, after=after))

    page = await database.glance("page-by-time", work)
    metrics.PAGES.inc()
    return page


def _changes(rows: Sequence[FeedRow], view: View, types: frozenset[FingerprintType]) -> Iterator[TimedChange]:
    digits = view.names_of(b"".join(row.id for row in rows)).decode()
    for at, row in enumerate(rows):
        prints = None if row.prints is None else prints_of(row.prints, types)
        if prints != ():  # where an agreement leaves nothing of it, there is nothing to give
            name = digits[_NAME_DIGITS * at : _NAME_DIGITS * (at + 1)]
            yield TimedChange(name, _KINDS[row.kind], prints, _CHANNELS[row.channel])
