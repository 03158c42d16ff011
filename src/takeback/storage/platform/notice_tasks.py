"""What has to be done once about a notice, and when. Rows are claimed for some time, so any process may do it.

A process that dies leaves its claim to run out, and another one does the task.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Update, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.notice_clock import EXPIRY
from takeback.storage.platform.schema import notice_task


@dataclass(frozen=True, slots=True)
class Task:
    """One task. `due_at` is in UTC."""

    notice: str
    kind: str
    due_at: datetime


async def plan(connection: AsyncConnection, task: Task) -> None:
    """Adds a task; one that is done already has to be done again."""
    same = (notice_task.c.notice == task.notice, notice_task.c.kind == task.kind)
    again = update(notice_task).where(*same).values(due_at=task.due_at, claimed_until=None, done_at=None)
    if not (await connection.execute(again)).rowcount:
        new = insert(notice_task).values(notice=task.notice, kind=task.kind, due_at=task.due_at)
        await connection.execute(new)


async def claim(connection: AsyncConnection, now: datetime, until: datetime, *, limit: int) -> list[Task]:
    """Gives at most `limit` tasks that are due and nobody works on, and claims them until then."""
    statement = (
        select(notice_task).where(*_waiting(now)).order_by(notice_task.c.due_at, notice_task.c.kind).limit(limit)
    )
    rows = (await connection.execute(statement.with_for_update(skip_locked=True))).all()
    claimed = [Task(row.notice, row.kind, row.due_at) for row in rows]
    for one in claimed:
        await connection.execute(update(notice_task).where(*_is(one)).values(claimed_until=until))
    return claimed


async def is_waiting(connection: AsyncConnection, now: datetime) -> bool:
    """Whether there is something to claim."""
    found = await connection.execute(select(notice_task.c.notice).where(*_waiting(now)).limit(1))
    return found.first() is not None


async def finish(connection: AsyncConnection, task: Task, at: datetime) -> bool:
    """Ends a task and says whether it was still to be done: only then may what it did be kept.

    One that was planned again meanwhile is due at another time, and is still to be done.
    """
    this = (*_is(task), notice_task.c.due_at == task.due_at, notice_task.c.done_at.is_(None))
    return bool((await connection.execute(update(notice_task).where(*this).values(done_at=at))).rowcount)


async def drop_clock(connection: AsyncConnection, number: str, at: datetime) -> None:
    """Ends every alarm of a notice that was decided; what else is to be done stays."""
    alarm = or_(notice_task.c.kind.startswith("warn-"), notice_task.c.kind == EXPIRY)
    await connection.execute(_open_of(number).where(alarm).values(done_at=at))


async def drop_all(connection: AsyncConnection, number: str, at: datetime) -> None:
    """Ends whatever is still to be done about a notice that was taken back."""
    await connection.execute(_open_of(number).values(done_at=at))


def _open_of(number: str) -> Update:
    return update(notice_task).where(notice_task.c.notice == number, notice_task.c.done_at.is_(None))


def _waiting(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        notice_task.c.done_at.is_(None),
        notice_task.c.due_at <= now,
        or_(notice_task.c.claimed_until.is_(None), notice_task.c.claimed_until <= now),
    )


def _is(task: Task) -> tuple[ColumnElement[bool], ...]:
    return (notice_task.c.notice == task.notice, notice_task.c.kind == task.kind)
