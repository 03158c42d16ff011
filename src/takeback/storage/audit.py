"""What operators did: rows are only ever added."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.storage.schema import audit_event


async def record(connection: AsyncConnection, event: str, at: datetime) -> None:
    """Adds an event, written `subject:object:action`."""
    await connection.execute(insert(audit_event).values(event=event, at=at))


async def events(connection: AsyncConnection) -> list[str]:
    """Gives every event, oldest first."""
    return list((await connection.execute(select(audit_event.c.event).order_by(audit_event.c.id))).scalars())
