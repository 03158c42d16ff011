"""Giving changes their place in the feed. Nothing else gives out sequences or moves the list's digest.

Whoever publishes holds the one row of list_state until its transaction ends, so commit order and sequence order are
the same: a reader that has seen n never later finds a new change ≤ n.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback import metrics
from takeback.clock import Clock, today
from takeback.fingerprints.types import Fingerprint
from takeback.model.entry import KNOWN_BY, EntryState, ListedEntry
from takeback.model.list_digest import entry_hash
from takeback.model.tier import STRONGEST_ACTION, Tier
from takeback.storage import day_counts, entries, header_keys, list_state
from takeback.storage.database import Database
from takeback.storage.entries import Listing, StoredEntry
from takeback.storage.list_state import ListState

#: Entries published in one transaction, so that a flood does not hold the list for long.
BATCH = 2_000


async def publish_waiting(database: Database, clock: Clock) -> int:
    """Lists every entry that waits, in shuffled order, and gives how many there were."""
    total = 0
    while True:

        async def work(connection: AsyncConnection) -> int:
            publisher = await Publisher.begin(connection)
            batch = await entries.waiting(connection, BATCH)
            secrets.SystemRandom().shuffle(batch)  # what came together does not go out together
            prints = await entries.fingerprints_of(connection, [entry.id for entry in batch])
            on = today(clock)
            listings = [publisher.listing(entry, prints[entry.id], tier=entry.tier, on=on) for entry in batch]
            await entries.publish(connection, listings)
            if batch:
                await day_counts.add(connection, today(clock), day_counts.PUBLISHED, len(batch))
                await publisher.end()
            return len(batch)

        count = await database.run("publish-waiting", work)
        metrics.ENTRIES.labels("published").inc(count)
        total += count
        if count < BATCH:
            metrics.WAITING.set(total)
            return total


@dataclass
class Publisher:
    """One transaction's hold on the list. Begin, change, end; the caller's transaction makes it visible."""

    connection: AsyncConnection
    state: ListState

    @classmethod
    async def begin(cls, connection: AsyncConnection) -> Publisher:
        """Takes hold of the list until the transaction ends."""
        return cls(connection, await list_state.hold(connection))

    async def end(self) -> None:
        """Keeps the new head and digest."""
        await list_state.write(self.connection, self.state)

    async def list_(self, entry: StoredEntry, prints: tuple[Fingerprint, ...], *, tier: Tier, on: date) -> None:
        """Puts an entry on the list, or back, or shows what has changed about it."""
        await entries.publish(self.connection, [self.listing(entry, prints, tier=tier, on=on)])

    def listing(self, entry: StoredEntry, prints: tuple[Fingerprint, ...], *, tier: Tier, on: date) -> Listing:
        """Gives an entry the next place in the feed; whoever asks has to publish it in the same transaction."""
        sequence = self._next_sequence(entry)
        listed_on = entry.listed_on or on
        listed = ListedEntry("", sequence, entry.kind, entry.age, tier, STRONGEST_ACTION[tier], listed_on, prints)
        hash_ = entry_hash(listed)
        self.state = ListState(sequence, self.state.digest.with_entry(hash_))
        since = (entry.state is EntryState.LISTED and entry.state_since) or sequence
        return Listing(entry.id, sequence, since, tier, listed_on, hash_, _first_listed(entry, sequence))

    async def suspend(self, entry: StoredEntry, *, tier: Tier) -> None:
        """Takes an entry off the list for now."""
        await entries.suspend(self.connection, entry.id, sequence=self._take_off(entry), tier=tier)

    async def withdraw(self, entry: StoredEntry) -> None:
        """Takes an entry off the list for ever. One that never was on it leaves no tombstone in the feed."""
        sequence = None if entry.sequence is None else self._take_off(entry)
        left = await self._to_be_told(entry) if sequence is not None else ()
        await entries.withdraw(self.connection, entry.id, sequence=sequence, left=left)

    async def _to_be_told(self, entry: StoredEntry) -> tuple[Fingerprint, ...]:
        """Gives the values by which somebody may know the entry, and is to be told that it is gone."""
        if await header_keys.told_up_to(self.connection) is None:
            return ()
        prints = await entries.fingerprints_of(self.connection, [entry.id], [KNOWN_BY[entry.kind]])
        return tuple(one for one in prints.get(entry.id, ()) if one.edit is None)

    def _take_off(self, entry: StoredEntry) -> int:
        sequence = self._next_sequence(entry)
        self.state = ListState(sequence, self.state.digest)
        return sequence

    def _next_sequence(self, entry: StoredEntry) -> int:
        """Gives the next place in the feed; what the entry was until now no longer counts in the digest."""
        if entry.listed_hash is not None:
            self.state = ListState(self.state.head, self.state.digest.without_entry(entry.listed_hash))
        return self.state.head + 1


def _first_listed(entry: StoredEntry, sequence: int) -> int:
    """Gives where it first was on the list; anywhere, if that was before it was kept."""
    if entry.first_listed is not None:
        return entry.first_listed
    return sequence if entry.sequence is None else 0
