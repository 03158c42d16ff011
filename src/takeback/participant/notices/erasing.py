"""What notices say is erased in its time; what stays of them names nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clock import Clock
from takeback.model.notice_log import NoticeEvent
from takeback.model.received_notice import NoticeState
from takeback.platform_settings import PlatformSettings
from takeback.storage.database import Database
from takeback.storage.platform import notice_contents, notice_log, notice_tasks, notices

#: Notices in one transaction.
BATCH = 100


async def erase_due(database: Database, clock: Clock, settings: PlatformSettings) -> int:
    """Erases what is due, and gives how many notices that were. Doing it twice changes nothing."""
    now = clock.now()
    ended_before = now - timedelta(days=settings.notice_personal_days)
    begun_before = now - timedelta(days=settings.notice_incomplete_days)

    async def due(connection: AsyncConnection) -> bool:
        lapsed = await notices.incomplete_since(connection, begun_before, limit=1)
        return bool(lapsed or await notices.ended_before(connection, ended_before, limit=1))

    async def work(connection: AsyncConnection) -> int:
        lapsed = await notices.incomplete_since(connection, begun_before, limit=BATCH)
        for one in lapsed:
            await notices.save(connection, replace(one, state=NoticeState.LAPSED, ended_at=now, notifier=None))
            await notice_log.record(connection, one.number, NoticeEvent.LAPSED, now)
            await notice_tasks.drop_all(connection, one.number, now)
        over = [one.number for one in lapsed] + await notices.ended_before(connection, ended_before, limit=BATCH)
        for number in over:
            await notices.erase(connection, number)
            await notice_contents.erase_prints(connection, number)
            await notice_log.record(connection, number, NoticeEvent.ERASED, now)
        return len(over)

    erased = 0
    while await database.read("notices-to-erase", due):
        erased += await database.run("erase-notices", work)
    return erased
