"""How many a day: counts of the whole list, never of anybody."""

from __future__ import annotations

from datetime import date

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.storage.schema import day_count

#: Entries that went out for the first time.
PUBLISHED = "published"


async def add(connection: AsyncConnection, day: date, what: str, number: int) -> None:
    """Counts on. Only whoever holds the list calls this, so that no two transactions wait for one row."""
    row = (day_count.c.day == day, day_count.c.what == what)
    done = await connection.execute(update(day_count).where(*row).values(number=day_count.c.number + number))
    if done.rowcount == 0:
        await connection.execute(insert(day_count).values(day=day, what=what, number=number))


async def since(connection: AsyncConnection, day: date, what: str) -> dict[date, int]:
    """Gives the counts of each day that has any, from a day on."""
    rows = await connection.execute(
        select(day_count.c.day, day_count.c.number).where(day_count.c.day >= day, day_count.c.what == what)
    )
    return {row.day: row.number for row in rows}
