"""Fingerprints that stand in the table of before, until `takeback db rekey` has sealed them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.entry import EntryId
from takeback.storage.bulk import insert_rows
from takeback.storage.schema import fingerprint


async def add(connection: AsyncConnection, entries: Sequence[tuple[EntryId, tuple[Fingerprint, ...]]]) -> None:
    """Adds the fingerprints of entries."""
    await insert_rows(
        connection,
        fingerprint,
        [
            {"entry": id_, "type": f.type.value, "value": f.value, "quality": f.quality, "at": f.at, "edit": f.edit}
            for id_, prints in entries
            for f in prints
        ],
    )


async def of(connection: AsyncConnection, ids: Sequence[EntryId]) -> dict[EntryId, tuple[Fingerprint, ...]]:
    """Gives the fingerprints of entries, in a fixed order."""
    statement = select(fingerprint).where(fingerprint.c.entry.in_(ids))
    rows = await connection.execute(statement.order_by(fingerprint.c.entry, fingerprint.c.type, fingerprint.c.value))
    return {
        id_: tuple(Fingerprint(FingerprintType(r.type), r.value, r.quality, r.at, r.edit) for r in group)
        for id_, group in groupby(rows, key=lambda row: row.entry)
    }


async def having(connection: AsyncConnection, type_: FingerprintType, value: bytes) -> list[EntryId]:
    """Gives the entries that have exactly this fingerprint."""
    statement = select(fingerprint.c.entry).where(fingerprint.c.type == type_.value, fingerprint.c.value == value)
    return list((await connection.execute(statement)).scalars())


async def erase(connection: AsyncConnection, ids: Sequence[EntryId]) -> None:
    """Erases the fingerprints of entries."""
    if ids:
        await connection.execute(delete(fingerprint).where(fingerprint.c.entry.in_(ids)))


async def count(connection: AsyncConnection) -> dict[str, int]:
    """Gives how many there are of each type."""
    rows = await connection.execute(select(fingerprint.c.type, func.count()).group_by(fingerprint.c.type))
    return {row[0]: row[1] for row in rows}
