"""Reports: what may be reported, what a report says, and that a kill between any two steps makes no second one."""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import stamina
from defusedxml.ElementTree import fromstring

from contract.conftest import KEYRING, Run
from support import loops
from support.cybertip_server import PASSWORD, USER, CyberTipServer, cybertip_server
from support.evidence import CONTENT, FACTS, FINDING, NOW, Staffed, staffed
from takeback.errors import ConflictError, InvalidInputError, NotAuthorisedError, NotFoundError, UnavailableError
from takeback.exchanges.cybertip import CyberTipline
from takeback.model.evidence import EvidenceKind, Purpose
from takeback.model.filing import Door, Filing, ReportState
from takeback.model.hold import HoldState
from takeback.model.proposal import ProposalKind
from takeback.model.report import FileNote, Grounds, ReportNote
from takeback.model.review import Seen
from takeback.participant import two_person
from takeback.participant.report_sending import Sending
from takeback.participant.reports import Reports, Said
from takeback.storage.database import Database
from takeback.storage.migrate import PLATFORM, migrate
from takeback.storage.platform import holds, reports
from takeback.wire.cybertip_rules import faults
from takeback.wire.facts import facts, facts_bytes

SEEN = Said(Grounds.SEEN)


@pytest.fixture
def service() -> Iterator[CyberTipServer]:
    with cybertip_server() as running:
        yield running


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder that lies in memory where there is such a place: hundreds of steps wait for no disk."""
    place = Path("/dev/shm")  # noqa: S108 - the folder in it has a random name
    folder = Path(tempfile.mkdtemp(dir=place if place.is_dir() else None))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def on_sqlite(memory: Path) -> Run:
    """Runs a test's coroutine with a platform's database: what is told apart by steps, not by databases."""

    def run(test: Callable[[Database], Awaitable[None]]) -> None:
        async def whole() -> None:
            database = Database.open(f"sqlite+aiosqlite:///{memory / 'platform.db'}", KEYRING)
            try:
                await migrate(database, steps=PLATFORM)
                await test(database)
            finally:
                await database.close()

        loops.run(whole())

    return run


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

    async def ready(self, hold: str = "h-1") -> str:
        """Has everything that a report takes, builds one, and has a second person approve it."""
        await self.on.hold(hold)
        await self.on.shown(hold=hold)
        await self.on.store.keep(hold, EvidenceKind.FILE, io.BytesIO(CONTENT), by="platform")
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


def test_nothing_is_built_of_what_the_child_safety_role_has_not_confirmed_and_seen(
    on_platform: Run, tmp_path: Path
) -> None:
    async def story(at: Reporting) -> None:
        on = at.on
        refused = [
            ("open", HoldState.OPEN, None, "Only what a person has confirmed"),
            ("escalated", HoldState.ESCALATED, "ana", "Only what a person has confirmed"),
            ("wrong", HoldState.WRONG, "ana", "Only what a person has confirmed"),
            ("rule", HoldState.CONFIRMED, "policy", "Nobody of the child-safety role"),
            ("nobody", HoldState.CONFIRMED, None, "Nobody of the child-safety role"),
            ("operator", HoldState.CONFIRMED, "olli", "Nobody of the child-safety role"),
        ]
        for id_, state, by, why in refused:
            await on.hold(id_, state=state, by=by)
            with pytest.raises(ConflictError, match=why):
                await at.reports.build(on.ana, id_, SEEN)
        await on.hold()
        await on.kept()
        with pytest.raises(NotAuthorisedError, match="child-safety"):
            await at.reports.build(on.olli, "h-1", SEEN)
        with pytest.raises(ConflictError, match="seen the file itself"):
            await at.reports.build(on.ana, "h-1", SEEN)
        await on.shown(Seen.BLURRED)
        with pytest.raises(ConflictError, match="a blurred view is none"):
            await at.reports.build(on.ana, "h-1", SEEN)
        with pytest.raises(ConflictError, match="policy here"):
            await at.reports.build(on.ana, "h-1", Said(Grounds.VERIFIED_LIST))
        with pytest.raises(NotFoundError):
            await at.reports.build(on.ana, "h-99", SEEN)
        assert await at.reports.list_(on.ana) == []

    reporting(on_platform, tmp_path, None, story)


def test_a_file_that_nobody_saw_is_reported_only_where_policy_and_list_let_it_and_says_so(
    on_sqlite: Run, memory: Path
) -> None:
    async def story(at: Reporting) -> None:
        hold = await at.on.hold()
        await at.on.kept()
        with pytest.raises(ConflictError, match="No hotline has verified"):
            await at.reports.build(at.on.ana, "h-1", Said(Grounds.VERIFIED_LIST))
        verified = replace(hold, id="h-2", findings=(replace(FINDING, tier="verified"),))
        await at.on.database.run("hold", lambda c: holds.add(c, verified))
        await at.on.store.keep("h-2", EvidenceKind.FILE, io.BytesIO(CONTENT), by="platform")
        built = await at.reports.build(at.on.ana, "h-2", Said(Grounds.VERIFIED_LIST))
        file = fromstring(built.documents["file-1.xml"])
        assert (file.findtext("fileViewedByEsp"), file.findtext("exifViewedByEsp")) == ("false", "false")
        assert "No person has viewed this file" in (file.findtext("additionalInfo") or "")

    reporting(on_sqlite, memory, None, story, report_unseen="verified")


def test_a_report_says_what_is_known_and_nothing_else(on_platform: Run, tmp_path: Path) -> None:
    async def story(at: Reporting) -> None:
        on = at.on
        await on.hold()
        await on.shown()
        with pytest.raises(NotFoundError, match="not kept"):
            await at.reports.build(on.ana, "h-1", SEEN)
        file = await on.kept()
        bare = await at.reports.build(on.ana, "h-1", SEEN)
        with pytest.raises(ConflictError, match="There is a report about this hold"):
            await at.reports.build(on.ana, "h-1", SEEN)
        await at.sending.retract(on.ana, bare.filing.id)
        await on.kept(EvidenceKind.FACTS, facts_bytes(facts(FACTS)))
        said = Said(Grounds.SEEN, (ReportNote.SEXTORTION,), (FileNote.SELF_PRODUCED,), urgent="he waits for her")
        built = await at.reports.build(on.ana, "h-1", said)
        assert all(faults(document) == [] for document in built.documents.values())
        root, details = fromstring(built.documents["report.xml"]), fromstring(built.documents["file-1.xml"])
        assert root.findtext("personOrUserReported/espIdentifier") == "user/7"
        assert root.findtext("personOrUserReported/ipCaptureEvent/dateTime") == "2026-11-26T10:00:00+01:00"
        assert root.findtext("incidentSummary/incidentDateTime") == "2026-11-26T11:00:00Z"
        assert root.find("victim") is None
        assert (details.findtext("fileViewedByEsp"), details.findtext("exifViewedByEsp")) == ("true", "false")
        assert [one.tag for one in details.find("fileAnnotations") or ()] == ["possibleSelfProduction"]
        assert {one.get("hashType") for one in details.findall("originalFileHash")} == {"MD5", "SHA1", "SHA256"}
        pairs = {one.findtext("name"): one.findtext("value") for one in details.findall("details/nameValuePair")}
        assert pairs == {"matched-list": "takeback.example/list", "matched-by": "pdq"}
        assert fromstring(bare.documents["file-1.xml"]).find("fileAnnotations") is None
        assert built.completeness.score > bare.completeness.score
        assert (await at.reports.show(on.bo, built.filing.id)).documents == built.documents
        _, _, log = await on.store.show(on.ana, file.id)
        assert log[0].action == f"read-for-{Purpose.REPORT}"
        on_disk = b"".join(one.read_bytes() for one in (tmp_path / "evidence").iterdir())
        assert b"192.0.2.55" not in on_disk
        assert b"someone@example.org" not in on_disk

    reporting(on_platform, tmp_path, None, story)


def test_production_takes_a_second_person_and_the_test_does_not(
    on_platform: Run, tmp_path: Path, service: CyberTipServer
) -> None:
    async def story(at: Reporting) -> None:
        on = at.on
        await on.hold()
        await on.shown()
        file = await on.kept()
        id_ = (await at.reports.build(on.ana, "h-1", SEEN)).filing.id
        with pytest.raises(ConflictError, match="No second person"):
            await at.send(id_)
        with pytest.raises(NotAuthorisedError):
            await at.sending.send(on.olli, id_, Door.TEST)
        tried = await at.send(id_, Door.TEST)
        assert (tried.state, tried.tried_at) == (ReportState.BUILT, NOW)
        await at.approve(id_)
        on.clock.advance(timedelta(days=3))
        done = await at.send(id_)
        assert (done.state, done.finished_at) == (ReportState.FINISHED, NOW + timedelta(days=3))
        assert (done.request or "").startswith("call-")
        _, received = service.of_state("finished")
        assert list(received.files.values()) == [CONTENT]
        assert list(received.described) == list(received.files)
        with pytest.raises(ConflictError, match="finished"):
            await at.send(id_)
        with pytest.raises(ConflictError, match="finished"):
            await at.sending.retract(on.ana, id_)
        item, _, _ = await on.store.show(on.ana, file.id)
        assert (item.report, item.due_at) == (id_, NOW + timedelta(days=3 + 366))

    reporting(on_platform, tmp_path, service, story)


class KilledError(BaseException):
    """Ends everything at once, as a kill does: nothing catches it."""


def test_a_kill_between_any_two_steps_makes_no_second_report(
    on_sqlite: Run, memory: Path, service: CyberTipServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first run counts the steps (transactions and calls); then others are cut behind each of them."""

    async def story(at: Reporting) -> None:
        built = await at.ready()
        steps = {"left": 10**6, "seen": 0}

        async def cut_run(self: Database, name: str, work: object, *, run=Database.run):
            given = await run(self, name, work)  # type: ignore[arg-type]
            _step(steps)
            return given

        def cut_ask(self: CyberTipline, *words: object, ask=CyberTipline._ask, **more: object):
            given = ask(self, *words, **more)  # type: ignore[arg-type]
            _step(steps)
            return given

        with monkeypatch.context() as patch:
            patch.setattr(Database, "run", cut_run)
            patch.setattr(CyberTipline, "_ask", cut_ask)
            await at.send(built)
        total = steps["seen"]
        assert total > 12
        assert await at.state(built) is ReportState.FINISHED
        for place in range(1, total):
            await _fresh(at, f"h-{place + 1}", steps, patch=monkeypatch, cuts=(cut_run, cut_ask), place=place)
            assert len(service.of_state("finished")) == place + 1

    reporting(on_sqlite, memory, service, story)


def _step(steps: dict[str, int]) -> None:
    steps["seen"] += 1
    steps["left"] -= 1
    if steps["left"] <= 0:
        raise KilledError


async def _fresh(
    at: Reporting,
    hold: str,
    steps: dict[str, int],
    *,
    patch: pytest.MonkeyPatch,
    cuts: tuple[object, object],
    place: int,
) -> None:
    id_ = await at.ready(hold)
    with patch.context() as cutting:
        cutting.setattr(Database, "run", cuts[0])
        cutting.setattr(CyberTipline, "_ask", cuts[1])
        steps["left"] = place
        with pytest.raises(KilledError):
            await at.send(id_)
    if await at.state(id_) is not ReportState.FINISHED:  # cut behind the last transaction, it stands already
        assert (await at.send(id_)).state is ReportState.FINISHED


def test_an_answer_that_is_lost_makes_no_second_report(on_sqlite: Run, memory: Path, service: CyberTipServer) -> None:
    async def story(at: Reporting) -> None:
        with stamina.set_testing(True, attempts=3):
            lost = [(path, done) for path in ("/submit", "/upload", "/fileinfo", "/finish") for done in (False, True)]
            for number, cut in enumerate(lost, 1):
                id_ = await at.ready(f"h-{number}")
                service.break_at = cut
                try:
                    await at.send(id_)
                except UnavailableError:
                    await at.send(id_)
                assert await at.state(id_) is ReportState.FINISHED
                assert len(service.of_state("finished")) == number

    reporting(on_sqlite, memory, service, story)


def test_a_report_that_expired_is_opened_anew(on_sqlite: Run, memory: Path, service: CyberTipServer) -> None:
    async def story(at: Reporting) -> None:
        id_ = await at.ready()
        service.break_at = ("/upload", False)
        with pytest.raises(UnavailableError):
            await at.send(id_)
        assert await at.state(id_) is ReportState.OPEN
        service.clock.advance(timedelta(hours=24, seconds=1))
        assert (await at.send(id_)).state is ReportState.FINISHED
        assert list(service.reports) == ["4002"]

    reporting(on_sqlite, memory, service, story)


def test_a_file_that_arrived_as_another_is_never_finished(
    on_sqlite: Run, memory: Path, service: CyberTipServer
) -> None:
    async def story(at: Reporting) -> None:
        id_ = await at.ready()
        service.lie_about_hash = True
        assert (await at.send(id_)).state is ReportState.FINISHED
        assert (len(service.of_state("retracted")), len(service.of_state("finished"))) == (1, 1)

    reporting(on_sqlite, memory, service, story)


def test_a_report_that_may_stand_is_a_matter_of_a_person(on_sqlite: Run, memory: Path, service: CyberTipServer) -> None:
    async def story(at: Reporting) -> None:
        id_ = await at.ready()
        service.break_at = ("/finish", False)
        at.sending = Sending(at.on.database, at.on.clock, at.on.store, {Door.PRODUCTION: lambda: _forgetful(at)})
        with pytest.raises(ConflictError, match="Nobody knows"):
            await at.send(id_)
        assert await at.state(id_) is ReportState.UNCLEAR
        with pytest.raises(ConflictError, match="unclear"):
            await at.send(id_)
        assert (await at.sending.settle(at.on.ana, id_, stands=False)).state is ReportState.APPROVED

    reporting(on_sqlite, memory, service, story)


def _forgetful(at: Reporting) -> CyberTipline:
    """A line to a service that has forgotten every report when one is to be finished."""
    line, service = at.line(), at.service
    assert service is not None

    def finish(theirs: str) -> object:
        service.reports.clear()
        return CyberTipline.finish(line, theirs)

    line.finish = finish  # type: ignore[method-assign, assignment]
    return line


def test_what_is_open_is_taken_back(on_sqlite: Run, memory: Path, service: CyberTipServer) -> None:
    async def story(at: Reporting) -> None:
        id_ = await at.ready()
        service.break_at = ("/upload", False)
        with pytest.raises(UnavailableError):
            await at.send(id_)
        assert (await at.sending.retract(at.on.bo, id_)).state is ReportState.RETRACTED
        assert [len(service.of_state(state)) for state in ("open", "retracted", "finished")] == [0, 1, 0]
        again = await at.reports.build(at.on.ana, "h-1", SEEN)
        assert again.filing.id != id_

    reporting(on_sqlite, memory, service, story)


def test_wrong_credentials_and_a_broken_rule_are_named(on_sqlite: Run, memory: Path, service: CyberTipServer) -> None:
    async def story(at: Reporting) -> None:
        id_ = await at.ready()
        wrong = {Door.PRODUCTION: lambda: CyberTipline(service.url, USER, "wrong", timeout_s=10)}
        with pytest.raises(NotAuthorisedError, match="credentials"):
            await Sending(at.on.database, at.on.clock, at.on.store, wrong).send(at.on.ana, id_, Door.PRODUCTION)
        await at.sending.retract(at.on.ana, id_)
        with pytest.raises(InvalidInputError, match="escalateToHighPriority: has more than 3000"):
            await at.reports.build(at.on.ana, "h-1", Said(Grounds.SEEN, urgent="x" * 3001))

    reporting(on_sqlite, memory, service, story)
