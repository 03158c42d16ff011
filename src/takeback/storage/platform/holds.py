"""Content that waits for a person, and what was decided about it."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Row, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.hold import Content, Finding, Hold, HoldState, Source, Surface
from takeback.storage.moments import utc, utc_or_none
from takeback.storage.platform.schema import hold

_FINDINGS = msgspec.json.Decoder(tuple[Finding, ...])


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


async def find(connection: AsyncConnection, id_: str) -> Hold | None:
    """Gives one hold, or None."""
    row = (await connection.execute(select(hold).where(hold.c.id == id_))).one_or_none()
    return None if row is None else hold_of(row)


async def latest_of_content(connection: AsyncConnection, content: str) -> Hold | None:
    """Gives the latest hold of a piece of content, by the platform's id of it, or None."""
    statement = select(hold).where(hold.c.content == content).order_by(hold.c.opened_at.desc(), hold.c.id).limit(1)
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else hold_of(row)


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
