"""A platform that notices reach, and notices of all kinds."""

from __future__ import annotations

import secrets
from datetime import timedelta
from pathlib import Path

import pytest

from support.notices import NOW, Media, settings
from takeback.clock import ManualClock
from takeback.model import notice as said
from takeback.model.instruction import Doing
from takeback.model.notice_log import NoticeEvent
from takeback.model.operator import Role
from takeback.model.received_notice import NoticeState, Refusal
from takeback.participant.notices.clockwork import keep_clocks
from takeback.participant.notices.copies import OwnMedia
from takeback.participant.notices.deciding import decide
from takeback.participant.notices.following import standing
from takeback.participant.notices.receiving import Receipt, receive
from takeback.platform_settings import PlatformSettings
from takeback.staff.operators import add_operator
from takeback.storage.database import Database
from takeback.storage.platform import (
    instructions,
    notice_contents,
    notice_log,
)
from takeback.storage.platform.notice_contents import NoticeContent

#: A story in which no statement differs from those of the others needs one database.
on_sqlite = pytest.mark.parametrize("address", ["sqlite"], indirect=True)


class Platform:
    """A platform at work, whose clock the test moves."""

    def __init__(self, database: Database, folder: Path, media: OwnMedia | None = None, **changed: object) -> None:
        self.database, self.clock, self.media = database, ManualClock(NOW), media or Media()
        self.settings: PlatformSettings = settings(folder, **changed)

    async def receive(self, notice: said.Notice, flagger: str | None = None) -> Receipt:
        return await receive(self.database, self.clock, self.settings, notice, flagger=flagger)

    async def work(self, after: timedelta = timedelta(0)) -> int:
        self.clock.advance(after)
        return await keep_clocks(self.database, self.clock, self.settings, self.media)

    async def told(self) -> list[tuple[str, Doing]]:
        given = await self.database.run("read", lambda c: instructions.after(c, 0, limit=1000))
        return [(one.content, one.doing) for one in given]

    async def contents(self, number: str) -> list[NoticeContent]:
        return await self.database.run("read", lambda c: notice_contents.of(c, number))

    async def log(self, number: str) -> list[NoticeEvent]:
        return [one.event for one in await self.database.run("read", lambda c: notice_log.of(c, number))]

    async def decide(self, receipt: Receipt, refusal: Refusal | None = None, role: Role = Role.OPERATOR) -> str:
        """Has somebody new decide, and gives their id."""
        name = f"person {secrets.token_hex(4)}"
        operator = await add_operator(self.database, self.clock, name, role)
        await decide(self.database, self.clock, self.settings, operator, receipt.notice.number, refusal)
        return operator.id

    async def state(self, receipt: Receipt) -> NoticeState:
        return (await standing(self.database, receipt.notice.number, receipt.secret)).notice.state
