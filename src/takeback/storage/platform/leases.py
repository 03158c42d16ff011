"""Who has what open, who would rather not see what, and how long everybody has been looking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.review import Lease
from takeback.storage.moments import utc, utc_or_none
from takeback.storage.platform.schema import lease, shift, skip


@dataclass(frozen=True, slots=True)
class Shift:
    """An operator's time at the desk since their last break."""

    operator: str
    begun_at: datetime
    seen_at: datetime
    decisions: int
    rests_until: datetime | None


async def of(connection: AsyncConnection, cluster: bytes, now: datetime) -> Lease | None:
    """Gives the lease of a cluster, where it still lasts."""
    found = select(lease).where(lease.c.cluster == cluster, lease.c.until > now)
    row = (await connection.execute(found)).one_or_none()
    return None if row is None else Lease(row.cluster, row.by, utc(row.since), utc(row.until))


async def take(connection: AsyncConnection, new: Lease) -> None:
    """Puts a lease in the place of whatever there was."""
    await end(connection, new.cluster)
    await connection.execute(insert(lease).values(cluster=new.cluster, by=new.by, since=new.since, until=new.until))


async def end(connection: AsyncConnection, cluster: bytes) -> None:
    """Ends the lease of a cluster."""
    await connection.execute(delete(lease).where(lease.c.cluster == cluster))


async def end_all_of(connection: AsyncConnection, operator: str) -> None:
    """Ends every lease of an operator."""
    await connection.execute(delete(lease).where(lease.c.by == operator))


async def skip_over(
    connection: AsyncConnection, cluster: bytes, operator: str, *, until: datetime, now: datetime
) -> None:
    """Keeps that somebody is not to be given a cluster; what is over is forgotten on the way."""
    mine = (skip.c.cluster == cluster) & (skip.c.by == operator)
    await connection.execute(delete(skip).where(mine | (skip.c.until <= now)))
    await connection.execute(insert(skip).values(cluster=cluster, by=operator, until=until))


async def shift_of(connection: AsyncConnection, operator: str) -> Shift | None:
    """Gives an operator's shift, where there is one."""
    row = (await connection.execute(select(shift).where(shift.c.operator == operator))).one_or_none()
    if row is None:
        return None
    return Shift(row.operator, utc(row.begun_at), utc(row.seen_at), row.decisions, utc_or_none(row.rests_until))


async def keep_shift(connection: AsyncConnection, one: Shift) -> None:
    """Keeps it, in the place of the one before."""
    values = {
        "begun_at": one.begun_at,
        "seen_at": one.seen_at,
        "decisions": one.decisions,
        "rests_until": one.rests_until,
    }
    done = await connection.execute(update(shift).where(shift.c.operator == one.operator).values(values))
    if not done.rowcount:
        await connection.execute(insert(shift).values(operator=one.operator, **values))
