"""Stretches of the feed as every participant's pages have them, but for the names of the entries.

A place in the feed is left when its entry changes, and never taken again: so a stretch that has as many places as it
had is the stretch that it was, and one count of an index proves that what is kept here may be served. Nothing that was
withdrawn can come from here.
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
    """The changes up to and with `until`: their text around the entries' names, and the entries' ids in one piece.

    `ended` says that it ends for its size; else it ends where the feed did.
    """

    until: int
    ids: bytes
    around: tuple[tuple[bytes, bytes], ...]
    ended: bool

    def __len__(self) -> int:
        return len(self.around)

    @property
    def size(self) -> int:
        """Bytes of its text, with names."""
        return sum(_size(one) for one in self.around)

    def named(self, view: View) -> list[bytes]:
        """Gives the changes with a participant's own names."""
        digits = view.names_of(self.ids)
        names = [digits[at : at + _NAME_DIGITS] for at in range(0, len(digits), _NAME_DIGITS)]
        return [before + name + after for (before, after), name in zip(self.around, names, strict=True)]


class Stretches:
    """Those that were asked for last, up to so many bytes."""

    def __init__(self, most_bytes: int) -> None:
        self._most, self._bytes = most_bytes, 0
        self._kept: OrderedDict[_Place, tuple[Stretch, int]] = OrderedDict()

    async def after(
        self, connection: AsyncConnection, after: int, limit: int, head: int, types: frozenset[str] | None = None
    ) -> Stretch:
        """Gives at most `limit` changes after a sequence, as this transaction sees them; `head` is where the feed ends.

        Of the fingerprints those of some types, or all.

        One of which less than half has changed ends where it ended before: else every stretch behind it would begin
        elsewhere, and be read again.
        """
        place = (after, limit, types)
        kept = self._kept.get(place, (None, 0))[0]
        until = head
        if kept is not None and (kept.ended or kept.until == head):
            count = await feed.count_between(connection, after, kept.until)
            if count == len(kept):
                self._kept.move_to_end(place)
                metrics.STRETCHES.labels("kept").inc()
                return kept
            if 2 * count > len(kept):
                until = kept.until
        metrics.STRETCHES.labels("read").inc()
        made = await _read(connection, after, until, limit, types)
        if until != head:
            made = replace(made, ended=True)
        self._keep(place, made)
        return made

    def _keep(self, place: _Place, made: Stretch) -> None:
        self._bytes -= self._kept.pop(place, (None, 0))[1]
        memory = made.size + len(made) * _ROW_BYTES
        self._kept[place] = made, memory
        self._bytes += memory
        while self._bytes > self._most:
            self._bytes -= self._kept.popitem(last=False)[1][1]


def stretch_of(rows: Sequence[FeedRow], *, until: int) -> Stretch:
    """Gives a few changes as a stretch up to and with `until`."""
    return Stretch(until, b"".join(row.id for row in rows), tuple(_around(row) for row in rows), ended=True)


async def _read(
    connection: AsyncConnection, after: int, until: int, limit: int, types: frozenset[str] | None
) -> Stretch:
    ids: list[bytes] = []
    around: list[tuple[bytes, bytes]] = []
    size = 0
    while len(ids) < limit:
        wanted = min(_ROWS, limit - len(ids))
        rows = await feed.feed_after(connection, after, until, wanted, types)
        for row in rows:
            one = _around(row)
            size += _size(one)
            if size > MAX_BYTES and ids:
                return Stretch(after, b"".join(ids), tuple(around), ended=True)
            ids.append(row.id)
            around.append(one)
            after = row.sequence
        if len(rows) < wanted:
            return Stretch(until, b"".join(ids), tuple(around), ended=False)
    return Stretch(after, b"".join(ids), tuple(around), ended=True)


def _around(row: FeedRow) -> tuple[bytes, bytes]:
    if row.prints is None or row.listed_on is None:
        return wire.tombstone_around_name(row.sequence)
    action = _ACTION[row.tier]
    return wire.upsert_around_name(row.sequence, row.kind, row.age, row.tier, action, row.listed_on, row.prints)


def _size(around: tuple[bytes, bytes]) -> int:
    return len(around[0]) + _NAME_DIGITS + len(around[1])
