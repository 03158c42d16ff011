"""Entries and their fingerprints: the one room that seals and opens fingerprint values (`sealing`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.change import MAX_SEQUENCE
from takeback.model.channel import Channel
from takeback.model.entry import Age, EntryId, EntryState, Kind, ReceiptDigest, SubmittedEntry
from takeback.model.suspension import SuspendedBy
from takeback.model.tier import Tier
from takeback.storage import unsealed
from takeback.storage.bulk import Row, insert_rows, update_rows
from takeback.storage.schema import entry, logged_entry
from takeback.storage.sealing import INDEXED, Key, keyring_of, prints_of, sealed_columns, text_of

#: Stands in `forget_on` until `forget` says which day.
_NO_DAY_YET = date.max
#: SQLite takes at most 32,766 values in one statement; lists are asked for in parts of this size.
_PART = 1_000
#: What is sealed is fetched only where it is opened.
_SEALED = {"sealed", "sealed_with", "md5_index", "sha256_index", "pictures", "frames", "left_sealed"}
_WAITS = entry.c.state == EntryState.WAITING.value
_LISTED = EntryState.LISTED.value
_FEED = select(
    *(entry.c.id, entry.c.sequence, entry.c.state, entry.c.sealed, entry.c.sealed_with),
    *(entry.c.kind, entry.c.age, entry.c.tier, entry.c.listed_on),
)
_PLAIN = [column for column in entry.c if column.name not in _SEALED]


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
    held_until: date | None = None
    suspended_by: SuspendedBy | None = None
    released_on: date | None = None
    renewed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What an entry becomes on the list."""

    id: EntryId
    sequence: int
    state_since: int
    tier: Tier
    listed_on: date
    listed_hash: int
    first_listed: int


class FeedRow(NamedTuple):
    """One place of the feed, in plain words; `prints` are the fingerprints as a page carries them, if it is listed."""

    id: EntryId
    sequence: int
    kind: str
    age: str
    tier: str
    listed_on: date | None
    prints: bytes | None


async def add_waiting(
    connection: AsyncConnection,
    entries: Iterable[tuple[EntryId, SubmittedEntry, Age]],
    channel: Channel = Channel.BROWSER,
) -> None:
    """Adds entries that wait for publication."""
    rows, keyring = list(entries), keyring_of(connection)
    key = keyring.newest() if keyring.seals else None
    await insert_rows(
        connection,
        entry,
        [
            {
                "id": id_,
                "state": EntryState.WAITING.value,
                "kind": one.kind.value,
                "age": age.value,
                "tier": Tier.SUBMITTED.value,
                "receipt": one.receipt,
                "channel": channel.value,
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
    statement = select(*_PLAIN).where(entry.c.receipt.in_(receipts))
    rows = await connection.execute(statement.with_for_update() if lock else statement)
    return {row.receipt: _stored(row) for row in rows}


async def by_id(connection: AsyncConnection, id_: EntryId) -> StoredEntry | None:
    """Gives one entry, held until the transaction ends, or None."""
    row = (await connection.execute(select(*_PLAIN).where(entry.c.id == id_).with_for_update())).one_or_none()
    return None if row is None else _stored(row)


async def by_numbers(connection: AsyncConnection, numbers: Collection[int]) -> list[StoredEntry]:
    """Gives the entries that have these numbers in a search index (`model.entry.number_of`)."""
    found = []
    for number in numbers:
        first, last = (number << 1).to_bytes(8, "big"), (number << 1 | 1).to_bytes(8, "big")
        same = entry.c.id.between(first + bytes(8), last + b"\xff" * 8)
        found += [_stored(row) for row in await connection.execute(select(*_PLAIN).where(same))]
    return found


async def by_ids(connection: AsyncConnection, ids: Sequence[EntryId]) -> dict[EntryId, StoredEntry]:
    """Gives those of these entries that there are; at most a thousand at a time."""
    return {row.id: _stored(row) for row in await connection.execute(select(*_PLAIN).where(entry.c.id.in_(ids)))}


async def waiting(connection: AsyncConnection, day: date, limit: int) -> list[StoredEntry]:
    """Gives at most `limit` entries that wait for publication and are not held beyond this day.

    Ids are random, and so is which come first.
    """
    due = entry.c.held_until.is_(None) | (entry.c.held_until <= day)
    statement = select(*_PLAIN).where(_WAITS, due).order_by(entry.c.id).limit(limit)
    return [_stored(row) for row in await connection.execute(statement.with_for_update())]


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


async def set_aside(connection: AsyncConnection, limit: int) -> list[StoredEntry]:
    """Gives at most `limit` entries that wait for a person: suspended ones, those held, in the order of their ids."""
    aside = (entry.c.state == EntryState.SUSPENDED.value) | (_WAITS & entry.c.held_until.is_not(None))
    rows = await connection.execute(select(*_PLAIN).where(aside).order_by(entry.c.id).limit(limit))
    return [_stored(row) for row in rows]


async def to_compare(connection: AsyncConnection, after: EntryId, limit: int) -> list[EntryId]:
    """Gives at most `limit` ids of entries that wait or are listed, in order, behind one."""
    live = entry.c.state.in_([EntryState.WAITING.value, EntryState.LISTED.value])
    rows = await connection.execute(
        select(entry.c.id).where(live, entry.c.id > after).order_by(entry.c.id).limit(limit)
    )
    return list(rows.scalars())


async def changed_after(
    connection: AsyncConnection, after: int, limit: int, *, until: int = MAX_SEQUENCE
) -> list[StoredEntry]:
    """Gives at most `limit` published entries and tombstones whose latest change is in (after, until], in order."""
    statement = select(*_PLAIN).where(entry.c.sequence > after, entry.c.sequence <= until)
    rows = await connection.execute(statement.order_by(entry.c.sequence).limit(limit))
    return [_stored(row) for row in rows]


async def fingerprints_of(
    connection: AsyncConnection, ids: Sequence[EntryId], types: Collection[FingerprintType] = tuple(FingerprintType)
) -> dict[EntryId, tuple[Fingerprint, ...]]:
    """Gives the fingerprints of entries, all or those of some types, in a fixed order."""
    found: dict[EntryId, tuple[Fingerprint, ...]] = {}
    for begin in range(0, len(ids), _PART):
        statement = select(entry.c.id, entry.c.sealed, entry.c.sealed_with)
        rows = await connection.execute(statement.where(entry.c.id.in_(ids[begin : begin + _PART])))
        texts = await _opened(connection, rows.all())
        for id_, text in texts.items():
            prints = tuple(one for one in prints_of(text) if one.type in types)
            if prints:
                found[id_] = prints
    return found


async def left_of(connection: AsyncConnection, ids: Sequence[EntryId]) -> dict[EntryId, tuple[Fingerprint, ...]]:
    """Gives what is left of withdrawn entries, for telling that they are gone."""
    found: dict[EntryId, tuple[Fingerprint, ...]] = {}
    for begin in range(0, len(ids), _PART):
        here = (entry.c.id.in_(ids[begin : begin + _PART]), entry.c.left_sealed.is_not(None))
        rows = await connection.execute(select(entry.c.id, entry.c.left_sealed, entry.c.sealed_with).where(*here))
        found |= {id_: prints_of(text) for id_, text in (await _opened(connection, rows.all())).items()}
    return found


async def feed_after(
    connection: AsyncConnection, after: int, until: int, limit: int, types: Collection[str] | None = None
) -> list[FeedRow]:
    """Gives at most `limit` places of the feed in (after, until], in order, with fingerprints of some types, or all."""
    statement = _FEED.where(entry.c.sequence > after, entry.c.sequence <= until).order_by(entry.c.sequence)
    rows = (await connection.execute(statement.limit(limit))).all()
    texts = await _opened(connection, [(id_, s, v) for id_, _, state, s, v, *_ in rows if state == _LISTED])
    if types is not None:
        texts = {id_: text_of(tuple(f for f in prints_of(text) if f.type in types)) for id_, text in texts.items()}
    return [
        FeedRow(id_, sequence, kind, age, tier, listed_on, texts.get(id_))
        for id_, sequence, _, _, _, kind, age, tier, listed_on in rows
    ]


async def count_between(connection: AsyncConnection, after: int, until: int) -> int:
    """Gives how many places of the feed are in (after, until]. A place is left, and never taken again."""
    statement = select(func.count()).where(entry.c.sequence > after, entry.c.sequence <= until)
    return int((await connection.execute(statement)).scalar_one())


async def having(connection: AsyncConnection, type_: FingerprintType, value: bytes) -> list[EntryId]:
    """Gives the entries that have exactly this md5 or sha256, by the blind index."""
    indexes = [key.index(type_, value) for key in keyring_of(connection).all()]
    rows = await connection.execute(select(entry.c.id).where(entry.c[INDEXED[type_]].in_(indexes)))
    return [row.id for row in rows] + await unsealed.having(connection, type_, value)


async def seal_again(connection: AsyncConnection, key: Key, after: EntryId, limit: int) -> tuple[EntryId | None, int]:
    """Seals under `key` what among the next `limit` entries is not; gives the last one looked at and how many it were.

    What is withdrawn meanwhile stays withdrawn: the rows are held until the transaction ends.
    """
    ids = list(
        (
            await connection.execute(select(entry.c.id).where(entry.c.id > after).order_by(entry.c.id).limit(limit))
        ).scalars()
    )
    if not ids:
        return None, 0
    statement = select(entry.c.id, entry.c.sealed, entry.c.sealed_with).where(
        entry.c.id.in_(ids),
        entry.c.state != EntryState.WITHDRAWN.value,
        or_(entry.c.sealed_with.is_(None), entry.c.sealed_with != key.version),
    )
    held = await connection.execute(statement.with_for_update())
    texts = await _opened(connection, held.all())
    rows: list[Row] = [{"id": id_, **sealed_columns(key, id_, prints_of(text))} for id_, text in texts.items()]
    await update_rows(connection, entry, rows)
    await unsealed.erase(connection, list(texts))
    return ids[-1], len(rows) + await _seal_left_again(connection, key, ids)


async def publish(connection: AsyncConnection, listings: Sequence[Listing]) -> None:
    """Makes entries listed, or what is listed of them another, as of their sequences."""
    await update_rows(
        connection,
        entry,
        [
            {
                "id": one.id,
                "state": EntryState.LISTED.value,
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
    await _set(
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
    await _set(connection, id_, released_on=on)


async def withdraw(
    connection: AsyncConnection, id_: EntryId, *, sequence: int | None, left: tuple[Fingerprint, ...] = ()
) -> None:
    """Leaves a tombstone: no fingerprint, no day. `sequence` is None for one that never was on the list.

    `left` stays of its fingerprints until `forget`: somebody is to be told who knows the entry by that alone.
    """
    key = keyring_of(connection).newest() if left else None
    await unsealed.erase(connection, [id_])
    await connection.execute(update(logged_entry).where(logged_entry.c.entry == id_).values(salt=None, content=None))
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
        held_until=None,
        suspended_by=None,
        released_on=None,
        renewed_on=None,
        sealed=None,
        sealed_with=key.version if key else None,
        md5_index=None,
        sha256_index=None,
        pictures=None,
        frames=None,
        left_sealed=key.seal(id_, text_of(left)) if key else None,
        forget_on=_NO_DAY_YET if key else None,
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
        nothing = {"left_sealed": None, "sealed_with": None, "forget_on": None}
        await connection.execute(update(entry).where(entry.c.id.in_(gone)).values(nothing))
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
    due = select(*_PLAIN).where(entry.c.withdraw_on <= day).limit(limit).with_for_update()
    return [_stored(row) for row in await connection.execute(due)]


async def count_by_withdrawal_day(connection: AsyncConnection) -> dict[date, int]:
    """Gives how many entries will be withdrawn on each day for which that was asked."""
    planned = select(entry.c.withdraw_on, func.count()).where(entry.c.withdraw_on.is_not(None))
    rows = await connection.execute(planned.group_by(entry.c.withdraw_on).order_by(entry.c.withdraw_on))
    return {row[0]: row[1] for row in rows}


async def suspended(connection: AsyncConnection, limit: int, *, skip: int = 0) -> list[StoredEntry]:
    """Gives at most `limit` suspended entries, the latest suspended first."""
    found = select(*_PLAIN).where(entry.c.state == EntryState.SUSPENDED.value)
    found = found.order_by(entry.c.state_since.desc())
    return [_stored(row) for row in await connection.execute(found.limit(limit).offset(skip))]


async def renew(connection: AsyncConnection, receipts: Collection[ReceiptDigest], on: date) -> None:
    """Has the time of live entries begin again."""
    live = (entry.c.receipt.in_(receipts), entry.c.state != EntryState.WITHDRAWN.value)
    await connection.execute(update(entry).where(*live).values(renewed_on=on))


async def expired(connection: AsyncConnection, age: Age, begun: date, limit: int) -> list[StoredEntry]:
    """Gives at most `limit` published entries of this age whose time began on or before a day, held."""
    since = func.coalesce(entry.c.renewed_on, entry.c.listed_on)
    due = select(*_PLAIN).where(entry.c.listed_on.is_not(None), entry.c.age == age.value, since <= begun)
    return [_stored(row) for row in await connection.execute(due.limit(limit).with_for_update())]


async def count_gone(connection: AsyncConnection, after: int, until: int) -> int:
    """Gives how many entries left the list in (after, until] and are off it still."""
    off = (entry.c.sequence > after, entry.c.sequence <= until, entry.c.state != EntryState.LISTED.value)
    return int((await connection.execute(select(func.count()).where(*off))).scalar_one())


async def count_by_state_and_tier(connection: AsyncConnection) -> dict[tuple[EntryState, Tier], int]:
    """Gives how many entries there are of each state and tier."""
    rows = await connection.execute(
        select(entry.c.state, entry.c.tier, func.count()).group_by(entry.c.state, entry.c.tier)
    )
    return {(EntryState(state), Tier(tier)): count for state, tier, count in rows}


async def count_fingerprints(connection: AsyncConnection) -> dict[str, int]:
    """Gives how many fingerprints there are of each type."""
    counted = {
        FingerprintType.MD5.value: func.count(entry.c.md5_index),
        FingerprintType.SHA256.value: func.count(entry.c.sha256_index),
        FingerprintType.PDQ.value: func.coalesce(func.sum(entry.c.pictures), 0),
        FingerprintType.VPDQ.value: func.coalesce(func.sum(entry.c.frames), 0),
    }
    sealed = (await connection.execute(select(*counted.values()))).one()
    plain = await unsealed.count(connection)
    counts = {type_: int(number) + plain.get(type_, 0) for type_, number in zip(counted, sealed, strict=True)}
    return {type_: number for type_, number in counts.items() if number}


async def _opened(connection: AsyncConnection, rows: Sequence[Any]) -> dict[EntryId, bytes]:
    """Gives the fingerprints of rows of (id, sealed, sealed_with) as a page carries them."""
    keyring = keyring_of(connection)
    texts = {id_: keyring.of(version).open(id_, sealed) for id_, sealed, version in rows if sealed is not None}
    before = [id_ for id_, sealed, _ in rows if sealed is None]
    for begin in range(0, len(before), _PART):
        found = await unsealed.of(connection, before[begin : begin + _PART])
        texts |= {id_: text_of(prints) for id_, prints in found.items()}
    return texts


async def _seal_left_again(connection: AsyncConnection, key: Key, ids: Sequence[EntryId]) -> int:
    """The same as `seal_again` for what is left of withdrawn entries."""
    before = (entry.c.id.in_(ids), entry.c.left_sealed.is_not(None), entry.c.sealed_with != key.version)
    statement = select(entry.c.id, entry.c.left_sealed, entry.c.sealed_with).where(*before)
    texts = await _opened(connection, (await connection.execute(statement.with_for_update())).all())
    rows: list[Row] = [
        {"id": id_, "left_sealed": key.seal(id_, text), "sealed_with": key.version} for id_, text in texts.items()
    ]
    await update_rows(connection, entry, rows)
    return len(rows)


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
        r["held_until"],
        None if r["suspended_by"] is None else SuspendedBy(r["suspended_by"]),
        r["released_on"],
        r["renewed_on"],
    )
