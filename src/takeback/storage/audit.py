"""What was done and by whom: rows are only ever added, and each is chained to the one before (`model/audit.py`).

The database itself refuses to change or delete one (migration 0009). A process of before the chain leaves its events
unchained; whoever records next chains them first, in the order in which they came.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.audit import BEGINNING, AuditEvent, Link, chain_hash, parted
from takeback.storage.moments import utc
from takeback.storage.schema import audit_event

#: When an update of an event is none of the one that is allowed: giving a waiting event its place in the chain.
CHAINED_ONCE = "OLD.place IS NOT NULL OR NEW.id <> OLD.id OR NEW.at <> OLD.at OR NEW.event <> OLD.event"
#: Events on a page of a search, and links read at a time.
PAGE_EVENTS = 100
_PART = 1_000


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; what is None may be anything. `before` is the id of the last event of the page before."""

    actor: str | None = None
    subject: str | None = None
    action: str | None = None
    since: date | None = None
    until: date | None = None
    before: int | None = None


async def record(connection: AsyncConnection, event: str, at: datetime) -> int:
    """Adds an event, written `actor:subject:action`, chains it, and gives its id."""
    added = await connection.execute(insert(audit_event).values(event=event, at=at).returning(audit_event.c.id))
    id_ = int(added.scalar_one())
    await connection.run_sync(chain_all)
    return id_


def chain_all(connection: Connection) -> None:
    """Chains every event that is not chained yet."""
    last = select(audit_event.c.place, audit_event.c.chain).where(audit_event.c.place.is_not(None))
    row = connection.execute(last.order_by(audit_event.c.place.desc()).limit(1)).one_or_none()
    place, hash_ = (0, BEGINNING) if row is None else (row.place, row.chain)
    waiting = select(audit_event.c.id, audit_event.c.at, audit_event.c.event).where(audit_event.c.place.is_(None))
    for id_, at, event in connection.execute(waiting.order_by(audit_event.c.id)).all():
        place, hash_ = place + 1, chain_hash(hash_, id_, utc(at), event)
        connection.execute(update(audit_event).where(audit_event.c.id == id_).values(place=place, chain=hash_))


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
    return [AuditEvent(row.id, utc(row.at), *parted(row.event)) for row in rows]


async def links(connection: AsyncConnection) -> AsyncIterator[Link]:
    """Gives every chained event in the order of the chain."""
    place = 0
    while True:
        statement = select(audit_event).where(audit_event.c.place > place).order_by(audit_event.c.place).limit(_PART)
        rows = (await connection.execute(statement)).all()
        for row in rows:
            yield Link(row.place, row.id, utc(row.at), row.event, row.chain or b"")
        if len(rows) < _PART:
            return
        place = rows[-1].place


async def chained(connection: AsyncConnection, id_: int) -> tuple[Link, bytes] | None:
    """Gives an event as it is chained, and the hash (32 bytes) of the one before; None where there is none."""
    row = (await connection.execute(select(audit_event).where(audit_event.c.id == id_))).one_or_none()
    if row is None or row.place is None:
        return None
    before = await connection.execute(select(audit_event.c.chain).where(audit_event.c.place == row.place - 1))
    link = Link(row.place, row.id, utc(row.at), row.event, row.chain or b"")
    return link, bytes(before.scalar_one_or_none() or BEGINNING)


async def head(connection: AsyncConnection) -> bytes:
    """Gives the hash of the last event, with every event chained; that of the beginning where there is none."""
    await connection.run_sync(chain_all)
    statement = select(audit_event.c.chain).where(audit_event.c.place.is_not(None))
    last = await connection.execute(statement.order_by(audit_event.c.place.desc()).limit(1))
    return bytes(last.scalar_one_or_none() or BEGINNING)


async def count_unchained(connection: AsyncConnection) -> int:
    """Gives how many events wait to be chained: those of processes of before, and of nobody else."""
    statement = select(func.count()).select_from(audit_event).where(audit_event.c.place.is_(None))
    return int((await connection.execute(statement)).scalar_one())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
