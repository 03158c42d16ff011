"""Links that were used: so that none is used again."""

from __future__ import annotations

from datetime import date

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.storage.schema import used_link


async def is_used(connection: AsyncConnection, digest: bytes) -> bool:
    """Says whether a link was used."""
    found = await connection.execute(select(used_link.c.digest).where(used_link.c.digest == digest))
    return found.one_or_none() is not None


async def add(connection: AsyncConnection, digest: bytes, last_day: date) -> None:
    """Keeps that a link was used, up to a day."""
    await connection.execute(insert(used_link).values(digest=digest, last_day=last_day))


async def forget_before(connection: AsyncConnection, day: date) -> int:
    """Forgets links whose last day is over, and gives how many there were."""
    return (await connection.execute(delete(used_link).where(used_link.c.last_day < day))).rowcount
