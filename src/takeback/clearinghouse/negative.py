"""The negative list at a clearinghouse: what comes in is compared at intake; what is listed, when a value was added."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clearinghouse.publishing import Publisher
from takeback.clock import Clock, today
from takeback.errors import TooCommonError
from takeback.fingerprints.types import FingerprintType
from takeback.matching.negative import NegativeList, Value
from takeback.model.entry import EntryId, EntryState, SubmittedEntry
from takeback.model.suspension import SuspendedBy
from takeback.model.tier import Tier
from takeback.staff.negative import all_values
from takeback.storage import audit, entries, entry_prints, negative
from takeback.storage.database import Database

#: Entries that are compared in one transaction.
BATCH = 1_000


def refusal(values: NegativeList, submitted: Sequence[tuple[int, SubmittedEntry]]) -> TooCommonError | None:
    """Gives why these entries of one submission, each with its place in the body, may not be listed, or None."""
    each = values.first_in_each([entry.fingerprints for _, entry in submitted])
    for (at, entry), found in zip(submitted, each, strict=True):
        if found is not None:
            return _too_common(entry.fingerprints[found].type, f"entries[{at}].fingerprints[{found}].value")
    return None


def _too_common(type_: FingerprintType, field: str) -> TooCommonError:
    remedy = "Leave the value out and send the others." if type_ is FingerprintType.PDQ else "Leave this entry out."
    return TooCommonError(
        field=field,
        problem="belongs to a pattern or a public picture that very many files share: it would find files that have "
        "nothing to do with this one.",
        remedy=remedy,
    )


async def would_suspend(database: Database, values: Iterable[Value]) -> int:
    """Gives how many entries of now an addition would suspend. It looks at all of them: minutes on a large list."""
    found = 0
    async for ids in _near_ones(database, NegativeList(values)):
        found += len(ids)
    return found


async def compare_new_values(database: Database, clock: Clock) -> int:
    """Suspends what is near to values that were added since the last time, and gives how many that were.

    It may be interrupted at any point: the values count as compared only when everything was.
    """
    fresh = [one for one in await all_values(database) if not one.compared]
    if not fresh:
        return 0
    suspended = 0
    async for ids in _near_ones(database, NegativeList((one.type, one.value) for one in fresh)):
        suspended += await _suspend(database, clock, ids)
    pictures = {one.picture for one in fresh}
    await database.run("negative-compared", lambda c: negative.set_compared(c, pictures, today(clock)))
    return suspended


async def _near_ones(database: Database, values: NegativeList) -> AsyncIterator[list[EntryId]]:
    after = b""
    while True:

        async def work(connection: AsyncConnection, after: EntryId = after) -> tuple[list[EntryId], list[EntryId]]:
            ids = await entries.to_compare(connection, after, BATCH)
            prints = await entry_prints.fingerprints_of(connection, ids)
            each = values.first_in_each([prints.get(id_, ()) for id_ in ids])
            return ids, [id_ for id_, found in zip(ids, each, strict=True) if found is not None]

        ids, near = await database.run("compare-with-negative", work)
        if near:
            yield near
        if len(ids) < BATCH:
            return
        after = ids[-1]


async def _suspend(database: Database, clock: Clock, ids: list[EntryId]) -> int:
    async def work(connection: AsyncConnection) -> int:
        publisher = await Publisher.begin(connection)
        count = 0
        for id_ in ids:
            entry = await entries.by_id(connection, id_)
            if entry is None or entry.state not in _LIVE or entry.tier is Tier.VERIFIED:
                continue
            await publisher.suspend(entry, tier=entry.tier, by=SuspendedBy.NEGATIVE)
            await audit.record(connection, f"machine:entry/{id_.hex()}:suspend-negative", clock.now())
            count += 1
        if count:
            await publisher.end()
        return count

    return await database.run("suspend-negative", work)


_LIVE = frozenset({EntryState.WAITING, EntryState.LISTED})
