"""The desk's side of notices: the queue by its clocks, and one notice with what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clock import Clock
from takeback.errors import NotFoundError
from takeback.model.notice import Notice
from takeback.model.notice_log import LoggedEvent
from takeback.model.operator import Operator, Role
from takeback.model.received_notice import NoticeState, ReceivedNotice
from takeback.participant.notices.following import Standing, standing_of
from takeback.staff.operators import must_be
from takeback.storage import audit
from takeback.storage.database import Database
from takeback.storage.platform import notice_contents, notice_log, notices
from takeback.storage.platform.notice_contents import NoticeContent
from takeback.wire import notice as wire

#: What waits: those with a clock, and those that wait for their submitter.
WAITING = frozenset({NoticeState.OPEN, NoticeState.INCOMPLETE})


@dataclass(frozen=True, slots=True)
class NoticeDetails:
    """One notice without what it says: how it stands, its content, and what happened to it."""

    standing: Standing
    contents: tuple[NoticeContent, ...]
    events: tuple[LoggedEvent, ...]
    joined: tuple[str, ...]


async def queue(
    database: Database, states: frozenset[NoticeState] | None = WAITING, *, limit: int = 100, flagged: bool = False
) -> list[ReceivedNotice]:
    """Gives notices in some states (None: in any), those whose time runs out first before the others.

    `flagged`: those of trusted flaggers alone, which are a queue of their own.
    """
    return await database.read("notices", lambda c: notices.listed(c, states, limit=limit, flagged=flagged))


async def details(database: Database, number: str) -> NoticeDetails:
    """Gives one notice. Raises NotFoundError."""

    async def work(connection: AsyncConnection) -> NoticeDetails:
        notice = await _found(connection, number)
        joined = await notices.joined_with(connection, notice)
        return NoticeDetails(
            await standing_of(connection, notice),
            tuple(await notice_contents.of(connection, notice.number)),
            tuple(await notice_log.of(connection, notice.number)),
            tuple(one.number for one in joined),
        )

    return await database.read("notice", work)


async def read_letter(database: Database, clock: Clock, operator: Operator, number: str) -> Notice | None:
    """Gives what a notice says, to whoever may decide it; None where it was erased. The audit says who read it."""

    async def work(connection: AsyncConnection) -> Notice | None:
        notice = await _found(connection, number)
        must_be(operator, role_for(notice))
        text = await notices.opened(connection, notice.number)
        await audit.record(connection, f"{operator.id}:notice/{notice.number}:read", clock.now())
        return None if text is None else wire.notice(text)

    return await database.run("read-notice", work)


def role_for(notice: ReceivedNotice) -> Role:
    """Gives the role that may read and decide a notice."""
    return Role.CHILD_SAFETY if notice.child else Role.OPERATOR


async def _found(connection: AsyncConnection, number: str) -> ReceivedNotice:
    notice = await notices.find(connection, number)
    if notice is None:
        raise NotFoundError("There is no notice of that number. See `takeback notice list`.")
    return notice
