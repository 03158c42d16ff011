"""Giving changes their place in the feed. Nothing else gives out sequences or moves the list's digest.

Whoever publishes holds the one row of list_state until its transaction ends, so commit order and sequence order are
the same: a reader that has seen n never later finds a new change ≤ n.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback import log, metrics
from takeback.clearinghouse.shown import as_listed
from takeback.clock import Clock, today
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.application import types_text
from takeback.model.entry import KNOWN_BY, EntryState, ListedEntry
from takeback.model.list_digest import MODULUS, entry_hash
from takeback.model.participant import AGREED_TYPES
from takeback.model.suspension import SuspendedBy
from takeback.model.tier import STRONGEST_ACTION, Tier
from takeback.storage import day_counts, entries, entry_prints, feed, header_keys, list_state, withdrawals
from takeback.storage.database import Database
from takeback.storage.entries import Listing, StoredEntry
from takeback.storage.list_state import ListState

T = TypeVar("T")

#: Entries published in one transaction, so that a flood holds neither the list nor the server for long; on SQLite half
#: as many, as nothing else is written meanwhile.
BATCH = 200
#: Random bytes that decide an entry's place in a batch.
_DRAWN = 16


@dataclass(frozen=True, slots=True)
class Burst:
    """More than `entries` new ones at one publication are a flood: they are held for `days`, or until a person looks.

    Nothing of them is lost, and receipts say that they wait. As no time of day is kept, the window is the pause between
    two publications.
    """

    entries: int
    days: int


async def publish_waiting(database: Database, clock: Clock, burst: Burst | None = None) -> int:
    """Lists every entry that waits and is not held, in shuffled order, and gives how many there were."""
    total, most = 0, BATCH // 2 if database.is_sqlite else BATCH
    if burst is not None and await _hold_flood(database, clock, burst):
        log.logger().warning("a burst of entries is held", entries=burst.entries, days=burst.days)
    while True:

        async def work(connection: AsyncConnection) -> int:
            publisher = await Publisher.begin(connection)
            on = today(clock)
            batch = _shuffled(await entries.waiting(connection, on, most))  # what came together does not go out so
            listings = [publisher.listing(entry, prints, tier=entry.tier, on=on) for entry, prints in batch]
            await entries.publish(connection, listings)
            if batch:
                await day_counts.add(connection, on, day_counts.PUBLISHED, len(batch))
                await publisher.end()
            return len(batch)

        count = await database.run("publish-waiting", work)
        metrics.ENTRIES.labels("published").inc(count)
        total += count
        if count < most:
            metrics.WAITING.set(total)
            return total


def _shuffled(batch: list[T]) -> list[T]:
    """Gives entries in an order that nobody can tell: one question for randomness, not one for each entry."""
    drawn = secrets.token_bytes(_DRAWN * len(batch))
    return [batch[at] for at in sorted(range(len(batch)), key=lambda at: drawn[_DRAWN * at : _DRAWN * (at + 1)])]


async def _hold_flood(database: Database, clock: Clock, burst: Burst) -> bool:
    until = today(clock) + timedelta(days=burst.days)

    async def work(connection: AsyncConnection) -> bool:
        if await entries.count_new(connection) <= burst.entries:
            return False
        await entries.hold_new(connection, until)
        return True

    return await database.run("hold-flood", work)


async def count_types(connection: AsyncConnection, types: frozenset[FingerprintType]) -> None:
    """Begins to keep the list's digest over some types only. The first time, the whole list is read for it."""
    text = types_text(types)
    publisher = await Publisher.begin(connection)
    if types >= set(AGREED_TYPES) or text in publisher.by_types:
        return
    total, last = 0, 0
    while rows := await feed.changed_after(connection, last, BATCH):
        listed = [row for row in rows if row.state is EntryState.LISTED]
        prints = await entry_prints.fingerprints_of(connection, [row.id for row in listed], types)
        total += sum(entry_hash(as_listed(row, prints=prints.get(row.id, ()))) for row in listed)
        last = rows[-1].sequence or last
    await list_state.add_types(connection, text, total % MODULUS)
    await publisher.end()


@dataclass
class Publisher:
    """One transaction's hold on the list. Begin, change, end; the caller's transaction makes it visible."""

    connection: AsyncConnection
    state: ListState
    by_types: dict[str, int]

    @classmethod
    async def begin(cls, connection: AsyncConnection) -> Publisher:
        """Takes hold of the list until the transaction ends."""
        return cls(connection, await list_state.hold(connection), await list_state.by_types(connection))

    async def end(self) -> None:
        """Keeps the new head and digests."""
        await list_state.write(self.connection, self.state)
        await list_state.write_by_types(self.connection, self.by_types)

    async def list_(self, entry: StoredEntry, prints: tuple[Fingerprint, ...], *, tier: Tier, on: date) -> None:
        """Puts an entry on the list, or back, or shows what has changed about it."""
        await entries.publish(self.connection, [self.listing(entry, prints, tier=tier, on=on)])

    def listing(self, entry: StoredEntry, prints: tuple[Fingerprint, ...], *, tier: Tier, on: date) -> Listing:
        """Gives an entry the next place in the feed; whoever asks has to publish it in the same transaction."""
        sequence = self._next_sequence(entry, prints)
        listed_on = entry.listed_on or on
        listed = ListedEntry("", sequence, entry.kind, entry.age, tier, STRONGEST_ACTION[tier], listed_on, prints)
        hash_ = entry_hash(listed)
        self.state = ListState(sequence, self.state.digest.with_entry(hash_))
        self._count(listed, +1)
        since = (entry.state is EntryState.LISTED and entry.state_since) or sequence
        return Listing(entry.id, sequence, since, tier, listed_on, hash_, _first_listed(entry, sequence))

    async def suspend(self, entry: StoredEntry, *, tier: Tier, by: SuspendedBy) -> None:
        """Takes an entry off the list for now."""
        await entries.suspend(self.connection, entry.id, sequence=await self._take_off(entry), tier=tier, by=by)

    async def withdraw(self, entry: StoredEntry) -> None:
        """Takes an entry off the list for ever. One that never was on it leaves no tombstone in the feed."""
        sequence = None if entry.sequence is None else await self._take_off(entry)
        left = await self._to_be_told(entry) if sequence is not None else ()
        await withdrawals.withdraw(self.connection, entry.id, sequence=sequence, left=left)

    async def _to_be_told(self, entry: StoredEntry) -> tuple[Fingerprint, ...]:
        """Gives the values by which somebody may know the entry, and is to be told that it is gone."""
        if await header_keys.told_up_to(self.connection) is None:
            return ()
        prints = await entry_prints.fingerprints_of(self.connection, [entry.id], [KNOWN_BY[entry.kind]])
        return tuple(one for one in prints.get(entry.id, ()) if one.edit is None)

    async def _take_off(self, entry: StoredEntry) -> int:
        prints: tuple[Fingerprint, ...] = ()
        if self.by_types and entry.listed_hash is not None:
            prints = (await entry_prints.fingerprints_of(self.connection, [entry.id]))[entry.id]
        sequence = self._next_sequence(entry, prints)
        self.state = ListState(sequence, self.state.digest)
        return sequence

    def _next_sequence(self, entry: StoredEntry, prints: tuple[Fingerprint, ...]) -> int:
        """Gives the next place in the feed; what the entry was until now no longer counts in the digests."""
        if entry.listed_hash is not None:
            self.state = ListState(self.state.head, self.state.digest.without_entry(entry.listed_hash))
            self._count(as_listed(entry, prints=prints), -1)
        return self.state.head + 1

    def _count(self, listed: ListedEntry, sign: int) -> None:
        """Adds an entry to the sums over some types, or takes it off them."""
        for types, total in self.by_types.items():
            self.by_types[types] = (total + sign * entry_hash(listed, types.split(","))) % MODULUS


def _first_listed(entry: StoredEntry, sequence: int) -> int:
    """Gives where it first was on the list; anywhere, if that was before it was kept."""
    if entry.first_listed is not None:
        return entry.first_listed
    return sequence if entry.sequence is None else 0
