"""Stretches of the feed as every participant's pages have them, but for the names of the entries.

A place in the feed is left when its entry changes, and never taken again: so a stretch that has as many places as it
had is the stretch that it was, and one count of an index proves that what is kept here may be served; none is needed
while the list's head is where it was. Nothing that was withdrawn can come from here.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback import metrics
from takeback.model.entry import ENTRY_ID_BYTES
from takeback.model.tier import STRONGEST_ACTION
from takeback.model.view import View
from takeback.storage import feed
from takeback.storage.feed import FeedRow
from takeback.wire import changes as wire

#: A stretch ends before it would hold more, unless one entry alone does, in bytes: films have hundreds of fingerprints.
MAX_BYTES = 10_000_000
#: Rows that are opened at a time: those of films are large.
_ROWS = 500
#: What a change takes in memory beside its text, in bytes.
_ROW_BYTES = 200
_ACTION = {tier.value: action.value for tier, action in STRONGEST_ACTION.items()}
_NAME_DIGITS = 2 * ENTRY_ID_BYTES
#: Behind which sequence, how many changes at most, of which types of fingerprints.
_Place = tuple[int, int, frozenset[str] | None]


@dataclass(frozen=True, slots=True)
class Stretch:
    """The changes up to and with `until`: the text around and between their entries' names, and the ids in one piece.

    `ended` says that it ends for its size; else it ends where the feed did.
    """

    until: int
    ids: bytes
    around: tuple[bytes, ...]
    ended: bool

    def __len__(self) -> int:
        return len(self.ids) // ENTRY_ID_BYTES

    @property
    def size(self) -> int:
        """Bytes of memory, about."""
        return sum(map(len, self.around)) + len(self) * _ROW_BYTES

    def named(self, view: View) -> list[bytes]:
        """Gives the changes with a participant's own names, and commas between them, in pieces."""
        digits = view.names_of(self.ids)
        text = [b""] * (2 * len(self.around) - 1)
        text[::2] = self.around
        text[1::2] = [digits[at : at + _NAME_DIGITS] for at in range(0, len(digits), _NAME_DIGITS)]
        return text


@dataclass(slots=True)
class _Kept:
    """A stretch, its bytes of memory, and the head of the list at which it was last found to hold."""

    stretch: Stretch
    size: int
    head: int


class Stretches:
    """Those that were asked for last, up to so many bytes."""

    def __init__(self, most_bytes: int) -> None:
        self._most, self._bytes = most_bytes, 0
        self._kept: OrderedDict[_Place, _Kept] = OrderedDict()

    async def after(
        self, connection: AsyncConnection, after: int, limit: int, head: int, types: frozenset[str] | None = None
    ) -> Stretch:
        """Gives at most `limit` changes after a sequence, as this transaction sees them; `head` is where the feed ends.

        Of the fingerprints those of some types, or all.

        One of which less than half has changed ends where it ended before: else every stretch behind it would begin
        elsewhere, and be read again.
        """
        place = (after, limit, types)
        kept = self._kept.get(place)
        until = head
        if kept is not None and (kept.stretch.ended or kept.stretch.until == head):
            count = len(kept.stretch)
            if kept.head != head:  # else nothing at all has changed since
                count = await feed.count_between(connection, after, kept.stretch.until)
            if count == len(kept.stretch):
                kept.head = head
                self._kept.move_to_end(place)
                metrics.STRETCHES.labels("kept").inc()
                return kept.stretch
            if 2 * count > len(kept.stretch):
                until = kept.stretch.until
        metrics.STRETCHES.labels("read").inc()
        made = await _read(connection, after, until, limit, types)
        if until != head:
            made = replace(made, ended=True)
        self._keep(place, _Kept(made, made.size, head))
        return made

    def _keep(self, place: _Place, made: _Kept) -> None:
        if (before := self._kept.pop(place, None)) is not None:
            self._bytes -= before.size
        self._kept[place] = made
        self._bytes += made.size
        while self._bytes > self._most:
            self._bytes -= self._kept.popitem(last=False)[1].size


def stretch_of(rows: Sequence[FeedRow], *, until: int) -> Stretch:
    """Gives a few changes as a stretch up to and with `until`."""
    made = _Making()
    made.take(rows)
    return made.stretch(until, ended=True)


async def _read(
    connection: AsyncConnection, after: int, until: int, limit: int, types: frozenset[str] | None
) -> Stretch:
    made = _Making()
    while len(made.ids) < limit:
        wanted = min(_ROWS, limit - len(made.ids))
        rows = await feed.feed_after(connection, after, until, wanted, types)
        taken = made.take(rows)
        if taken < len(rows):
            return made.stretch(rows[taken - 1].sequence if taken else after, ended=True)
        if len(rows) < wanted:
            return made.stretch(until, ended=False)
        after = rows[-1].sequence
    return made.stretch(after, ended=True)


class _Making:
    """A stretch that grows."""

    def __init__(self) -> None:
        self.ids: list[bytes] = []
        self._around: list[bytes] = []
        self._last, self._size = b"", 0

    def take(self, rows: Sequence[FeedRow]) -> int:
        """Adds rows as long as there is room, and gives how many; the first of all has room."""
        for taken, row in enumerate(rows):
            before, after = _around(row)
            self._size += len(before) + _NAME_DIGITS + len(after)
            if self._size > MAX_BYTES and self.ids:
                return taken
            self._around.append(self._last + b"," + before if self.ids else before)
            self._last = after
            self.ids.append(row.id)
        return len(rows)

    def stretch(self, until: int, *, ended: bool) -> Stretch:
        """Gives what was added."""
        return Stretch(until, b"".join(self.ids), (*self._around, self._last), ended)


def _around(row: FeedRow) -> tuple[bytes, bytes]:
    if row.prints is None or row.listed_on is None:
        return wire.tombstone_around_name(row.sequence)
    action = _ACTION[row.tier]
    return wire.upsert_around_name(row.sequence, row.kind, row.age, row.tier, action, row.listed_on, row.prints)
