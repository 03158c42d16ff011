"""What a participant is shown: the list, as far as its agreement goes; or test entries, while it is in the sandbox.

Every dialect reads through here, so that neither depends on how a client asks.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clearinghouse import test_entries
from takeback.errors import SuspendedError
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.application import types_text
from takeback.model.entry import EntryId, EntryState, ListedEntry
from takeback.model.list_digest import ListDigest, digest_of
from takeback.model.participant import AGREED_TYPES, Participant, ParticipantState
from takeback.model.tier import STRONGEST_ACTION
from takeback.storage import entries, list_state
from takeback.storage.entries import StoredEntry
from takeback.storage.list_state import ListState

Prints = dict[EntryId, tuple[Fingerprint, ...]]


class Shown(Protocol):
    """A list as one participant sees it."""

    def head(self, state: ListState, after: int) -> int:
        """Gives where it stands for a reader who has everything up to `after`."""
        ...

    async def digest(self, connection: AsyncConnection, state: ListState, head: int) -> ListDigest:
        """Gives what a reader who has everything up to the head must hold."""
        ...

    async def changed_after(
        self, connection: AsyncConnection, after: int, limit: int, *, until: int
    ) -> list[StoredEntry]:
        """Gives at most `limit` entries whose latest change is in (after, until], in order."""
        ...

    async def counts_of(self, connection: AsyncConnection, ids: Sequence[EntryId]) -> dict[EntryId, int]:
        """Gives how many fingerprints entries have, or a few more than are shown."""
        ...

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
        self._types = types

    def head(self, state: ListState, after: int) -> int:
        _ = after
        return state.head

    async def digest(self, connection: AsyncConnection, state: ListState, head: int) -> ListDigest:
        _ = head
        if self._types == set(AGREED_TYPES):
            return state.digest
        sums = await list_state.by_types(connection)
        return ListDigest(state.digest.entries, sums[types_text(self._types)])

    async def changed_after(
        self, connection: AsyncConnection, after: int, limit: int, *, until: int
    ) -> list[StoredEntry]:
        return await entries.changed_after(connection, after, limit, until=until)

    async def counts_of(self, connection: AsyncConnection, ids: Sequence[EntryId]) -> dict[EntryId, int]:
        return await entries.count_fingerprints_of(connection, ids)

    async def fingerprints_of(
        self, connection: AsyncConnection, ids: Sequence[EntryId], types: Collection[FingerprintType] = AGREED_TYPES
    ) -> Prints:
        return await entries.fingerprints_of(connection, ids, self._types & set(types))


class _TestList:
    def __init__(self, types: frozenset[FingerprintType]) -> None:
        self._types = types

    def head(self, state: ListState, after: int) -> int:
        _ = state
        return test_entries.head_after(after)

    async def digest(self, connection: AsyncConnection, state: ListState, head: int) -> ListDigest:
        _ = connection, state
        return digest_of(
            replace(as_listed(one), fingerprints=self._prints(one.id, AGREED_TYPES))
            for one in test_entries.changed_after(0, head)
            if one.state is EntryState.LISTED
        )

    async def changed_after(
        self, connection: AsyncConnection, after: int, limit: int, *, until: int
    ) -> list[StoredEntry]:
        _ = connection
        return test_entries.changed_after(after, until)[:limit]

    async def counts_of(self, connection: AsyncConnection, ids: Sequence[EntryId]) -> dict[EntryId, int]:
        _ = connection
        return {id_: len(test_entries.fingerprints_of(id_)) for id_ in ids}

    async def fingerprints_of(
        self, connection: AsyncConnection, ids: Sequence[EntryId], types: Collection[FingerprintType] = AGREED_TYPES
    ) -> Prints:
        _ = connection
        return {id_: self._prints(id_, types) for id_ in ids}

    def _prints(self, id_: EntryId, types: Collection[FingerprintType]) -> tuple[Fingerprint, ...]:
        return tuple(one for one in test_entries.fingerprints_of(id_) if one.type in self._types & set(types))


def as_listed(row: StoredEntry, name: str = "", prints: tuple[Fingerprint, ...] = ()) -> ListedEntry:
    """Gives an entry that is on the list as a participant sees it."""
    if row.listed_on is None:
        raise AssertionError("what is listed has a day")
    action = STRONGEST_ACTION[row.tier]
    return ListedEntry(name, row.sequence or 0, row.kind, row.age, row.tier, action, row.listed_on, prints)
