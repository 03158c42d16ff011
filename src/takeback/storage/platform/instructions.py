"""What the platform is told to do with its content, in order."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.instruction import Doing, Instruction
from takeback.storage.moments import utc
from takeback.storage.platform.schema import instruction

#: Of the lock that givers hold until they commit, in PostgreSQL: any number that nobody else takes.
_TURN = 0x7461_6B65


async def give(connection: AsyncConnection, content: str, doing: Doing, *, because: str, at: datetime) -> None:
    """Adds an instruction. `because` is the id of the hold or notice that led to it.

    Sequences become visible in their order: a reader that has seen n never later finds a new one that is not above n.
    SQLite has one writer at a time; in PostgreSQL the next giver waits until this transaction has ended.
    """
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_advisory_xact_lock(_TURN)))
    await connection.execute(insert(instruction).values(content=content, doing=doing.value, because=because, at=at))


async def after(connection: AsyncConnection, sequence: int, *, limit: int) -> list[Instruction]:
    """Gives at most `limit` instructions behind a sequence, in order."""
    statement = select(instruction).where(instruction.c.sequence > sequence).order_by(instruction.c.sequence)
    rows = await connection.execute(statement.limit(limit))
    return [Instruction(row.sequence, row.content, Doing(row.doing), row.because, utc(row.at)) for row in rows]


async def latest(connection: AsyncConnection) -> int:
    """Gives the last sequence; 0 before the first."""
    return (await connection.execute(select(func.max(instruction.c.sequence)))).scalar() or 0
