"""A platform that can report, to a service on this machine that plays the published flow."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from support.cybertip_server import PASSWORD, USER, CyberTipServer
from support.evidence import CONTENT, Staffed, staffed
from takeback.errors import NotAuthorisedError
from takeback.exchanges.cybertip import CyberTipline
from takeback.model.evidence import EvidenceKind
from takeback.model.filing import Door, Filing, ReportState
from takeback.model.proposal import ProposalKind
from takeback.model.report import Grounds, Said
from takeback.participant import two_person
from takeback.participant.reports.reports import Reports
from takeback.participant.reports.sending import Sending
from takeback.storage.database import Database
from takeback.storage.platform import reports

Run = Callable[[Callable[[Database], Awaitable[None]]], None]
SEEN = Said(Grounds.SEEN)


class Reporting:
    """A platform that can report, to the service on this machine."""

    def __init__(self, on: Staffed, service: CyberTipServer | None) -> None:
        self.on, self.service = on, service
        self.authority = self.line()
        self.reports = Reports(on.settings, on.database, on.clock, on.store, self.authority)
        self.sending = Sending(on.database, on.clock, on.store, dict.fromkeys(Door, self.line))
        self.two = two_person.OURS

    def line(self) -> CyberTipline:
        url = "http://127.0.0.1:1" if self.service is None else self.service.url
        return CyberTipline(url, USER, PASSWORD, timeout_s=10)

    async def ready(self, hold: str = "h-1", *, copies: int = 0) -> str:
        """Has everything that a report takes, builds one, and has a second person approve it."""
        every = [hold, *(f"{hold}-copy-{number}" for number in range(copies))]
        for one in every:
            await self.on.hold(one, beside=hold)
            await self.on.shown(hold=one)
            content = io.BytesIO(CONTENT + one.removeprefix(hold).encode())
            await self.on.store.keep(one, EvidenceKind.FILE, content, by="platform", is_copy=True)
        built = await self.reports.build(self.on.ana, hold, SEEN)
        await self.approve(built.filing.id)
        return built.filing.id

    async def approve(self, id_: str) -> None:
        database, clock = self.on.database, self.on.clock
        asked = await self.two.propose(database, clock, self.on.ana, ProposalKind.SUBMIT_REPORT, id_, {})
        with pytest.raises(NotAuthorisedError):
            await self.two.carry_out(database, clock, self.on.ana, asked.id)
        await self.two.carry_out(database, clock, self.on.bo, asked.id)

    async def send(self, id_: str, door: Door = Door.PRODUCTION) -> Filing:
        return await self.sending.send(self.on.ana, id_, door)

    async def state(self, id_: str) -> ReportState:
        found = await self.on.database.run("find", lambda c: reports.find(c, id_))
        assert found is not None
        return found.state


def reporting(
    run: Run,
    folder: Path,
    service: CyberTipServer | None,
    story: Callable[[Reporting], Awaitable[None]],
    **settings: object,
) -> None:
    async def whole(database: Database) -> None:
        platform = Reporting(await staffed(database, folder, **settings), service)
        try:
            await story(platform)
        finally:
            platform.authority.close()

    run(whole)
