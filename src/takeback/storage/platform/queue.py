"""What waits for a person: one line for each picture, what is due first on top."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.hold import HoldState, Source, Surface
from takeback.model.review import Lease, Waiting
from takeback.storage.moments import utc, utc_or_none
from takeback.storage.platform.holds import hold_of
from takeback.storage.platform.schema import hold, hold_entry, lease, review, skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which holds; what is None may be anything."""

    state: HoldState = HoldState.OPEN
    list: str | None = None
    source: Source | None = None
    surface: Surface | None = None
    kind: str | None = None
    due: bool = False


async def waiting(
    connection: AsyncConnection, wanted: Wanted, now: datetime, *, limit: int, skip_: int = 0
) -> list[Waiting]:
    """Gives the lines of the queue: by a law's clock, then by age."""
    return await _lines(connection, _clusters(wanted).limit(limit).offset(skip_), wanted.state, now)


async def first_for(connection: AsyncConnection, wanted: Wanted, operator: str, now: datetime) -> Waiting | None:
    """Gives the first line that this operator may open: nobody has it open, and they neither skipped nor doubted it."""
    taken = select(lease.c.cluster).where(lease.c.until > now, lease.c.by != operator)
    skipped = select(skip.c.cluster).where(skip.c.by == operator, skip.c.until > now)
    doubted = select(review.c.cluster).where(
        review.c.by == operator, review.c.decision == "unsure", review.c.undone_at.is_(None)
    )
    found = _clusters(wanted).where(*(hold.c.cluster.not_in(some) for some in (taken, skipped, doubted))).limit(1)
    lines = await _lines(connection, found, wanted.state, now)
    return lines[0] if lines else None


async def lists_in(connection: AsyncConnection) -> list[str]:
    """Gives the names of all lists that were ever hit."""
    found = select(hold_entry.c.list).distinct().order_by(hold_entry.c.list)
    return list((await connection.execute(found)).scalars())


def _clusters(wanted: Wanted) -> Select[Any]:
    fits = _fitting(wanted)
    due, opened = func.min(hold.c.due_at).label("due"), func.min(hold.c.opened_at).label("opened")
    found = select(hold.c.cluster, func.count(hold.c.id).label("copies"), due, opened)
    found = found.where(hold.c.state == wanted.state.value)
    if fits:
        found = found.where(hold.c.cluster.in_(select(hold.c.cluster).where(hold.c.state == wanted.state.value, *fits)))
    return found.group_by(hold.c.cluster).order_by(
        func.min(hold.c.due_at).asc().nulls_last(), func.min(hold.c.opened_at), hold.c.cluster
    )


def _fitting(wanted: Wanted) -> list[ColumnElement[bool]]:
    """A picture is one line with all of its copies, of which one at least has to fit."""
    fits: list[ColumnElement[bool]] = []
    if wanted.list is not None:
        fits.append(hold.c.id.in_(select(hold_entry.c.hold).where(hold_entry.c.list == wanted.list)))
    if wanted.source is not None:
        fits.append(hold.c.source == wanted.source.value)
    if wanted.surface is not None:
        fits.append(hold.c.surface == wanted.surface.value)
    if wanted.kind is not None:
        fits.append(hold.c.kind == wanted.kind)
    if wanted.due:
        fits.append(hold.c.due_at.is_not(None))
    return fits


async def _lines(
    connection: AsyncConnection,
    found: Select[Any],
    state: HoldState,
    now: datetime,
) -> list[Waiting]:
    rows = (await connection.execute(found)).all()
    clusters = [row.cluster for row in rows]
    oldest = (
        select(
            hold.c.id,
            func.row_number().over(partition_by=hold.c.cluster, order_by=(hold.c.opened_at, hold.c.id)).label("n"),
        )
        .where(hold.c.cluster.in_(clusters), hold.c.state == state.value)
        .subquery()
    )
    ones = await connection.execute(select(hold).join(oldest, and_(oldest.c.id == hold.c.id, oldest.c.n == 1)))
    by_cluster = {row.cluster: hold_of(row) for row in ones}
    open_ = await connection.execute(select(lease).where(lease.c.cluster.in_(clusters), lease.c.until > now))
    leases = {row.cluster: Lease(row.cluster, row.by, utc(row.since), utc(row.until)) for row in open_}
    return [
        Waiting(by_cluster[row.cluster], row.copies, utc_or_none(row.due), utc(row.opened), leases.get(row.cluster))
        for row in rows
    ]
