"""What a participant is shown: the list, as far as its agreement goes; or test entries, while it is in the sandbox.

Every dialect reads through here, so that neither depends on how a client asks.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clearinghouse import test_entries
from takeback.clearinghouse.stretches import Stretch, Stretches, stretch_of
from takeback.errors import SuspendedError
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.application import types_text
from takeback.model.entry import EntryId, EntryState, ListedEntry
from takeback.model.list_digest import ListDigest, digest_of
from takeback.model.participant import AGREED_TYPES, Participant, ParticipantState
from takeback.model.tier import STRONGEST_ACTION
from takeback.storage import entry_prints, feed, list_state
from takeback.storage.entries import StoredEntry
from takeback.storage.feed_rows import FeedRow
from takeback.storage.list_state import ListState
from takeback.storage.sealing import text_of

Prints = dict[EntryId, tuple[Fingerprint, ...]]


class Shown(Protocol):
    """A list as one participant sees it."""

    def head(self, state: ListState, after: int) -> int:
        """Gives where it stands for a reader who has everything up to `after`."""
        ...

    async def digest(self, connection: AsyncConnection, state: ListState, head: int) -> ListDigest:
        """Gives what a reader who has everything up to the head must hold."""
        ...

    #: Whether every type of fingerprint of the list is shown: the state that the public log holds.
    is_whole: bool

    async def stretch(
        self, connection: AsyncConnection, stretches: Stretches, after: int, limit: int, head: int
    ) -> Stretch:
        """Gives at most `limit` changes behind `after`, as pages of the feed carry them."""
        ...

    def may_be_kept(self, stretches: Stretches, after: int, limit: int) -> bool:
        """Whether `kept` may give it, once the state of the list is known."""
        ...

    def kept(self, stretches: Stretches, after: int, limit: int, state: ListState) -> Stretch | None:
        """Gives the same where it is in memory, and the state of the list alone tells that it still holds."""
        ...

    async def feed(self, connection: AsyncConnection, after: int, limit: int, *, until: int) -> list[FeedRow]:
        """Gives at most `limit` places of the feed in (after, until]. Of their fingerprints `types` are shown."""
        ...

    async def changed(self, connection: AsyncConnection, after: int, limit: int, *, until: int) -> list[StoredEntry]:
        """Gives at most `limit` entries and tombstones whose latest change is in (after, until], in order."""
        ...

    #: Of fingerprints.
    types: frozenset[FingerprintType]

    async def fingerprints_of(
        self, connection: AsyncConnection, ids: Sequence[EntryId], types: Collection[FingerprintType] = AGREED_TYPES
    ) -> Prints:
        """Gives the fingerprints of entries, of these types, in a fixed order."""
        ...


def shown_to(participant: Participant) -> Shown:
    """Gives the list as this participant sees it; raises SuspendedError for one that is shown nothing."""
    if participant.state is ParticipantState.SANDBOX:
        return _TestList(participant.types)
    if participant.state is not ParticipantState.ACTIVE:
        raise SuspendedError("The operator has suspended this participant. Ask the clearinghouse why.")
    return _List(participant.types)


class _List:
    def __init__(self, types: frozenset[FingerprintType]) -> None:
        self.types = types
        self.is_whole = types == set(AGREED_TYPES)

    def head(self, state: ListState, after: int) -> int:
        _ = after
        return state.head

    async def digest(self, connection: AsyncConnection, state: ListState, head: int) -> ListDigest:
        _ = head
        if self.is_whole:
            return state.digest
        sums = await list_state.by_types(connection)
        return ListDigest(state.digest.entries, sums[types_text(self.types)])

    async def stretch(
        self, connection: AsyncConnection, stretches: Stretches, after: int, limit: int, head: int
    ) -> Stretch:
        return await stretches.after(connection, after, limit, head, None if self.is_whole else self.types)

    def may_be_kept(self, stretches: Stretches, after: int, limit: int) -> bool:
        return self.is_whole and stretches.has(after, limit)

    def kept(self, stretches: Stretches, after: int, limit: int, state: ListState) -> Stretch | None:
        return stretches.kept(after, limit, state.head)

    async def feed(self, connection: AsyncConnection, after: int, limit: int, *, until: int) -> list[FeedRow]:
        return await feed.feed_after(connection, after, until, limit)

    async def changed(self, connection: AsyncConnection, after: int, limit: int, *, until: int) -> list[StoredEntry]:
        return await feed.changed_after(connection, after, limit, until=until)

    async def fingerprints_of(
        self, connection: AsyncConnection, ids: Sequence[EntryId], types: Collection[FingerprintType] = AGREED_TYPES
    ) -> Prints:
        return await entry_prints.fingerprints_of(connection, ids, self.types & set(types))


class _TestList:
    is_whole = False

    def __init__(self, types: frozenset[FingerprintType]) -> None:
        self.types = types

    def head(self, state: ListState, after: int) -> int:
        _ = state
        return test_entries.head_after(after)

    async def digest(self, connection: AsyncConnection, state: ListState, head: int) -> ListDigest:
        _ = connection, state
        return digest_of(
            as_listed(one, prints=self._prints(one.id, AGREED_TYPES))
            for one in test_entries.changed_after(0, head)
            if one.state is EntryState.LISTED
        )

    async def stretch(
        self, connection: AsyncConnection, stretches: Stretches, after: int, limit: int, head: int
    ) -> Stretch:
        _ = stretches
        rows = await self.feed(connection, after, limit, until=head)
        return stretch_of(rows, until=head if len(rows) < limit else rows[-1].sequence)

    def may_be_kept(self, stretches: Stretches, after: int, limit: int) -> bool:
        _ = stretches, after, limit
        return False

    def kept(self, stretches: Stretches, after: int, limit: int, state: ListState) -> None:
        _ = stretches, after, limit, state

    async def feed(self, connection: AsyncConnection, after: int, limit: int, *, until: int) -> list[FeedRow]:
        return [self._row(one) for one in await self.changed(connection, after, limit, until=until)]

    async def changed(self, connection: AsyncConnection, after: int, limit: int, *, until: int) -> list[StoredEntry]:
        _ = connection
        return test_entries.changed_after(after, until)[:limit]

    def _row(self, one: StoredEntry) -> FeedRow:
        listed = one.state is EntryState.LISTED
        text = text_of(self._prints(one.id, AGREED_TYPES)) if listed else None
        day = None if one.listed_on is None else one.listed_on.isoformat()
        return FeedRow(one.id, one.sequence or 0, one.kind, one.age, one.tier, day, one.channel, text)

    async def fingerprints_of(
        self, connection: AsyncConnection, ids: Sequence[EntryId], types: Collection[FingerprintType] = AGREED_TYPES
    ) -> Prints:
        _ = connection
        return {id_: self._prints(id_, types) for id_ in ids}

    def _prints(self, id_: EntryId, types: Collection[FingerprintType]) -> tuple[Fingerprint, ...]:
        return tuple(one for one in test_entries.fingerprints_of(id_) if one.type in self.types & set(types))


def as_listed(row: StoredEntry, name: str = "", prints: tuple[Fingerprint, ...] = ()) -> ListedEntry:
    """Gives an entry that is on the list as a participant sees it."""
    if row.listed_on is None:
        raise AssertionError("what is listed has a day")
    action = STRONGEST_ACTION[row.tier]
    return ListedEntry(name, row.sequence or 0, row.kind, row.age, row.tier, action, row.listed_on, prints)
