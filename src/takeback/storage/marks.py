"""Up to where in the feed a client that asks by time was given everything, at which of its times."""

from __future__ import annotations

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.storage.schema import mark
from takeback.storage.schema import participant as participants


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


async def times_of(connection: AsyncConnection, participant: str, first: int, last: int) -> list[tuple[int, int]]:
    """Gives the marks (sequence, time) from `first` on, in order, up to one at or behind `last`."""
    mine = select(mark.c.head, mark.c.at).where(mark.c.participant == participant).order_by(mark.c.head)
    rows = list(await connection.execute(mine.where(mark.c.head >= first, mark.c.head < last)))
    rows += list(await connection.execute(mine.where(mark.c.head >= last).limit(1)))
    return [(row.head, row.at) for row in rows]


async def time_at(connection: AsyncConnection, participant: str, sequence: int) -> int:
    """Gives the latest time at which it had no more than this sequence: 0 where there is no such mark."""
    statement = select(mark.c.at).where(mark.c.participant == participant, mark.c.head <= sequence)
    return int((await connection.execute(statement.order_by(mark.c.head.desc()).limit(1))).scalar_one_or_none() or 0)


async def last_asked(connection: AsyncConnection, participant: str) -> int:
    """Gives the latest time that it asked up to, with a mark or without; 0 where it never did."""
    statement = select(participants.c.asked_until).where(participants.c.id == participant)
    return int((await connection.execute(statement)).scalar_one_or_none() or 0)


async def asked(connection: AsyncConnection, participant: str, at: int) -> None:
    """Keeps that it asked up to `at`."""
    later = participants.c.asked_until.is_(None) | (participants.c.asked_until < at)
    await connection.execute(update(participants).where(participants.c.id == participant, later).values(asked_until=at))
