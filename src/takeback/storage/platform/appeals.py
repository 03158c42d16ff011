"""What uploaders asked to be looked at again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.appeal import Appeal, AppealReason, AppealState
from takeback.storage.moments import utc, utc_or_none
from takeback.storage.platform.schema import appeal


async def add(connection: AsyncConnection, new: Appeal) -> None:
    """Adds one."""
    await connection.execute(
        insert(appeal).values(
            id=new.id,
            hold=new.hold,
            content=new.content,
            reason=new.reason.value,
            filed_at=new.filed_at,
            state=new.state.value,
        )
    )


async def find(connection: AsyncConnection, id_: str) -> Appeal | None:
    """Gives one, or None."""
    row = (await connection.execute(select(appeal).where(appeal.c.id == id_))).one_or_none()
    return None if row is None else _appeal(row)


async def of_hold(connection: AsyncConnection, hold: str) -> list[Appeal]:
    """Gives the appeals about one decision, oldest first."""
    found = select(appeal).where(appeal.c.hold == hold).order_by(appeal.c.filed_at, appeal.c.id)
    return [_appeal(row) for row in await connection.execute(found)]


async def open_(connection: AsyncConnection, *, limit: int) -> list[Appeal]:
    """Gives those that wait, oldest first."""
    found = select(appeal).where(appeal.c.state == AppealState.OPEN.value).order_by(appeal.c.filed_at, appeal.c.id)
    return [_appeal(row) for row in await connection.execute(found.limit(limit))]


async def decide(connection: AsyncConnection, id_: str, state: AppealState, *, by: str, at: datetime) -> None:
    """Ends one."""
    values = {"state": state.value, "decided_by": by, "decided_at": at}
    await connection.execute(update(appeal).where(appeal.c.id == id_).values(values))


def _appeal(row: Row[Any]) -> Appeal:
    return Appeal(
        row.id,
        row.hold,
        row.content,
        AppealReason(row.reason),
        utc(row.filed_at),
        AppealState(row.state),
        row.decided_by,
        utc_or_none(row.decided_at),
    )
