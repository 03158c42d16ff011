"""The submitter's side of a notice: how it stands, and taking it back. Number and secret open it, and nothing else."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback import metrics
from takeback.clock import Clock
from takeback.errors import NotFoundError
from takeback.model.hold import HoldState
from takeback.model.instruction import Doing
from takeback.model.notice import AgeThen, Part, missing_parts
from takeback.model.notice_log import NoticeEvent
from takeback.model.notice_receipt import digest_of, number_in
from takeback.model.received_notice import Copy, NoticeState, ReceivedNotice, must_lead
from takeback.participant.holds.holding import BY_POLICY
from takeback.storage.database import Database
from takeback.storage.platform import holds, instructions, notice_contents, notice_log, notice_tasks, notices
from takeback.wire import notice as wire

TAKEN_BACK = "notice-withdrawn"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a notice stands. `hidden` is how many pieces are hidden or removed, `copies` how many the same were found.

    `searched_at` is when copies were last looked for, in UTC.
    """

    notice: ReceivedNotice
    missing: tuple[Part, ...]
    named: int
    hidden: int
    copies: int
    searched_at: datetime | None


async def standing(database: Database, number: str, secret: str) -> Standing:
    """Gives how a notice stands. Raises NotFoundError for an unknown number and a wrong secret alike."""

    async def work(connection: AsyncConnection) -> Standing:
        notice = await opened_by(connection, number, secret)
        return await standing_of(connection, notice)

    return await database.read("standing-of-notice", work)


async def standing_of(connection: AsyncConnection, notice: ReceivedNotice) -> Standing:
    """Gives how a notice stands."""
    text = await notices.opened(connection, notice.number)
    contents = await notice_contents.of(connection, notice.number)
    logged = await notice_log.of(connection, notice.number)
    # A search that had nothing to look for is in the log, and is none to the submitter.
    searched = [one.at for one in logged if one.event is NoticeEvent.SEARCHED and one.facts.get("fingerprints")]
    incomplete = notice.state is NoticeState.INCOMPLETE and text is not None
    return Standing(
        notice,
        missing_parts(wire.notice(text)) if incomplete and text else (),
        named=sum(one.how is Copy.NAMED for one in contents),
        hidden=sum(one.hidden_at is not None for one in contents),
        copies=sum(one.how is Copy.EXACT for one in contents),
        searched_at=searched[-1] if searched else None,
    )


async def withdraw(database: Database, clock: Clock, number: str, secret: str) -> None:
    """Takes a notice back. What it said is erased at once; what was hidden for it alone is shown again.

    Not so where the person may have been a child: the platform knows of it now, and a person there still looks.
    """
    now = clock.now()

    async def work(connection: AsyncConnection) -> None:
        notice = await opened_by(connection, number, secret)
        must_lead(notice.state, NoticeState.WITHDRAWN)
        ended = replace(notice, state=NoticeState.WITHDRAWN, ended_at=now, notifier=None)
        await notices.save(connection, ended)
        await notice_log.record(connection, notice.number, NoticeEvent.WITHDRAWN, now)
        await notice_tasks.drop_all(connection, notice.number, now)
        if notice.depicted is AgeThen.OVER_18:
            await let_go(connection, notice, now, by=BY_POLICY, reason=TAKEN_BACK)
        await notices.hand_on(connection, ended)
        await notices.erase(connection, notice.number)
        await notice_contents.erase_prints(connection, notice.number)

    await database.run("withdraw-notice", work)
    metrics.NOTICES.labels(NoticeEvent.WITHDRAWN.value).inc()


async def let_go(
    connection: AsyncConnection, notice: ReceivedNotice, now: datetime, *, by: str, reason: str, removed: bool = False
) -> None:
    """Ends what waits because of this notice alone, and has shown again what was hidden (or `removed`) for it.

    What is only near was never hidden for it; where a person has decided about that already, it stays so.
    """
    for one in await notice_contents.of(connection, notice.number):
        held = await holds.find(connection, one.hold)
        decided = held is None or held.state in {HoldState.CONFIRMED, HoldState.WRONG}
        others = await notice_contents.named_by_others(connection, notice.number, one.content)
        if others or (one.how is Copy.NEAR and decided):
            continue
        await holds.move(connection, [one.hold], HoldState.WRONG, by=by, at=now, reason=reason)
        if one.how is not Copy.NEAR and (removed or one.hidden_at is not None):
            await instructions.give(connection, one.content, Doing.RESTORE, because=notice.number, at=now)
            await notice_contents.set_hidden(connection, notice.number, one.content, None)


async def opened_by(connection: AsyncConnection, number: str, secret: str) -> ReceivedNotice:
    """Gives the notice that number and secret open, or raises NotFoundError that tells nothing of either."""
    kept = await notices.secret_of(connection, number_in(number))
    # Compared in any case, so that the time tells nothing either.
    right = hmac.compare_digest(kept or bytes(32), digest_of(secret))
    notice = await notices.find(connection, number_in(number))
    if notice is None or not right:
        raise NotFoundError("There is no notice with this number and secret. Check both.")
    return notice
