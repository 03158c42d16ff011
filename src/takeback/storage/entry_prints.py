"""The fingerprints of entries: nothing else reads or writes what `sealing` has sealed, but for the feed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.entry import EntryId, EntryState
from takeback.storage import unsealed
from takeback.storage.bulk import Row, rows_with, update_rows
from takeback.storage.schema import entry
from takeback.storage.sealing import INDEXED, Key, keyring_of, prints_of, sealed_columns, text_of

#: SQLite takes at most 32,766 values in one statement; lists are asked for in parts of this size.
_PART = 1_000
_SEALED = (entry.c.id, entry.c.sealed, entry.c.sealed_with)


async def fingerprints_of(
    connection: AsyncConnection, ids: Sequence[EntryId], types: Collection[FingerprintType] = tuple(FingerprintType)
) -> dict[EntryId, tuple[Fingerprint, ...]]:
    """Gives the fingerprints of entries, all or those of some types, in a fixed order."""
    found: dict[EntryId, tuple[Fingerprint, ...]] = {}
    for begin in range(0, len(ids), _PART):
        texts = await opened(connection, await rows_with(connection, _SEALED, entry.c.id, ids[begin : begin + _PART]))
        for id_, text in texts.items():
            prints = prints_of(text, types)
            if prints:
                found[id_] = prints
    return found


async def left_of(connection: AsyncConnection, ids: Sequence[EntryId]) -> dict[EntryId, tuple[Fingerprint, ...]]:
    """Gives what is left of withdrawn entries, for telling that they are gone."""
    found: dict[EntryId, tuple[Fingerprint, ...]] = {}
    for begin in range(0, len(ids), _PART):
        here = (entry.c.id.in_(ids[begin : begin + _PART]), entry.c.left_sealed.is_not(None))
        rows = await connection.execute(select(entry.c.id, entry.c.left_sealed, entry.c.sealed_with).where(*here))
        found |= {id_: prints_of(text) for id_, text in (await opened(connection, rows)).items()}
    return found


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
    texts = await opened(connection, held)
    rows: list[Row] = [{"id": id_, **sealed_columns(key, id_, prints_of(text))} for id_, text in texts.items()]
    await update_rows(connection, entry, rows)
    await unsealed.erase(connection, list(texts))
    return ids[-1], len(rows) + await _seal_left_again(connection, key, ids)


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


async def opened(connection: AsyncConnection, rows: Iterable[Any]) -> dict[EntryId, bytes]:
    """Gives the fingerprints of rows of (id, sealed, sealed_with) as a page carries them."""
    keyring = keyring_of(connection)
    texts: dict[EntryId, bytes] = {}
    before: list[EntryId] = []
    for id_, sealed, version in rows:
        if sealed is None:
            before.append(id_)
        else:
            texts[id_] = keyring.of(version).open(id_, sealed)
    for begin in range(0, len(before), _PART):
        found = await unsealed.of(connection, before[begin : begin + _PART])
        texts |= {id_: text_of(prints) for id_, prints in found.items()}
    return texts


async def _seal_left_again(connection: AsyncConnection, key: Key, ids: Sequence[EntryId]) -> int:
    """The same as `seal_again` for what is left of withdrawn entries."""
    before = (entry.c.id.in_(ids), entry.c.left_sealed.is_not(None), entry.c.sealed_with != key.version)
    statement = select(entry.c.id, entry.c.left_sealed, entry.c.sealed_with).where(*before)
    texts = await opened(connection, await connection.execute(statement.with_for_update()))
    rows: list[Row] = [
        {"id": id_, "left_sealed": key.seal(id_, text), "sealed_with": key.version} for id_, text in texts.items()
    ]
    await update_rows(connection, entry, rows)
    return len(rows)
