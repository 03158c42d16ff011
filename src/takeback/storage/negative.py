"""Values that operators put on the negative list. Rows are never deleted: what was refused, and when, can be told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.fingerprints.types import FingerprintType
from takeback.storage.schema import negative_value

#: Made once: it is asked with every submission.
_COUNTS = select(func.count(), func.count(negative_value.c.removed_on))


@dataclass(frozen=True, slots=True)
class NegativeValue:
    """One value of a picture that may not be listed. `picture` is the id that its values share."""

    picture: str
    type: FingerprintType
    value: bytes
    label: str
    added_on: date
    compared: bool


async def hold(connection: AsyncConnection) -> None:
    """Has whoever changes the list wait until this transaction ends. On SQLite one transaction writes at a time."""
    if connection.dialect.name == "postgresql":
        await connection.exec_driver_sql(f"LOCK TABLE {negative_value.name} IN SHARE MODE")


async def add(
    connection: AsyncConnection, picture: str, label: str, values: Iterable[tuple[FingerprintType, bytes]], on: date
) -> None:
    """Adds the values of one picture."""
    await connection.execute(
        insert(negative_value),
        [
            {"picture": picture, "type": type_.value, "value": value, "label": label, "added_on": on}
            for type_, value in values
        ],
    )


async def has(connection: AsyncConnection, picture: str) -> bool:
    """Says whether there are values of a picture, or were."""
    found = select(negative_value.c.picture).where(negative_value.c.picture == picture).limit(1)
    return (await connection.execute(found)).first() is not None


async def remove(connection: AsyncConnection, picture: str, on: date) -> int:
    """Has the values of one picture count no more, and gives how many there were."""
    counts = (negative_value.c.picture == picture, negative_value.c.removed_on.is_(None))
    return (await connection.execute(update(negative_value).where(*counts).values(removed_on=on))).rowcount


async def version(connection: AsyncConnection) -> tuple[int, int]:
    """Gives a pair that is another one after every change: how many were ever added, and how many removed."""
    row = (await connection.execute(_COUNTS)).one()
    return row[0], row[1]


async def all_(connection: AsyncConnection) -> list[NegativeValue]:
    """Gives what counts now, picture by picture, the oldest first."""
    rows = await connection.execute(
        select(negative_value)
        .where(negative_value.c.removed_on.is_(None))
        .order_by(negative_value.c.added_on, negative_value.c.picture, negative_value.c.type, negative_value.c.value)
    )
    return [
        NegativeValue(r.picture, FingerprintType(r.type), r.value, r.label, r.added_on, r.compared_on is not None)
        for r in rows
    ]


async def set_compared(connection: AsyncConnection, pictures: Iterable[str], on: date) -> None:
    """Keeps that everything that was listed has been compared with these."""
    await connection.execute(
        update(negative_value).where(negative_value.c.picture.in_(list(pictures))).values(compared_on=on)
    )
