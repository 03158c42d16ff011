"""Stretches of the feed as every participant's pages have them, but for the names of the entries.

A place in the feed is left when its entry changes, and never taken again: so a stretch that has as many places as it
had is the stretch that it was, and one count of an index proves that what is kept here may be served; none is needed
while the list's head is where it was. Nothing that was withdrawn can come from here.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from msgspec.structs import replace as replaced
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback import metrics
from takeback.model.entry import ENTRY_ID_BYTES
from takeback.model.tier import STRONGEST_ACTION
from takeback.model.view import View
from takeback.storage import feed
from takeback.storage.feed_rows import FeedRow, count_between
from takeback.storage.sealing import prints_of, text_of
from takeback.wire import changes as wire

#: A stretch ends before it would hold more, unless one entry alone does, in bytes: films have hundreds of fingerprints.
MAX_BYTES = 10_000_000
#: What a change takes in memory beside its text, in bytes.
_ROW_BYTES = 200
_ACTION = {tier.value: action.value for tier, action in STRONGEST_ACTION.items()}
_NAME_DIGITS = 2 * ENTRY_ID_BYTES
#: Behind which sequence, how many changes at most, of which types of fingerprints.
_Place = tuple[int, int, frozenset[str] | None]


@dataclass(frozen=True, slots=True)
class Stretch:
    """The changes up to and with `until`: the texts before and behind their entries' names, and the ids in one piece.

    `ended` says that it ends for its size; else it ends where the feed did.
    """

    until: int
    ids: bytes
    before: tuple[bytes, ...]
    behind: tuple[bytes, ...]
    ended: bool

    def __len__(self) -> int:
        return len(self.ids) // ENTRY_ID_BYTES

    @property
    def size(self) -> int:
        """Bytes of memory, about."""
        return sum(map(len, self.before)) + sum(map(len, self.behind)) + len(self) * _ROW_BYTES

    def named(self, view: View) -> list[bytes]:
        """Gives the changes with a participant's own names, and commas between them, in pieces."""
        digits = view.names_of(self.ids)
        text = [b""] * (3 * len(self))
        text[::3] = self.before
        text[1::3] = [digits[at : at + _NAME_DIGITS] for at in range(0, len(digits), _NAME_DIGITS)]
        text[2::3] = self.behind
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

    def has(self, after: int, limit: int) -> bool:
        """Whether one of these is here, of all types; it may be over."""
        return (after, limit, None) in self._kept

    def kept(self, after: int, limit: int, head: int, types: frozenset[str] | None = None) -> Stretch | None:
        """Gives what `after` would, if it is here and was found to hold at this very head; else None."""
        place = (after, limit, types)
        kept = self._kept.get(place)
        if kept is None or kept.head != head:
            return None
        self._kept.move_to_end(place)
        metrics.STRETCHES.labels("kept").inc()
        return kept.stretch

    async def after(
        self, connection: AsyncConnection, after: int, limit: int, head: int, types: frozenset[str] | None = None
    ) -> Stretch:
        """Gives at most `limit` changes after a sequence, as this transaction sees them; `head` is where the feed ends.

        Of the fingerprints those of some types, or all.

        One of which less than half has changed ends where it ended before: else every stretch behind it would begin
        elsewhere, and be read again.
        """
        if (found := self.kept(after, limit, head, types)) is not None:
            return found
        place = (after, limit, types)
        kept = self._kept.get(place)
        until = head
        if kept is not None and (kept.stretch.ended or kept.stretch.until == head):
            count = await count_between(connection, after, kept.stretch.until)
            if count == len(kept.stretch):
                kept.head = head
                return self.kept(after, limit, head, types) or kept.stretch
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
    async for rows, reached in feed.parts(connection, after, until):
        wanted = rows[: limit - len(made.ids)]
        taken = made.take(wanted if types is None else [_of_types(row, types) for row in wanted])
        if taken < len(rows):
            return made.stretch(rows[taken - 1].sequence if taken else after, ended=True)
        after = reached
        if len(made.ids) == limit:
            break
    return made.stretch(after, ended=after < until)


class _Making:
    """A stretch that grows."""

    def __init__(self) -> None:
        self.ids: list[bytes] = []
        self._before: list[bytes] = []
        self._behind: list[bytes] = []
        self._size = 0

    def take(self, rows: Sequence[FeedRow]) -> int:
        """Adds rows as long as there is room, and gives how many; the first of all has room."""
        for taken, row in enumerate(rows):
            before, behind = _around(row)
            self._size += len(before) + _NAME_DIGITS + len(behind)
            if self._size > MAX_BYTES and self.ids:
                return taken
            self._before.append(b"," + before if self.ids else before)
            self._behind.append(behind)
            self.ids.append(row.id)
        return len(rows)

    def stretch(self, until: int, *, ended: bool) -> Stretch:
        """Gives what was added."""
        return Stretch(until, b"".join(self.ids), tuple(self._before), tuple(self._behind), ended)


def _of_types(row: FeedRow, types: frozenset[str]) -> FeedRow:
    return row if row.prints is None else replaced(row, prints=text_of(prints_of(row.prints, types)))


def _around(row: FeedRow) -> tuple[bytes, bytes]:
    if row.prints is None or row.listed_on is None:
        return wire.tombstone_around_name(row.sequence)
    action = _ACTION[row.tier]
    return wire.upsert_around_name(row.sequence, row.kind, row.age, row.tier, action, row.listed_on, row.prints)
