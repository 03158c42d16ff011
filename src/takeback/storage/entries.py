"""Entries: one row each, and the states that it goes through. Their fingerprints are in `entry_prints`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.fingerprints.types import Fingerprint
from takeback.model.channel import Channel
from takeback.model.entry import Age, EntryId, EntryState, Kind, ReceiptDigest, SubmittedEntry
from takeback.model.suspension import SuspendedBy
from takeback.model.tier import Tier
from takeback.storage import unsealed
from takeback.storage.bulk import insert_rows, rows_with, update_rows
from takeback.storage.entry_prints import opened
from takeback.storage.schema import entry
from takeback.storage.sealing import keyring_of, prints_of, sealed_columns

#: By their words; making an enumeration's member by calling it takes ten times as long.
_STATES, _KINDS = {one.value: one for one in EntryState}, {one.value: one for one in Kind}
_AGES, _TIERS = {one.value: one for one in Age}, {one.value: one for one in Tier}
_CHANNELS = {one.value: one for one in Channel}
_WAITING, _LISTED, _SUBMITTED = EntryState.WAITING.value, EntryState.LISTED.value, Tier.SUBMITTED.value
_WAITS = entry.c.state == _WAITING


class StoredEntry(msgspec.Struct, frozen=True):
    """One row of `entry`. A struct, as there are thousands a second: a dataclass takes ten times as long to make."""

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
    held_until: date | None = None
    suspended_by: SuspendedBy | None = None
    released_on: date | None = None
    renewed_on: date | None = None


#: What `stored_entry` is made from. What is sealed is fetched only where it is opened.
PLAIN = tuple(entry.c[name] for name in StoredEntry.__struct_fields__)
_SEALED = (entry.c.sealed, entry.c.sealed_with)


class Listing(msgspec.Struct, frozen=True):
    """What an entry becomes on the list."""

    id: EntryId
    sequence: int
    state_since: int
    tier: Tier
    listed_on: date
    listed_hash: int
    first_listed: int


async def add_waiting(
    connection: AsyncConnection,
    entries: Iterable[tuple[EntryId, SubmittedEntry, Age]],
    channel: Channel = Channel.BROWSER,
) -> None:
    """Adds entries that wait for publication."""
    rows, keyring, came_by = list(entries), keyring_of(connection), channel.value
    key = keyring.newest() if keyring.seals else None
    await insert_rows(
        connection,
        entry,
        [
            {
                "id": id_,
                "state": _WAITING,
                "kind": one.kind.value,
                "age": age.value,
                "tier": _SUBMITTED,
                "receipt": one.receipt,
                "channel": came_by,
                **({} if key is None else sealed_columns(key, id_, one.fingerprints)),
            }
            for id_, one, age in rows
        ],
    )
    if key is None:
        await unsealed.add(connection, [(id_, one.fingerprints) for id_, one, _ in rows])


async def by_receipts(
    connection: AsyncConnection, receipts: Collection[ReceiptDigest], *, lock: bool = False
) -> dict[ReceiptDigest, StoredEntry]:
    """Gives the entries that these receipt digests open."""
    rows = await rows_with(connection, PLAIN, entry.c.receipt, receipts, lock=lock)
    return {row.receipt: stored_entry(row) for row in rows}


async def by_id(connection: AsyncConnection, id_: EntryId) -> StoredEntry | None:
    """Gives one entry, held until the transaction ends, or None."""
    row = (await connection.execute(select(*PLAIN).where(entry.c.id == id_).with_for_update())).one_or_none()
    return None if row is None else stored_entry(row)


async def by_numbers(connection: AsyncConnection, numbers: Collection[int]) -> list[StoredEntry]:
    """Gives the entries that have these numbers in a search index (`model.entry.number_of`)."""
    found = []
    for number in numbers:
        first, last = (number << 1).to_bytes(8, "big"), (number << 1 | 1).to_bytes(8, "big")
        same = entry.c.id.between(first + bytes(8), last + b"\xff" * 8)
        found += [stored_entry(row) for row in await connection.execute(select(*PLAIN).where(same))]
    return found


async def by_ids(connection: AsyncConnection, ids: Sequence[EntryId]) -> dict[EntryId, StoredEntry]:
    """Gives those of these entries that there are; at most a thousand at a time."""
    return {row.id: stored_entry(row) for row in await rows_with(connection, PLAIN, entry.c.id, ids)}


async def waiting(
    connection: AsyncConnection, day: date, limit: int
) -> list[tuple[StoredEntry, tuple[Fingerprint, ...]]]:
    """Gives at most `limit` entries that wait for publication and are not held beyond this day, with fingerprints.

    Ids are random, and so is which come first.
    """
    due = entry.c.held_until.is_(None) | (entry.c.held_until <= day)
    statement = select(*PLAIN, *_SEALED).where(_WAITS, due).order_by(entry.c.id).limit(limit)
    rows = (await connection.execute(statement.with_for_update())).all()
    texts = await opened(connection, [(row.id, *row[-len(_SEALED) :]) for row in rows])
    return [(stored_entry(row[: len(PLAIN)]), prints_of(texts[row.id])) for row in rows]


async def count_new(connection: AsyncConnection) -> int:
    """Gives how many entries have come since the last publication."""
    statement = select(func.count()).where(_WAITS, entry.c.held_until.is_(None))
    return int((await connection.execute(statement)).scalar_one())


async def hold_new(connection: AsyncConnection, until: date) -> None:
    """Holds every entry that waits and was not held before."""
    await connection.execute(update(entry).where(_WAITS, entry.c.held_until.is_(None)).values(held_until=until))


async def let_go(connection: AsyncConnection, day: date) -> int:
    """Has every entry that is held go out with the next publication, and gives how many there were."""
    done = await connection.execute(update(entry).where(_WAITS, entry.c.held_until > day).values(held_until=day))
    return done.rowcount


async def count_held(connection: AsyncConnection, day: date) -> dict[date, int]:
    """Gives how many entries are held beyond a day, by the day on which they go out."""
    held = select(entry.c.held_until, func.count()).where(_WAITS, entry.c.held_until > day)
    rows = await connection.execute(held.group_by(entry.c.held_until).order_by(entry.c.held_until))
    return {row[0]: row[1] for row in rows}


async def suspended_at(connection: AsyncConnection) -> list[int]:
    """Gives the place in the feed at which each suspended entry was suspended."""
    rows = await connection.execute(select(entry.c.state_since).where(entry.c.state == EntryState.SUSPENDED.value))
    return [since for since in rows.scalars() if since is not None]


async def set_aside(connection: AsyncConnection, limit: int) -> list[StoredEntry]:
    """Gives at most `limit` entries that wait for a person: suspended ones, those held, in the order of their ids."""
    aside = (entry.c.state == EntryState.SUSPENDED.value) | (_WAITS & entry.c.held_until.is_not(None))
    rows = await connection.execute(select(*PLAIN).where(aside).order_by(entry.c.id).limit(limit))
    return [stored_entry(row) for row in rows]


async def to_compare(connection: AsyncConnection, after: EntryId, limit: int) -> list[EntryId]:
    """Gives at most `limit` ids of entries that wait or are listed, in order, behind one."""
    live = entry.c.state.in_([EntryState.WAITING.value, EntryState.LISTED.value])
    rows = await connection.execute(
        select(entry.c.id).where(live, entry.c.id > after).order_by(entry.c.id).limit(limit)
    )
    return list(rows.scalars())


async def publish(connection: AsyncConnection, listings: Sequence[Listing]) -> None:
    """Makes entries listed, or what is listed of them another, as of their sequences."""
    await update_rows(
        connection,
        entry,
        [
            {
                "id": one.id,
                "state": _LISTED,
                "tier": one.tier.value,
                "listed_on": one.listed_on,
                "sequence": one.sequence,
                "state_since": one.state_since,
                "listed_hash": one.listed_hash.to_bytes(32, "big"),
                "held_until": None,
                "suspended_by": None,
                "first_listed": one.first_listed,
            }
            for one in listings
        ],
    )


async def suspend(connection: AsyncConnection, id_: EntryId, *, sequence: int, tier: Tier, by: SuspendedBy) -> None:
    """Takes an entry off the list for now; its fingerprints stay here."""
    await set_columns(
        connection,
        id_,
        state=EntryState.SUSPENDED.value,
        tier=tier.value,
        sequence=sequence,
        state_since=sequence,
        listed_hash=None,
        suspended_by=by.value,
    )


async def set_released(connection: AsyncConnection, id_: EntryId, on: date) -> None:
    """Keeps the day on which operators put an entry back."""
    await set_columns(connection, id_, released_on=on)


async def suspended(connection: AsyncConnection, limit: int, *, skip: int = 0) -> list[StoredEntry]:
    """Gives at most `limit` suspended entries, the latest suspended first."""
    found = select(*PLAIN).where(entry.c.state == EntryState.SUSPENDED.value)
    found = found.order_by(entry.c.state_since.desc())
    return [stored_entry(row) for row in await connection.execute(found.limit(limit).offset(skip))]


async def count_by_state_and_tier(connection: AsyncConnection) -> dict[tuple[EntryState, Tier], int]:
    """Gives how many entries there are of each state and tier."""
    rows = await connection.execute(
        select(entry.c.state, entry.c.tier, func.count()).group_by(entry.c.state, entry.c.tier)
    )
    return {(EntryState(state), Tier(tier)): count for state, tier, count in rows}


async def set_columns(connection: AsyncConnection, id_: EntryId, **values: object) -> None:
    """Changes some columns of one entry."""
    await connection.execute(update(entry).where(entry.c.id == id_).values(**values))


def stored_entry(row: Any) -> StoredEntry:  # noqa: ANN401 - a row of the driver, or what SQLAlchemy makes of it
    """Gives the entry that a row of `PLAIN` holds."""
    id_, state, kind, age, tier, receipt, listed_on, sequence, since, hash_, *rest = row
    withdraw_on, channel, first_listed, held_until, suspended_by, released_on, renewed_on = rest
    return StoredEntry(
        *(id_, _STATES[state], _KINDS[kind], _AGES[age], _TIERS[tier], receipt, listed_on, sequence, since),
        None if hash_ is None else int.from_bytes(hash_, "big"),
        *(withdraw_on, _CHANNELS[channel], first_listed, held_until),
        None if suspended_by is None else SuspendedBy(suspended_by),
        *(released_on, renewed_on),
    )
