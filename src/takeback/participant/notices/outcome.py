"""How a notice ends, and how it follows what is decided at the desk about what it names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback import metrics
from takeback.model.hold import HoldState
from takeback.model.notice_log import NoticeEvent
from takeback.model.received_notice import Copy, NoticeState, ReceivedNotice, Refusal, must_lead
from takeback.participant.notices.tasks import ANSWER
from takeback.storage.platform import notice_contents, notice_log, notice_tasks, notices
from takeback.storage.platform.notice_tasks import Task

#: A notice in one of these states still follows what is decided about its content.
_FOLLOWS = {NoticeState.OPEN, NoticeState.REMOVED, NoticeState.REFUSED}


async def follow_holds(connection: AsyncConnection, ids: Iterable[str], *, by: str, at: datetime) -> None:
    """Has the notices because of which these holds waited follow what became of them.

    The desk calls it in the transaction of a decision, of an appeal, or of undoing one; the holds are written already.
    """
    numbers = {
        one.notice for id_ in ids for one in await notice_contents.by_hold(connection, id_) if one.how is not Copy.NEAR
    }
    for number in sorted(numbers):
        notice = await notices.find(connection, number)
        if notice is not None and notice.state in _FOLLOWS:
            await _follow(connection, notice, by=by, at=at)
            if notice.child:
                await notice_contents.escalate(connection, number)


async def end(
    connection: AsyncConnection, notice: ReceivedNotice, now: datetime, *, by: str, refusal: Refusal | None
) -> ReceivedNotice:
    """Writes the outcome, stops the clock and has the submitter told. Raises ConflictError where it cannot end so."""
    state = NoticeState.REMOVED if refusal is None else NoticeState.REFUSED
    must_lead(notice.state, state)
    ended = replace(notice, state=state, ended_at=now, decided_by=by, reason=refusal)
    await notices.save(connection, ended)
    facts = {"reason": refusal.value} if refusal else {}
    await notice_log.record(connection, notice.number, NoticeEvent(state.value), now, facts)
    await notice_tasks.drop_clock(connection, notice.number, now)
    await notice_tasks.plan(connection, Task(notice.number, ANSWER, now))
    metrics.NOTICES.labels(state.value).inc()
    return ended


async def _follow(connection: AsyncConnection, notice: ReceivedNotice, *, by: str, at: datetime) -> None:
    """It is granted where anything that it names was confirmed, and refused where nothing was, once all is decided."""
    states = set(await notice_contents.hold_states(connection, notice.number))
    if states & {HoldState.OPEN, HoldState.ESCALATED}:
        if notice.state is not NoticeState.OPEN:
            await notices.save(connection, replace(notice, state=NoticeState.OPEN, ended_at=None, reason=None))
            await notice_log.record(connection, notice.number, NoticeEvent.REOPENED, at)
        return
    granted = HoldState.CONFIRMED in states
    if notice.state is (NoticeState.REMOVED if granted else NoticeState.REFUSED):
        return
    appealed = Refusal.APPEALED if notice.state is NoticeState.REMOVED else Refusal.NOT_INTIMATE
    await end(connection, notice, at, by=by, refusal=None if granted else appealed)
