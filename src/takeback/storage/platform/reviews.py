"""What people decided, and how they had seen it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.hold import Decision
from takeback.model.review import Review, Seen, Viewing
from takeback.storage.moments import utc, utc_or_none
from takeback.storage.platform.schema import hold, review, viewing


async def add(connection: AsyncConnection, new: Review) -> None:
    """Adds a decision."""
    await connection.execute(
        insert(review).values(
            id=new.id,
            hold=new.hold,
            cluster=new.cluster,
            decision=new.decision.value,
            reason=new.reason,
            by=new.by,
            opened_at=new.opened_at,
            at=new.at,
            viewed=new.viewed,
            viewed_at=new.viewed_at,
        )
    )


async def of_cluster(connection: AsyncConnection, cluster: bytes) -> list[Review]:
    """Gives what was decided about a cluster, oldest first, what was undone as well."""
    found = select(review).where(review.c.cluster == cluster).order_by(review.c.at, review.c.id)
    return [_review(row) for row in await connection.execute(found)]


async def undo(connection: AsyncConnection, cluster: bytes, by: str, decided_at: datetime, at: datetime) -> None:
    """Has the decision that somebody made about a cluster at that moment count no more."""
    where = (review.c.cluster == cluster, review.c.by == by, review.c.at == decided_at)
    await connection.execute(update(review).where(*where).values(undone_at=at))


async def add_viewing(connection: AsyncConnection, new: Viewing) -> None:
    """Keeps that a picture was shown."""
    values = {"hold": new.hold, "by": new.by, "at": new.at, "how": new.how.value}
    await connection.execute(insert(viewing).values(values))


async def viewings(connection: AsyncConnection, hold_: str, by: str | None = None) -> list[Viewing]:
    """Gives every time that the picture of a hold was shown, to anybody or to one, oldest first."""
    found = select(viewing).where(viewing.c.hold == hold_)
    if by is not None:
        found = found.where(viewing.c.by == by)
    rows = await connection.execute(found.order_by(viewing.c.id))
    return [Viewing(row.hold, row.by, utc(row.at), Seen(row.how)) for row in rows]


async def viewings_in(connection: AsyncConnection, cluster: bytes, by: str) -> list[Viewing]:
    """Gives every time that a picture of a cluster was shown to one operator, oldest first."""
    found = select(viewing).join(hold, hold.c.id == viewing.c.hold)
    found = found.where(hold.c.cluster == cluster, viewing.c.by == by)
    rows = await connection.execute(found.order_by(viewing.c.id))
    return [Viewing(row.hold, row.by, utc(row.at), Seen(row.how)) for row in rows]


def _review(row: Row[Any]) -> Review:
    return Review(
        row.id,
        row.hold,
        row.cluster,
        Decision(row.decision),
        row.reason,
        row.by,
        utc(row.opened_at),
        utc(row.at),
        None if row.viewed is None else Seen(row.viewed),
        utc_or_none(row.viewed_at),
        utc_or_none(row.undone_at),
    )
