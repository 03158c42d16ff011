"""What is to be done about notices as time goes by: warn, act when the time is over, search, answer.

Any number of processes may do this side by side. Each task is claimed for some time, done, and ended in the transaction
that keeps what it did, so each warning stands once; a letter may come twice where a process died between the two.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback import letters, log, metrics
from takeback.clock import Clock
from takeback.errors import TakebackError
from takeback.model.instruction import Doing
from takeback.model.notice_clock import EXPIRY, Urgency, hours_of, urgency
from takeback.model.notice_log import NoticeEvent
from takeback.model.received_notice import Copy, NoticeState
from takeback.participant.notices.answering import answer
from takeback.participant.notices.contents import is_suspended
from takeback.participant.notices.copies import OwnMedia, search
from takeback.participant.notices.erasing import erase_due
from takeback.participant.notices.tasks import SEARCH
from takeback.platform_settings import PlatformSettings
from takeback.storage.database import Database
from takeback.storage.platform import instructions, notice_contents, notice_log, notice_tasks, notices
from takeback.storage.platform.notice_tasks import Task

#: Tasks that are claimed at a time.
BATCH = 10
#: Open notices that are counted for the gauge, at most.
_COUNTED = 10_000


async def keep_clocks(database: Database, clock: Clock, settings: PlatformSettings, media: OwnMedia) -> int:
    """Does everything that is due now, and gives how many tasks that were.

    A task that fails is logged; it is tried again when its claim has run out.
    """
    done = 0
    while tasks := await _claimed(database, clock, settings):
        for task in tasks:
            try:
                await _do(database, clock, settings, media, task)
                done += 1
            except TakebackError as error:
                log.logger().warning("task of a notice", kind=task.kind, code=error.code)
    await erase_due(database, clock, settings)
    await _show(database, clock, settings)
    return done


async def _claimed(database: Database, clock: Clock, settings: PlatformSettings) -> list[Task]:
    now = clock.now()
    until = now + timedelta(seconds=settings.notice_lease_s)
    # Looking first costs nobody anything; claiming takes the lock of a database that is one file.
    if not await database.read("notice-tasks", lambda connection: notice_tasks.is_waiting(connection, now)):
        return []
    return await database.run("claim-notice-tasks", lambda c: notice_tasks.claim(c, now, until, limit=BATCH))


async def _do(database: Database, clock: Clock, settings: PlatformSettings, media: OwnMedia, task: Task) -> None:
    if task.kind == SEARCH:
        await search(database, clock, settings, media, task)
    elif task.kind == EXPIRY:
        await database.run("notice-expiry", lambda connection: _expire(connection, settings, task, clock.now()))
    elif (hours := hours_of(task.kind)) is not None:
        await _warn(database, clock, settings, task, hours)
    else:
        await answer(database, clock, settings, task)


async def _warn(database: Database, clock: Clock, settings: PlatformSettings, task: Task, hours: int) -> None:
    """Warns about a notice that is still open. The letter goes first: one too many is better than none."""
    notice = await database.read("find-notice", lambda connection: notices.find(connection, task.notice))
    open_ = notice is not None and notice.state is NoticeState.OPEN
    if open_ and settings.notice_mail_to:
        left = settings.notice_due_hours - hours
        subject = f"Notice {task.notice}: {left} hours left"
        text = f"The notice {task.notice} has been open for {hours} hours. Decide it within {left} hours.\n"
        await asyncio.to_thread(
            letters.send, settings, settings.notice_mail_to, subject, text, name=f"notice-{task.notice}-{task.kind}"
        )

    async def work(connection: AsyncConnection) -> bool:
        now = clock.now()
        first = await notice_tasks.finish(connection, task, now)
        if first and open_:
            await notice_log.record(connection, task.notice, NoticeEvent.WARNED, now, {"hours": hours})
        return first and open_

    if await database.run("warn", work):
        metrics.NOTICES.labels(NoticeEvent.WARNED.value).inc()


async def _expire(connection: AsyncConnection, settings: PlatformSettings, task: Task, now: datetime) -> None:
    """Does what is set for the end of the time. Whatever it does, a person still decides."""
    notice = await notices.find(connection, task.notice)
    if not await notice_tasks.finish(connection, task, now) or notice is None or notice.state is not NoticeState.OPEN:
        return
    hidden = 0
    if settings.notice_at_expiry == "hide" and not await is_suspended(connection, notice, now):
        for one in await notice_contents.of(connection, notice.number):
            if one.hidden_at is None and one.how is not Copy.NEAR:
                await instructions.give(connection, one.content, Doing.HIDE, because=notice.number, at=now)
                await notice_contents.set_hidden(connection, notice.number, one.content, now)
                hidden += 1
    if hidden:
        await notice_log.record(connection, notice.number, NoticeEvent.HIDDEN, now, {"contents": hidden})
    await notice_log.record(connection, notice.number, NoticeEvent.EXPIRED, now, {"hidden": hidden})
    metrics.NOTICES.labels(NoticeEvent.EXPIRED.value).inc()


async def _show(database: Database, clock: Clock, settings: PlatformSettings) -> None:
    """Shows how many notices are open, by how much of their time is gone."""
    states = frozenset({NoticeState.OPEN})
    found = await database.read("open-notices", lambda c: notices.listed(c, states, limit=_COUNTED))
    now, counts = clock.now(), dict.fromkeys(Urgency, 0)
    for one in found:
        if one.valid_at and one.due_at:
            counts[urgency(now, one.valid_at, one.due_at, settings.notice_warn_hours)] += 1
    for kind, count in counts.items():
        metrics.NOTICES_OPEN.labels(kind.value).set(count)
