"""Content that waits for a person, and what was decided about it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.hold import Content, Finding, Hold, HoldState, Source, Surface
from takeback.storage.moments import utc, utc_or_none
from takeback.storage.platform.schema import hold, hold_entry

_WAITING = (HoldState.OPEN.value, HoldState.ESCALATED.value)
_FINDINGS = msgspec.json.Decoder(tuple[Finding, ...])


@dataclass(frozen=True, slots=True)
class Made:
    """Which decisions: by whom, about which entry of which list, from when and until when; None: any."""

    by: str | None = None
    list: str | None = None
    entry: str | None = None
    since: datetime | None = None
    until: datetime | None = None


async def add(connection: AsyncConnection, new: Hold) -> None:
    """Adds a hold."""
    await connection.execute(
        insert(hold).values(
            id=new.id,
            content=new.content.id,
            surface=new.content.surface.value,
            region=new.content.region,
            account=new.content.account,
            uploaded_at=new.content.uploaded_at,
            kind=new.kind,
            source=new.source.value,
            findings=msgspec.json.encode(new.findings).decode(),
            cluster=new.cluster,
            copy=new.copy,
            opened_at=new.opened_at,
            due_at=new.due_at,
            state=new.state.value,
            decided_by=new.decided_by,
            decided_at=new.decided_at,
            reason=new.reason,
        )
    )
    entries = sorted({(one.list, one.entry) for one in new.findings})
    if entries:
        rows = [{"list": list_, "entry": entry, "hold": new.id} for list_, entry in entries]
        await connection.execute(insert(hold_entry), rows)


async def find(connection: AsyncConnection, id_: str) -> Hold | None:
    """Gives one hold, or None."""
    row = (await connection.execute(select(hold).where(hold.c.id == id_))).one_or_none()
    return None if row is None else hold_of(row)


async def in_cluster(connection: AsyncConnection, cluster: bytes, states: Collection[HoldState]) -> list[Hold]:
    """Gives the holds of one cluster that are in one of these states, oldest first."""
    where = (hold.c.cluster == cluster, hold.c.state.in_([one.value for one in states]))
    rows = await connection.execute(select(hold).where(*where).order_by(hold.c.opened_at, hold.c.id))
    return [hold_of(row) for row in rows]


async def answered_with(connection: AsyncConnection, one: Hold) -> list[Hold]:
    """Gives the holds that the decision about one answered, itself among them, oldest first; none before it."""
    if one.decided_at is None:
        return []
    copies = await in_cluster(connection, one.cluster, (one.state,))
    return [copy for copy in copies if copy.decided_at == one.decided_at]


async def latest_of(
    connection: AsyncConnection, content: str, states: Collection[HoldState] = tuple(HoldState)
) -> Hold | None:
    """Gives the latest hold of a piece of content, by the platform's id of it, that is in one of these states."""
    where = (hold.c.content == content, hold.c.state.in_([one.value for one in states]))
    statement = select(hold).where(*where).order_by(hold.c.opened_at.desc(), hold.c.id).limit(1)
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else hold_of(row)


async def move(
    connection: AsyncConnection,
    ids: Collection[str],
    state: HoldState,
    *,
    by: str | None = None,
    at: datetime | None = None,
    reason: str | None = None,
) -> None:
    """Moves holds to a state. Who decided, when and why goes with the ends."""
    values = {"state": state.value, "decided_by": by, "decided_at": at, "reason": reason}
    await connection.execute(update(hold).where(hold.c.id.in_(list(ids))).values(values))


async def decided(connection: AsyncConnection, made: Made) -> list[Hold]:
    """Gives the holds that were decided so, oldest decision first. `policy` decides some, without a review."""
    found = select(hold).where(hold.c.state.in_([HoldState.CONFIRMED.value, HoldState.WRONG.value]))
    if made.list is not None or made.entry is not None:
        near = select(hold_entry.c.hold)
        near = near if made.list is None else near.where(hold_entry.c.list == made.list)
        near = near if made.entry is None else near.where(hold_entry.c.entry == made.entry)
        found = found.where(hold.c.id.in_(near))
    if made.by is not None:
        found = found.where(hold.c.decided_by == made.by)
    if made.since is not None:
        found = found.where(hold.c.decided_at >= made.since)
    if made.until is not None:
        found = found.where(hold.c.decided_at < made.until)
    return [hold_of(row) for row in await connection.execute(found.order_by(hold.c.decided_at, hold.c.id))]


async def set_apart(connection: AsyncConnection, id_: str, cluster: bytes) -> None:
    """Gives a hold a cluster of its own."""
    await connection.execute(update(hold).where(hold.c.id == id_).values(cluster=cluster))


async def wants_copy(connection: AsyncConnection, id_: str) -> bool:
    """Says whether a hold waits for a person and has no copy yet."""
    found = select(hold.c.id).where(hold.c.id == id_, hold.c.copy.is_(None), hold.c.state.in_(_WAITING))
    return (await connection.execute(found)).first() is not None


async def set_copies(connection: AsyncConnection, ids: Collection[str], *, kept: bool) -> None:
    """Says that copies of these holds are kept, each under the hold's own id, or that none is any more."""
    to = hold.c.id if kept else None
    await connection.execute(update(hold).where(hold.c.id.in_(list(ids))).values(copy=to))


async def copies_decided(connection: AsyncConnection, before: datetime, *, limit: int) -> list[str]:
    """Gives the ids of holds that were decided before then and have a copy still."""
    where = (hold.c.copy.is_not(None), hold.c.decided_at < before, hold.c.state.not_in(_WAITING))
    return list((await connection.execute(select(hold.c.id).where(*where).limit(limit))).scalars())


async def outcomes_of_account(connection: AsyncConnection, account: str, *, but: bytes) -> dict[HoldState, int]:
    """Gives how many pictures of an account were decided how; those of one cluster are left out."""
    ends = [HoldState.CONFIRMED.value, HoldState.WRONG.value]
    where = (hold.c.account == account, hold.c.state.in_(ends), hold.c.cluster != but)
    counted = select(hold.c.state, func.count(hold.c.cluster.distinct())).where(*where).group_by(hold.c.state)
    return {HoldState(state): count for state, count in await connection.execute(counted)}


async def outcomes_of_entry(connection: AsyncConnection, list_: str, entry: str) -> dict[HoldState, int]:
    """Gives how many pictures that were near to an entry were decided how, and how many are open."""
    counted = (
        select(hold.c.state, func.count(hold.c.cluster.distinct()))
        .join(hold_entry, hold_entry.c.hold == hold.c.id)
        .where(hold_entry.c.list == list_, hold_entry.c.entry == entry)
        .group_by(hold.c.state)
    )
    return {HoldState(state): count for state, count in await connection.execute(counted)}


def hold_of(row: Row[Any]) -> Hold:
    """Gives the hold that a row of the table is."""
    content = Content(row.content, Surface(row.surface), row.region, row.account, utc_or_none(row.uploaded_at))
    return Hold(
        row.id,
        content,
        Source(row.source),
        _FINDINGS.decode(row.findings),
        row.cluster,
        utc(row.opened_at),
        due_at=utc_or_none(row.due_at),
        copy=row.copy,
        kind=row.kind,
        state=HoldState(row.state),
        decided_by=row.decided_by,
        decided_at=utc_or_none(row.decided_at),
        reason=row.reason,
    )


async def of_content(connection: AsyncConnection, content: str) -> list[Hold]:
    """Gives every hold of a piece of content, in whatever state, oldest first."""
    rows = await connection.execute(select(hold).where(hold.c.content == content).order_by(hold.c.opened_at, hold.c.id))
    return [hold_of(row) for row in rows]
