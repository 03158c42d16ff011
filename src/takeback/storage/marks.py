"""Up to where in the feed a client that asks by time was given everything, at which of its times."""

from __future__ import annotations

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.storage.schema import mark


async def head_at(connection: AsyncConnection, participant: str, at: int) -> int:
    """Gives what this participant has that has asked up to `at` (seconds since 1970): 0 where it never did."""
    statement = (
        select(mark.c.head)
        .where(mark.c.participant == participant, mark.c.at <= at)
        .order_by(mark.c.at.desc())
        .limit(1)
    )
    return int((await connection.execute(statement)).scalar_one_or_none() or 0)


async def latest(connection: AsyncConnection, participant: str) -> tuple[int, int]:
    """Gives the latest time that it asked up to, and what it has since; zeros where it never asked."""
    statement = select(mark.c.at, mark.c.head).where(mark.c.participant == participant).order_by(mark.c.at.desc())
    row = (await connection.execute(statement.limit(1))).one_or_none()
    return (0, 0) if row is None else (row.at, row.head)


async def add(connection: AsyncConnection, participant: str, *, at: int, head: int) -> None:
    """Keeps that it is given everything up to `head` when it asks up to `at`."""
    await connection.execute(insert(mark).values(participant=participant, at=at, head=head))
