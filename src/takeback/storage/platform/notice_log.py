"""What happened to notices: rows are only ever added, and the database itself refuses to change one (step p03)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import msgspec
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.notice_log import Facts, LoggedEvent, NoticeEvent
from takeback.storage.moments import utc
from takeback.storage.platform.schema import notice_log

_FACTS = msgspec.json.Decoder(dict[str, str | int | bool])
#: Events that are read at a time.
_PART = 1_000


async def record(
    connection: AsyncConnection, number: str, event: NoticeEvent, at: datetime, facts: Facts | None = None
) -> None:
    """Adds an event."""
    text = msgspec.json.encode(facts or {}, order="sorted").decode()
    await connection.execute(insert(notice_log).values(at=at, notice=number, event=event.value, facts=text))


async def of(connection: AsyncConnection, number: str) -> list[LoggedEvent]:
    """Gives what happened to one notice, in order."""
    statement = select(notice_log).where(notice_log.c.notice == number).order_by(notice_log.c.sequence)
    return [_event(row) for row in await connection.execute(statement)]


async def since(connection: AsyncConnection, moment: datetime) -> AsyncIterator[LoggedEvent]:
    """Gives everything from a moment on, in order."""
    behind = 0
    while True:
        statement = select(notice_log).where(notice_log.c.at >= moment, notice_log.c.sequence > behind)
        rows = (await connection.execute(statement.order_by(notice_log.c.sequence).limit(_PART))).all()
        for row in rows:
            yield _event(row)
        if len(rows) < _PART:
            return
        behind = rows[-1].sequence


def _event(row: object) -> LoggedEvent:
    r = row._mapping  # type: ignore[attr-defined]  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping
    return LoggedEvent(r["sequence"], utc(r["at"]), r["notice"], NoticeEvent(r["event"]), _FACTS.decode(r["facts"]))
