"""Sessions of operators at the console."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.session import Session
from takeback.storage import operators
from takeback.storage.moments import utc
from takeback.storage.schema import console_session


async def add(connection: AsyncConnection, digest: bytes, operator: str, at: datetime) -> None:
    """Begins a session."""
    await connection.execute(insert(console_session).values(digest=digest, operator=operator, begun_at=at, seen_at=at))


async def find(connection: AsyncConnection, digest: bytes) -> Session | None:
    """Gives a session with its operator as they stand now, or None."""
    found = select(console_session).where(console_session.c.digest == digest)
    row = (await connection.execute(found)).one_or_none()
    operator = None if row is None else await operators.find(connection, row.operator)
    if row is None or operator is None:
        return None
    return Session(row.digest, operator, utc(row.begun_at), utc(row.seen_at))


async def seen(connection: AsyncConnection, digest: bytes, at: datetime) -> None:
    """Keeps that the operator is still there."""
    await connection.execute(update(console_session).where(console_session.c.digest == digest).values(seen_at=at))


async def end(connection: AsyncConnection, digest: bytes) -> None:
    """Ends one session."""
    await connection.execute(delete(console_session).where(console_session.c.digest == digest))


async def end_all(connection: AsyncConnection, operator: str, *, but: bytes = b"") -> int:
    """Ends every session of an operator, but for one where it is named; gives how many there were."""
    theirs = (console_session.c.operator == operator, console_session.c.digest != but)
    return (await connection.execute(delete(console_session).where(*theirs))).rowcount


async def end_old(connection: AsyncConnection, *, begun: datetime, seen: datetime) -> None:
    """Forgets sessions that began or were last seen before these moments."""
    old = or_(console_session.c.begun_at < begun, console_session.c.seen_at < seen)
    await connection.execute(delete(console_session).where(old))
