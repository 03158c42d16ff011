"""Entries and their fingerprints."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.change import MAX_SEQUENCE
from takeback.model.channel import Channel
from takeback.model.entry import Age, EntryId, EntryState, Kind, ReceiptDigest, SubmittedEntry
from takeback.model.tier import Tier
from takeback.storage.schema import entry, fingerprint

#: SQLite takes at most 32,766 values in one statement; lists are asked for in parts of this size.
_PART = 1_000
#: Stands in `forget_on` until `forget` says which day.
_NO_DAY_YET = date.max


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """One row of `entry`."""

    id: EntryId
    state: EntryState
    kind: Kind
    age: Age
    tier: Tier
    receipt: ReceiptDigest
    listed_on: date | None
    sequence: int | None
    state_since: int | None
    listed_hash: int | None
    withdraw_on: date | None
    channel: Channel
    first_listed: int | None


async def add_waiting(
    connection: AsyncConnection,
    entries: Iterable[tuple[EntryId, SubmittedEntry]],
    age: Age,
    channel: Channel = Channel.BROWSER,
) -> None:
    """Adds entries that wait for publication."""
    rows = list(entries)
    await connection.execute(
        insert(entry),
        [
            {
                "id": id_,
                "state": EntryState.WAITING.value,
                "kind": one.kind.value,
                "age": age.value,
                "tier": Tier.SUBMITTED.value,
                "receipt": one.receipt,
                "channel": channel.value,
            }
            for id_, one in rows
        ],
    )
    await _add_fingerprints(connection, [(id_, one.fingerprints) for id_, one in rows])


async def by_receipts(
    connection: AsyncConnection, receipts: Collection[ReceiptDigest], *, lock: bool = False
) -> dict[ReceiptDigest, StoredEntry]:
    """Gives the entries that these receipt digests open."""
    statement = select(entry).where(entry.c.receipt.in_(receipts))
    rows = await connection.execute(statement.with_for_update() if lock else statement)
    return {row.receipt: _stored(row) for row in rows}


async def by_id(connection: AsyncConnection, id_: EntryId) -> StoredEntry | None:
    """Gives one entry, held until the transaction ends, or None."""
    row = (await connection.execute(select(entry).where(entry.c.id == id_).with_for_update())).one_or_none()
    return None if row is None else _stored(row)


async def by_numbers(connection: AsyncConnection, numbers: Collection[int]) -> list[StoredEntry]:
    """Gives the entries that have these numbers in a search index (`model.entry.number_of`)."""
    found = []
    for number in numbers:
        first, last = (number << 1).to_bytes(8, "big"), (number << 1 | 1).to_bytes(8, "big")
        rows = await connection.execute(select(entry).where(entry.c.id.between(first + bytes(8), last + b"\xff" * 8)))
        found += [_stored(row) for row in rows]
    return found


async def having(connection: AsyncConnection, type_: FingerprintType, value: bytes) -> list[EntryId]:
    """Gives the entries that have exactly this value. Of an exact type: of others there is no index."""
    same = (fingerprint.c.type == type_.value, fingerprint.c.value == value)
    return list((await connection.execute(select(fingerprint.c.entry).where(*same))).scalars())


async def waiting(connection: AsyncConnection) -> list[StoredEntry]:
    """Gives every entry that waits for publication."""
    rows = await connection.execute(select(entry).where(entry.c.state == EntryState.WAITING.value).with_for_update())
    return [_stored(row) for row in rows]


async def changed_after(
    connection: AsyncConnection, after: int, limit: int, *, until: int = MAX_SEQUENCE
) -> list[StoredEntry]:
    """Gives at most `limit` published entries and tombstones whose latest change is in (after, until], in order."""
    statement = select(entry).where(entry.c.sequence > after, entry.c.sequence <= until)
    rows = await connection.execute(statement.order_by(entry.c.sequence).limit(limit))
    return [_stored(row) for row in rows]


async def fingerprints_of(
    connection: AsyncConnection, ids: Sequence[EntryId], types: Collection[FingerprintType] = tuple(FingerprintType)
) -> dict[EntryId, tuple[Fingerprint, ...]]:
    """Gives the fingerprints of entries, all or those of some types, in a fixed order."""
    found: dict[EntryId, tuple[Fingerprint, ...]] = {}
    for begin in range(0, len(ids), _PART):
        rows = await connection.execute(
            select(fingerprint)
            .where(fingerprint.c.entry.in_(ids[begin : begin + _PART]))
            .where(fingerprint.c.type.in_([one.value for one in types]))
            .order_by(fingerprint.c.entry, fingerprint.c.type, fingerprint.c.value)
        )
        for id_, group in groupby(rows, key=lambda row: row.entry):
            found[id_] = tuple(Fingerprint(FingerprintType(r.type), r.value, r.quality, r.at, r.edit) for r in group)
    return found


async def count_fingerprints_of(connection: AsyncConnection, ids: Sequence[EntryId]) -> dict[EntryId, int]:
    """Gives how many fingerprints each entry has."""
    found: dict[EntryId, int] = {}
    for begin in range(0, len(ids), _PART):
        rows = await connection.execute(
            select(fingerprint.c.entry, func.count())
            .where(fingerprint.c.entry.in_(ids[begin : begin + _PART]))
            .group_by(fingerprint.c.entry)
        )
        found |= {row[0]: row[1] for row in rows}
    return found


async def publish(
    connection: AsyncConnection,
    id_: EntryId,
    *,
    sequence: int,
    state_since: int,
    tier: Tier,
    listed_on: date,
    listed_hash: int,
    first_listed: int,
) -> None:
    """Makes an entry listed, or what is listed of it another, as of this sequence."""
    await _set(
        connection,
        id_,
        state=EntryState.LISTED.value,
        tier=tier.value,
        listed_on=listed_on,
        sequence=sequence,
        state_since=state_since,
        listed_hash=listed_hash.to_bytes(32, "big"),
        first_listed=first_listed,
    )


async def suspend(connection: AsyncConnection, id_: EntryId, *, sequence: int, tier: Tier) -> None:
    """Takes an entry off the list for now; its fingerprints stay here."""
    await _set(
        connection,
        id_,
        state=EntryState.SUSPENDED.value,
        tier=tier.value,
        sequence=sequence,
        state_since=sequence,
        listed_hash=None,
    )


async def withdraw(
    connection: AsyncConnection, id_: EntryId, *, sequence: int | None, left: Sequence[Fingerprint] = ()
) -> None:
    """Leaves a tombstone: no fingerprint, no day. `sequence` is None for one that never was on the list.

    `left` stays of its fingerprints until `forget`: somebody is to be told who knows the entry by that alone.
    """
    await _erase(connection, [id_])
    await _add_fingerprints(connection, [(id_, left)])
    await _set(
        connection,
        id_,
        state=EntryState.WITHDRAWN.value,
        tier=Tier.SUBMITTED.value,
        listed_on=None,
        sequence=sequence,
        state_since=None,
        listed_hash=None,
        withdraw_on=None,
        forget_on=_NO_DAY_YET if left else None,
    )


async def forget(connection: AsyncConnection, *, day: date, latest: date, told: int | None, limit: int) -> int:
    """Erases what is left of at most `limit` withdrawn entries whose day has come, or of which all have been told.

    `told` is the sequence up to which; None when there is nobody to tell. What has no day yet is given `latest`. Gives
    how many there were.
    """
    await connection.execute(update(entry).where(entry.c.forget_on > latest).values(forget_on=latest))
    over = select(entry.c.id).where(entry.c.forget_on.is_not(None)).limit(limit)
    if told is not None:
        over = over.where((entry.c.forget_on <= day) | (entry.c.sequence <= told))
    gone = list((await connection.execute(over)).scalars())
    if gone:
        await _erase(connection, gone)
        await connection.execute(update(entry).where(entry.c.id.in_(gone)).values(forget_on=None))
    return len(gone)


async def plan_withdrawal(connection: AsyncConnection, receipts: Collection[ReceiptDigest], on: date) -> None:
    """Sets the day on which live entries are withdrawn; one that has a day already keeps it."""
    live = (entry.c.receipt.in_(receipts), entry.c.state != EntryState.WITHDRAWN.value, entry.c.withdraw_on.is_(None))
    await connection.execute(update(entry).where(*live).values(withdraw_on=on))


async def keep(connection: AsyncConnection, receipts: Collection[ReceiptDigest]) -> None:
    """Forgets the day on which entries were to be withdrawn."""
    await connection.execute(update(entry).where(entry.c.receipt.in_(receipts)).values(withdraw_on=None))


async def due_for_withdrawal(connection: AsyncConnection, day: date, limit: int) -> list[StoredEntry]:
    """Gives at most `limit` entries whose day has come, held until the transaction ends."""
    due = select(entry).where(entry.c.withdraw_on <= day).limit(limit).with_for_update()
    return [_stored(row) for row in await connection.execute(due)]


async def count_by_state_and_tier(connection: AsyncConnection) -> dict[tuple[EntryState, Tier], int]:
    """Gives how many entries there are of each state and tier."""
    rows = await connection.execute(
        select(entry.c.state, entry.c.tier, func.count()).group_by(entry.c.state, entry.c.tier)
    )
    return {(EntryState(state), Tier(tier)): count for state, tier, count in rows}


async def count_fingerprints(connection: AsyncConnection) -> dict[str, int]:
    """Gives how many fingerprints there are of each type."""
    rows = await connection.execute(select(fingerprint.c.type, func.count()).group_by(fingerprint.c.type))
    return {row[0]: row[1] for row in rows}


async def _add_fingerprints(connection: AsyncConnection, of: Iterable[tuple[EntryId, Sequence[Fingerprint]]]) -> None:
    rows = [
        {"entry": id_, "type": f.type.value, "value": f.value, "quality": f.quality, "at": f.at, "edit": f.edit}
        for id_, prints in of
        for f in prints
    ]
    if rows:
        await connection.execute(insert(fingerprint), rows)


async def _erase(connection: AsyncConnection, ids: Sequence[EntryId]) -> None:
    await connection.execute(delete(fingerprint).where(fingerprint.c.entry.in_(ids)))


async def _set(connection: AsyncConnection, id_: EntryId, **values: object) -> None:
    await connection.execute(update(entry).where(entry.c.id == id_).values(**values))


def _stored(row: object) -> StoredEntry:
    r = row._mapping  # type: ignore[attr-defined]  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping
    return StoredEntry(
        r["id"],
        EntryState(r["state"]),
        Kind(r["kind"]),
        Age(r["age"]),
        Tier(r["tier"]),
        r["receipt"],
        r["listed_on"],
        r["sequence"],
        r["state_since"],
        None if r["listed_hash"] is None else int.from_bytes(r["listed_hash"], "big"),
        r["withdraw_on"],
        Channel(r["channel"]),
        r["first_listed"],
    )
