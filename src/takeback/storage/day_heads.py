"""How far the list had come when each day began: as fine as time may be told of an entry."""

from __future__ import annotations

from datetime import date

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.storage.schema import day_head


async def note(connection: AsyncConnection, day: date, head: int) -> bool:
    """Keeps the head of a day, unless it is kept already; gives whether it was not."""
    known = await connection.execute(select(day_head.c.head).where(day_head.c.day == day))
    if known.one_or_none() is not None:
        return False
    await connection.execute(insert(day_head).values(day=day, head=head))
    return True


async def since(connection: AsyncConnection, day: date) -> dict[date, int]:
    """Gives the heads of a day and those after it."""
    rows = await connection.execute(select(day_head).where(day_head.c.day >= day))
    return {row.day: row.head for row in rows}


async def forget_before(connection: AsyncConnection, day: date) -> None:
    """Forgets the heads of days before one."""
    await connection.execute(delete(day_head).where(day_head.c.day < day))
