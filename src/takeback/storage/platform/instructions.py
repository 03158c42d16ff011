"""What the platform is told to do with its content, in order."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.instruction import Doing, Instruction
from takeback.storage.moments import utc
from takeback.storage.platform.schema import instruction


async def give(connection: AsyncConnection, content: str, doing: Doing, *, because: str, at: datetime) -> None:
    """Adds an instruction. `because` is the id of the hold or notice that led to it."""
    await connection.execute(insert(instruction).values(content=content, doing=doing.value, because=because, at=at))


async def after(connection: AsyncConnection, sequence: int, *, limit: int) -> list[Instruction]:
    """Gives at most `limit` instructions behind a sequence, in order."""
    statement = select(instruction).where(instruction.c.sequence > sequence).order_by(instruction.c.sequence)
    rows = await connection.execute(statement.limit(limit))
    return [Instruction(row.sequence, row.content, Doing(row.doing), row.because, utc(row.at)) for row in rows]
