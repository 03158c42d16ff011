"""Which listed pictures a value is near: an index of the list inside this process, as of the moment that one asks.

It holds the pictures' own PDQ values and nothing else of the list: no edits of pictures, no frames of films. It follows
the feed: before each answer it takes over whatever has changed, so a withdrawal that has been answered is in it, in
every process. Nothing is written down; the first question makes it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clearinghouse import test_entries
from takeback.clearinghouse.publishing import BATCH
from takeback.errors import UnavailableError
from takeback.fingerprints.distance import STRONG_BITS
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.matching.radius import RadiusIndex
from takeback.model.change import START
from takeback.model.channel import Channel
from takeback.model.entry import KNOWN_BY, EntryId, EntryState, Kind, number_of
from takeback.model.participant import Participant, ParticipantState
from takeback.model.tier import STRONGEST_ACTION, StrongestAction
from takeback.storage import entries, entry_prints, feed, list_state
from takeback.storage.database import Database
from takeback.storage.entries import StoredEntry

#: How long a question waits while the index is being made, in seconds.
PATIENCE_S = 20.0
#: Values that are taken off it before it is made anew without them, in memory as well.
GONE_AT_MOST = 1_000
_HOLD, _REMOVE, _TEST, _SUSPENDED = StrongestAction.HOLD.value, StrongestAction.REMOVE.value, "test", "suspended"
_ANSWERED = (_HOLD, _REMOVE, _TEST)
_Changes = tuple[int, list[StoredEntry], dict[EntryId, tuple[Fingerprint, ...]]]


@dataclass(frozen=True, slots=True)
class Near:
    """The listed picture that a value is nearest to: bits between them, and the strongest action that its tier allows.

    `is_test`: it is test data, of no picture. `number` is the entry's in the index; that of test entries is no matter.
    """

    distance: int
    action: StrongestAction
    is_test: bool
    number: int = field(default=0, compare=False)


async def near_for(index: LookupIndex, participant: Participant, values: Sequence[bytes]) -> list[Near | None]:
    """Gives what is near to each value of 32 bytes: of the list, or of test entries for one who is in the sandbox."""
    if participant.state is not ParticipantState.SANDBOX:
        return await index.near(values)
    bits = [test_entries.distance_of(value) for value in values]
    return [Near(one, StrongestAction.HOLD, is_test=True) if one <= STRONG_BITS else None for one in bits]


class LookupIndex:
    """The list in memory, for one process. `close` ends what it does beside."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._index = RadiusIndex(dict.fromkeys((*_ANSWERED, _SUSPENDED), STRONG_BITS))
        self._at, self._first_head = START, -1
        self._making: asyncio.Task[None] | None = None
        self._merging: asyncio.Task[None] | None = None
        self._following = asyncio.Lock()
        self._gone = 0

    async def close(self) -> None:
        """Stops making or merging the index, and lets go of it."""
        if self._making is not None:
            self._making.cancel()
        for task in (self._making, self._merging):
            if task is not None:
                with suppress(asyncio.CancelledError, Exception):
                    await task
        self._index.close()

    async def near(self, values: Sequence[bytes]) -> list[Near | None]:
        """Gives, for each value of 32 bytes, the nearest listed picture within the strong threshold, or None."""
        await self._follow()
        found: list[Near | None] = [None] * len(values)
        for name in _ANSWERED:
            action = StrongestAction.HOLD if name == _TEST else StrongestAction(name)
            for at, nears in enumerate(self._index.within_many(values, of=name)):
                before = found[at]
                if nears and (before is None or nears[0][1] < before.distance):
                    found[at] = Near(nears[0][1], action, name == _TEST, nears[0][0])
        return found

    async def same(self, values: Sequence[Fingerprint]) -> list[list[StoredEntry]]:
        """Gives, for each value, the entries, listed or suspended, that are known by exactly this one."""
        if any(one.type is FingerprintType.PDQ for one in values):
            await self._follow()
        numbers = [self._numbers_of(one) for one in values]

        async def work(connection: AsyncConnection) -> list[list[StoredEntry]]:
            for at, one in enumerate(values):
                if not one.type.perceptual:
                    numbers[at] = {number_of(id_) for id_ in await entry_prints.having(connection, one.type, one.value)}
            rows = await entries.by_numbers(connection, set().union(*numbers))
            prints = await entry_prints.fingerprints_of(connection, [row.id for row in rows], list(KNOWN_BY.values()))
            return [[row for row in rows if _known_by(row, one, prints.get(row.id, ()))] for one in values]

        return await self._database.read("entries-of-values", work) if values else []

    def _numbers_of(self, one: Fingerprint) -> set[int]:
        if one.type is not FingerprintType.PDQ:
            return set()
        lists = (*_ANSWERED, _SUSPENDED)
        return {number for name in lists for number, _ in self._index.within(one.value, 0, of=name)}

    async def _follow(self) -> None:
        """Takes over everything up to now; raises UnavailableError while the index is being made for too long."""
        if self._making is None or (self._making.done() and self._making.exception() is not None):
            self._making = asyncio.create_task(self._make())
        try:
            await asyncio.wait_for(asyncio.shield(self._making), PATIENCE_S)
        except TimeoutError:
            raise UnavailableError("The list is being made ready to be asked. Try again in a minute.") from None
        async with self._following:
            while await self._take_over():
                pass
        if self._gone >= GONE_AT_MOST and (self._merging is None or self._merging.done()):
            self._gone = 0
            self._merging = asyncio.create_task(asyncio.to_thread(self._index.merge))

    async def _make(self) -> None:
        async with self._following:
            if self._first_head < 0:  # kept when making goes on after an error
                self._first_head = (await self._database.read("read-head", list_state.read)).head
            while await self._take_over():
                pass

    async def _take_over(self) -> bool:
        """Takes one batch of changes over; False when there is none."""

        async def work(connection: AsyncConnection) -> _Changes:
            head = (await list_state.read(connection)).head
            if head == self._at:
                return head, [], {}
            rows = await feed.changed_after(connection, self._at, BATCH, until=head)
            images = [row.id for row in rows if row.kind is Kind.IMAGE and row.state is not EntryState.WITHDRAWN]
            prints = await entry_prints.fingerprints_of(connection, images, [FingerprintType.PDQ])
            return head if len(rows) < BATCH else rows[-1].sequence or 0, rows, prints

        until, rows, prints = await self._database.read("follow-feed", work)
        # Nothing is awaited from here on: whoever asks finds all of the batch, or nothing of it.
        values: dict[str, tuple[bytearray, list[int]]] = {name: (bytearray(), []) for name in (*_ANSWERED, _SUSPENDED)}
        for row in rows:
            if (row.sequence or 0) > self._first_head:  # what was there at first is met once
                self._delete(number_of(row.id))
            if row.state is EntryState.WITHDRAWN:
                continue
            packed, numbers = values[_list_of(row)]
            for one in prints.get(row.id, ()):
                if one.edit is None:
                    packed += one.value
                    numbers.append(number_of(row.id))
        for name, (packed, numbers) in values.items():
            self._index.insert_many(packed, numbers, of=name)
        self._at = until
        return bool(rows)

    def _delete(self, number: int) -> None:
        for name in (*_ANSWERED, _SUSPENDED):
            self._index.delete(number, of=name)
        self._gone += 1


def _list_of(row: StoredEntry) -> str:
    if row.state is EntryState.SUSPENDED:
        return _SUSPENDED
    return _TEST if row.channel is Channel.TEST else STRONGEST_ACTION[row.tier].value


def _known_by(row: StoredEntry, value: Fingerprint, prints: Sequence[Fingerprint]) -> bool:
    own = {one.value for one in prints if one.edit is None and one.type is value.type}
    judged = row.state in (EntryState.LISTED, EntryState.SUSPENDED)
    return judged and KNOWN_BY[row.kind] is value.type and value.value in own
