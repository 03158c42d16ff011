"""Verdicts about entries, from the decision until they stand in the outbox of their list."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.feedback import ActionTaken, Feedback, Verdict
from takeback.storage.moments import utc
from takeback.storage.platform.schema import feedback_due


async def put(connection: AsyncConnection, list_: str, new: Feedback, at: datetime) -> None:
    """Keeps one, in the place of one before about the same entry."""
    values = {"verdict": new.verdict.value, "action": new.action.value, "at": at}
    mine = and_(feedback_due.c.list == list_, feedback_due.c.entry == new.entry)
    done = await connection.execute(update(feedback_due).where(mine).values(values))
    if not done.rowcount:
        await connection.execute(insert(feedback_due).values(list=list_, entry=new.entry, **values))


async def all_(connection: AsyncConnection, *, limit: int) -> list[tuple[str, Feedback, datetime]]:
    """Gives list, feedback and moment of those that wait, oldest first."""
    rows = await connection.execute(select(feedback_due).order_by(feedback_due.c.at).limit(limit))
    return [(row.list, Feedback(row.entry, Verdict(row.verdict), ActionTaken(row.action)), utc(row.at)) for row in rows]


async def done(connection: AsyncConnection, list_: str, entry: str, at: datetime) -> None:
    """Forgets one that was handed over, unless a later one has taken its place."""
    where = (feedback_due.c.list == list_, feedback_due.c.entry == entry, feedback_due.c.at == at)
    await connection.execute(delete(feedback_due).where(*where))


async def forget(connection: AsyncConnection, list_: str, entry: str) -> None:
    """Forgets one whose decision was undone."""
    await connection.execute(delete(feedback_due).where(feedback_due.c.list == list_, feedback_due.c.entry == entry))
