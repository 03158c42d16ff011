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
from takeback.storage.by_value import NOT_YET
from takeback.storage.schema import entry, fingerprint

#: SQLite takes at most 32,766 values in one statement; lists are asked for in parts of this size.
_PART = 1_000


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
    await connection.execute(
        insert(fingerprint),
        [
            {"entry": id_, "type": f.type.value, "value": f.value, "quality": f.quality, "at": f.at, "edit": f.edit}
            for id_, one in rows
            for f in one.fingerprints
        ],
    )


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
    connection: AsyncConnection, id_: EntryId, *, sequence: int | None, to_tell: FingerprintType | None = None
) -> None:
    """Leaves a tombstone: no fingerprint, no day. `sequence` is None for one that never was on the list.

    `to_tell` is the type of value by which some know it: these stay until they are told (`by_value.py`).
    """
    erased = delete(fingerprint).where(fingerprint.c.entry == id_)
    if to_tell:
        erased = erased.where((fingerprint.c.type != to_tell.value) | fingerprint.c.edit.is_not(None))
    await connection.execute(erased)
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
        forget_on=NOT_YET if to_tell else None,
    )


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
