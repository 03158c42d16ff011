"""A person at the desk decides a whole notice. What it names may as well be decided piece by piece (`outcome`)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clock import Clock
from takeback.errors import NotFoundError
from takeback.model.hold import HoldState
from takeback.model.instruction import Doing
from takeback.model.operator import Operator
from takeback.model.received_notice import Copy, NoticeState, ReceivedNotice, Refusal
from takeback.participant.notices.following import let_go
from takeback.participant.notices.outcome import end
from takeback.participant.notices.reading import role_for
from takeback.platform_settings import PlatformSettings
from takeback.staff.operators import must_be
from takeback.storage import audit
from takeback.storage.database import Database
from takeback.storage.platform import holds, instructions, notice_contents, notices

#: The reason that stands in what waited for a person, where the notice about it was granted.
GRANTED = "notice-granted"


async def decide(
    database: Database,
    clock: Clock,
    settings: PlatformSettings,
    operator: Operator,
    number: str,
    refusal: Refusal | None = None,
) -> ReceivedNotice:
    """Grants a notice, or refuses it for a reason, and gives it as it then is.

    Granting tells the platform to remove what is named and what is the same, never what is only near; refusing, to
    show it again. It may be decided the other way later. Raises NotFoundError, NotAuthorisedError or ConflictError.
    """
    now = clock.now()

    async def work(connection: AsyncConnection) -> ReceivedNotice:
        notice = await notices.find(connection, number)
        if notice is None:
            raise NotFoundError("There is no notice of that number. See `takeback notice list`.")
        must_be(operator, role_for(notice))
        ended = await end(connection, notice, now, by=operator.id, refusal=refusal)
        if refusal is None:
            await _remove(connection, settings, ended, now, by=operator.id)
            # Whoever named the same places is granted the same. A refusal is one notice's own: others may be right.
            for one in await notices.joined_with(connection, ended):
                await end(connection, one, now, by=operator.id, refusal=None)
        else:
            removed = notice.state is NoticeState.REMOVED
            await let_go(connection, ended, now, by=operator.id, reason=refusal.value, removed=removed)
            await notices.hand_on(connection, ended)
        await audit.record(connection, f"{operator.id}:notice/{number}:{refusal or 'granted'}", now)
        return ended

    return await database.run("decide-notice", work)


async def _remove(
    connection: AsyncConnection, settings: PlatformSettings, notice: ReceivedNotice, now: datetime, *, by: str
) -> None:
    doing = Doing.HIDE if settings.desk_confirmed == "hide" else Doing.REMOVE
    for one in await notice_contents.of(connection, notice.number):
        if one.how is not Copy.NEAR:
            await holds.move(connection, [one.hold], HoldState.CONFIRMED, by=by, at=now, reason=GRANTED)
            await instructions.give(connection, one.content, doing, because=notice.number, at=now)
