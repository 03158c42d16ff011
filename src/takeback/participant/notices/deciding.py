"""How a notice ends: a person decides. Nothing is removed before, and what is near only is decided by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback import metrics
from takeback.clock import Clock
from takeback.errors import InvalidInputError, NotFoundError
from takeback.model.hold import HoldState
from takeback.model.instruction import Doing
from takeback.model.notice_log import NoticeEvent
from takeback.model.received_notice import Copy, NoticeState, ReceivedNotice, Refusal, must_lead
from takeback.participant.notices.following import let_go
from takeback.participant.notices.tasks import ANSWER
from takeback.storage import audit
from takeback.storage.database import Database
from takeback.storage.platform import instructions, notice_contents, notice_holds, notice_log, notice_tasks, notices
from takeback.storage.platform.notice_tasks import Task

#: The reason that stands in what waited for a person, where the notice about it was granted.
GRANTED = "notice-granted"


async def decide(
    database: Database, clock: Clock, number: str, *, by: str, refusal: Refusal | None = None
) -> ReceivedNotice:
    """Grants a notice, or refuses it for a reason, and gives it as it then is. `by` is who decided.

    Granting tells the platform to remove what is named and what is the same; refusing to show it again. May be decided
    the other way later. Raises NotFoundError or ConflictError.
    """
    now = clock.now()

    async def work(connection: AsyncConnection) -> ReceivedNotice:
        notice = await notices.find(connection, number)
        if notice is None:
            raise NotFoundError("There is no notice of that number. See `takeback notice list`.")
        ended = await _end(connection, notice, now, by=by, refusal=refusal)
        if refusal is None:
            await _remove(connection, ended, now, by=by)
        else:
            await let_go(connection, ended, now, by=by, reason=refusal.value)
        await audit.record(connection, f"{by}:notice/{number}:{refusal or 'granted'}", now)
        return ended

    ended = await database.run("decide-notice", work)
    metrics.NOTICES.labels(ended.state.value).inc()
    return ended


async def hold_decided(
    connection: AsyncConnection, hold_id: str, *, by: str, at: datetime, refusal: Refusal = Refusal.NOT_INTIMATE
) -> None:
    """Tells the notices because of which something waited that a person has decided about it.

    The desk calls it in the transaction of the decision, which has written the hold and its instructions. A notice
    ends when everything that it names is decided: granted where anything was confirmed, else refused.
    """
    for one in await notice_contents.by_hold(connection, hold_id):
        notice = await notices.find(connection, one.notice)
        if notice is None or notice.state is not NoticeState.OPEN or one.how is Copy.NEAR:
            continue
        states = await notice_contents.hold_states(connection, notice.number)
        contents = await notice_contents.of(connection, notice.number)
        named = [states[each.content] for each in contents if each.how is not Copy.NEAR]
        if HoldState.OPEN in named or HoldState.ESCALATED in named:
            continue
        granted = HoldState.CONFIRMED in named
        await _end(connection, notice, at, by=by, refusal=None if granted else refusal)
        metrics.NOTICES.labels((NoticeState.REMOVED if granted else NoticeState.REFUSED).value).inc()


def refusal_named(text: str) -> Refusal:
    """Gives the reason of that name, or raises InvalidInputError."""
    if text not in tuple(Refusal):
        raise InvalidInputError(field="reason", problem="is not one of ours.", remedy=f"Give {', '.join(Refusal)}.")
    return Refusal(text)


async def _end(
    connection: AsyncConnection, notice: ReceivedNotice, now: datetime, *, by: str, refusal: Refusal | None
) -> ReceivedNotice:
    """Writes the outcome, and has it told. Those that named the same places are granted with it, never refused."""
    state = NoticeState.REMOVED if refusal is None else NoticeState.REFUSED
    must_lead(notice.state, state)
    ended = replace(notice, state=state, ended_at=now, decided_by=by, reason=refusal)
    await notices.save(connection, ended)
    facts = {"reason": refusal.value} if refusal else {}
    await notice_log.record(connection, notice.number, NoticeEvent(state.value), now, facts)
    await notice_tasks.drop_clock(connection, notice.number, now)
    await notice_tasks.plan(connection, Task(notice.number, ANSWER, now))
    if refusal is not None:
        await notices.hand_on(connection, ended)
        return ended
    for one in await notices.joined_with(connection, ended):
        await _end(connection, one, now, by=by, refusal=None)
    return ended


async def _remove(connection: AsyncConnection, notice: ReceivedNotice, now: datetime, *, by: str) -> None:
    for one in await notice_contents.of(connection, notice.number):
        if one.how is not Copy.NEAR:
            await notice_holds.end(connection, one.hold, HoldState.CONFIRMED, by=by, reason=GRANTED, at=now)
            await instructions.give(connection, one.content, Doing.REMOVE, because=notice.number, at=now)
