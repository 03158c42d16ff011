"""Which content was removed because of notices, for the statements of reasons (wire/statements.py)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.notice_log import month_begins
from takeback.model.received_notice import Copy
from takeback.storage.database import Database
from takeback.storage.platform import holds, notice_contents, notices
from takeback.wire.statements import Removed


async def removed_in(database: Database, month: str) -> list[Removed]:
    """Gives what was removed because of notices that were granted in a month (`2026-11`, UTC)."""
    begin = month_begins(month)
    end = (begin + timedelta(days=32)).replace(day=1)
    return await database.read("removed-by-notices", lambda connection: _removed(connection, begin, end))


async def _removed(connection: AsyncConnection, begin: datetime, end: datetime) -> list[Removed]:
    found = []
    for notice in await notices.granted_between(connection, begin, end):
        for one in await notice_contents.of(connection, notice.number):
            held = await holds.find(connection, one.hold)
            if one.how is Copy.NEAR or held is None or notice.ended_at is None:
                continue
            uploaded = held.content.uploaded_at
            since = one.hidden_at or notice.ended_at
            found.append(Removed(notice, one.content, one.how, held.kind, uploaded and uploaded.date(), since.date()))
    return found
