"""How far the platform has heard of its instructions."""

from __future__ import annotations

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.storage.platform.schema import webhook


async def told(connection: AsyncConnection) -> int:
    """Gives the last sequence that it was told of."""
    return (await connection.execute(select(webhook.c.told))).scalar() or 0


async def keep_told(connection: AsyncConnection, sequence: int) -> None:
    """Keeps it."""
    await connection.execute(delete(webhook))
    await connection.execute(insert(webhook).values(id=1, told=sequence))
