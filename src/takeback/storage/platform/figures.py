"""Counts of the desk: how much was held, what was decided, and how long it took."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.hold import HoldState
from takeback.storage.platform.schema import hold, hold_entry, review

_OPEN = (HoldState.OPEN.value, HoldState.ESCALATED.value)


async def held_since(connection: AsyncConnection, since: datetime) -> list[Any]:
    """Gives when each hold since then was opened, and what led to it."""
    return list(await connection.execute(select(hold.c.opened_at, hold.c.source).where(hold.c.opened_at >= since)))


async def decided_since(connection: AsyncConnection, since: datetime) -> list[Any]:
    """Gives of each decision since then that is not undone: what it was, when, and when the hold was opened."""
    columns = select(review.c.decision, review.c.at, hold.c.opened_at)
    found = columns.join(hold, hold.c.id == review.c.hold).where(review.c.at >= since, review.c.undone_at.is_(None))
    return list(await connection.execute(found))


async def opened_and_waiting(connection: AsyncConnection) -> list[datetime]:
    """Gives when each picture that waits was held first."""
    found = select(func.min(hold.c.opened_at)).where(hold.c.state.in_(_OPEN)).group_by(hold.c.cluster)
    return list((await connection.execute(found)).scalars())


async def outcomes_by_list(connection: AsyncConnection) -> list[Any]:
    """Gives of each list: its name, pictures that were confirmed, and pictures that were decided."""
    right = func.count(case((hold.c.state == HoldState.CONFIRMED.value, hold.c.cluster)).distinct())
    decided = func.count(hold.c.cluster.distinct())
    found = (
        select(hold_entry.c.list, right, decided)
        .join(hold, hold.c.id == hold_entry.c.hold)
        .where(hold.c.state.in_([HoldState.CONFIRMED.value, HoldState.WRONG.value]))
        .group_by(hold_entry.c.list)
        .order_by(hold_entry.c.list)
    )
    return list(await connection.execute(found))
