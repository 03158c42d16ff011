"""What operators did: rows are only ever added."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.storage.schema import audit_event


async def record(connection: AsyncConnection, event: str, at: datetime) -> None:
    """Adds an event, written `subject:object:action`."""
    await connection.execute(insert(audit_event).values(event=event, at=at))


async def events(connection: AsyncConnection) -> list[str]:
    """Gives every event, oldest first."""
    return list((await connection.execute(select(audit_event.c.event).order_by(audit_event.c.id))).scalars())


@dataclass(frozen=True, slots=True)
class Event:
    """One event, taken apart."""

    id: int
    at: datetime
    actor: str
    subject: str
    action: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events are looked for; what is empty may be anything. `before` is the id of an event that came later."""

    actor: str = ""
    subject: str = ""
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


async def search(connection: AsyncConnection, wanted: Wanted, limit: int) -> list[Event]:
    """Gives at most `limit` events, latest first."""
    parts = (wanted.actor, wanted.subject, wanted.action)
    pattern = ":".join("%" if part == "" else _literally(part) for part in parts)
    statement = select(audit_event.c.id, audit_event.c.at, audit_event.c.event)
    if any(parts):
        statement = statement.where(audit_event.c.event.like(pattern, escape="\\"))
    if wanted.since is not None:
        statement = statement.where(audit_event.c.at >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(audit_event.c.at < wanted.until)
    if wanted.before is not None:
        statement = statement.where(audit_event.c.id < wanted.before)
    rows = await connection.execute(statement.order_by(audit_event.c.id.desc()).limit(limit))
    return [_event(row.id, row.at, row.event) for row in rows]


def _literally(part: str) -> str:
    return part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _event(id_: int, at: datetime, event: str) -> Event:
    actor, _, rest = event.partition(":")
    subject, _, action = rest.rpartition(":")
    moment = at if at.tzinfo else at.replace(tzinfo=UTC)  # SQLite drops the zone
    return Event(id_, moment, actor, subject, action)
