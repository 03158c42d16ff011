"""What operators did: rows are only ever added."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.audit import AuditEvent, parted
from takeback.storage.schema import audit_event

#: Events on a page of a search.
PAGE_EVENTS = 100


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; what is None may be anything. `before` is the id of the last event of the page before."""

    actor: str | None = None
    subject: str | None = None
    action: str | None = None
    since: date | None = None
    until: date | None = None
    before: int | None = None


async def record(connection: AsyncConnection, event: str, at: datetime) -> None:
    """Adds an event, written `actor:subject:action`."""
    await connection.execute(insert(audit_event).values(event=event, at=at))


async def events(connection: AsyncConnection) -> list[str]:
    """Gives every event, oldest first."""
    return list((await connection.execute(select(audit_event.c.event).order_by(audit_event.c.id))).scalars())


async def search(connection: AsyncConnection, what: Search, *, limit: int = PAGE_EVENTS) -> list[AuditEvent]:
    """Gives at most `limit` events, newest first. Actor, subject and action are whole; days are in UTC, both included.

    The next page is asked for with `before` set to the id of the last event of this one.
    """
    statement = select(audit_event.c.id, audit_event.c.at, audit_event.c.event)
    text = audit_event.c.event
    if what.actor is not None:
        statement = statement.where(text.startswith(f"{what.actor}:", autoescape=True))
    if what.subject is not None:
        statement = statement.where(text.contains(f":{what.subject}:", autoescape=True))
    if what.action is not None:
        statement = statement.where(text.endswith(f":{what.action}", autoescape=True))
    if what.since is not None:
        statement = statement.where(audit_event.c.at >= _midnight(what.since))
    if what.until is not None:
        statement = statement.where(audit_event.c.at < _midnight(what.until + timedelta(days=1)))
    if what.before is not None:
        statement = statement.where(audit_event.c.id < what.before)
    rows = await connection.execute(statement.order_by(audit_event.c.id.desc()).limit(limit))
    return [AuditEvent(row.id, _utc(row.at), *parted(row.event)) for row in rows]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)  # SQLite drops the zone
