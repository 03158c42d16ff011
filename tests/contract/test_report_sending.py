"""Reports on their way: a second person, and that a kill between any two steps makes no second report."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import stamina
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from contract.conftest import Run
from support.cybertip_server import USER, CyberTipServer, cybertip_server
from support.evidence import CONTENT, FACTS, NOW
from support.reporting import SEEN, Reporting, reporting
from takeback.errors import ConflictError, InvalidInputError, NotAuthorisedError, UnavailableError
from takeback.exchanges.cybertip import CyberTipline
from takeback.model.evidence import EvidenceKind
from takeback.model.filing import Door, ReportState
from takeback.model.report import Grounds, Said
from takeback.participant.reports.sending import Sending
from takeback.storage.database import Database
from takeback.storage.platform import schema
from takeback.wire.facts import facts, facts_bytes


@pytest.fixture
def service() -> Iterator[CyberTipServer]:
    with cybertip_server() as running:
        yield running


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
    on_sqlite: Run, tmp_path: Path, service: CyberTipServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first run counts the steps (transactions and calls); then others are cut behind each of them.

    Each report has two files: the cuts fall into both, and between them.
    """

    async def story(at: Reporting) -> None:
        built = await at.ready(copies=1)
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
        assert total > 20
        assert await at.state(built) is ReportState.FINISHED
        for place in range(1, total):
            await _fresh(at, f"h-{place + 1}", steps, patch=monkeypatch, cuts=(cut_run, cut_ask), place=place)
            assert len(service.of_state("finished")) == place + 1
        for one in service.of_state("finished"):
            assert list(one.files.values()) == [CONTENT, CONTENT + b"-copy-0"]  # each once, in its place
            assert list(one.described) == list(one.files)

    reporting(on_sqlite, tmp_path, service, story)


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
    id_ = await at.ready(hold, copies=1)
    with patch.context() as cutting:
        cutting.setattr(Database, "run", cuts[0])
        cutting.setattr(CyberTipline, "_ask", cuts[1])
        steps["left"] = place
        with pytest.raises(KilledError):
            await at.send(id_)
    if await at.state(id_) is not ReportState.FINISHED:  # cut behind the last transaction, it stands already
        assert (await at.send(id_)).state is ReportState.FINISHED


def test_an_answer_that_is_lost_makes_no_second_report(on_sqlite: Run, tmp_path: Path, service: CyberTipServer) -> None:
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

    reporting(on_sqlite, tmp_path, service, story)


def test_what_has_arrived_is_not_uploaded_again(on_sqlite: Run, tmp_path: Path, service: CyberTipServer) -> None:
    """An answer is lost between two files: the first is described anew, which changes nothing, and never sent again."""

    async def story(at: Reporting) -> None:
        with stamina.set_testing(True, attempts=1):
            id_ = await at.ready(copies=2)
            service.break_at = ("/fileinfo", True)
            with pytest.raises(UnavailableError):
                await at.send(id_)
            assert (await at.send(id_)).state is ReportState.FINISHED
        (one,) = service.reports.values()
        assert list(one.files.values()) == [CONTENT, CONTENT + b"-copy-0", CONTENT + b"-copy-1"]
        assert service.calls.count("/upload") == 3

    reporting(on_sqlite, tmp_path, service, story)


def test_nothing_is_sent_whose_decision_was_undone(on_sqlite: Run, tmp_path: Path, service: CyberTipServer) -> None:
    async def story(at: Reporting) -> None:
        id_ = await at.ready(copies=1)
        await at.on.database.run("undo", lambda c: _moved(c, "h-1-copy-0", "open"))
        for door in Door:
            with pytest.raises(ConflictError, match="h-1-copy-0 is open by now"):
                await at.send(id_, door)
        assert (await at.state(id_), service.calls) == (ReportState.APPROVED, [])

    reporting(on_sqlite, tmp_path, service, story)


def test_a_report_that_expired_is_opened_anew(on_sqlite: Run, tmp_path: Path, service: CyberTipServer) -> None:
    async def story(at: Reporting) -> None:
        id_ = await at.ready()
        service.break_at = ("/upload", False)
        with pytest.raises(UnavailableError):
            await at.send(id_)
        assert await at.state(id_) is ReportState.OPEN
        service.clock.advance(timedelta(hours=24, seconds=1))
        assert (await at.send(id_)).state is ReportState.FINISHED
        assert list(service.reports) == ["4002"]

    reporting(on_sqlite, tmp_path, service, story)


def test_a_file_that_arrived_as_another_is_never_finished(
    on_sqlite: Run, tmp_path: Path, service: CyberTipServer
) -> None:
    async def story(at: Reporting) -> None:
        id_ = await at.ready()
        service.lie_about_hash = True
        assert (await at.send(id_)).state is ReportState.FINISHED
        assert (len(service.of_state("retracted")), len(service.of_state("finished"))) == (1, 1)

    reporting(on_sqlite, tmp_path, service, story)


def test_a_report_that_may_stand_is_a_matter_of_a_person(
    on_sqlite: Run, tmp_path: Path, service: CyberTipServer
) -> None:
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

    reporting(on_sqlite, tmp_path, service, story)


def _forgetful(at: Reporting) -> CyberTipline:
    """A line to a service that has forgotten every report when one is to be finished."""
    line, service = at.line(), at.service
    assert service is not None

    def finish(theirs: str) -> object:
        service.reports.clear()
        return CyberTipline.finish(line, theirs)

    line.finish = finish  # type: ignore[method-assign, assignment]
    return line


def test_what_is_open_is_taken_back(on_sqlite: Run, tmp_path: Path, service: CyberTipServer) -> None:
    async def story(at: Reporting) -> None:
        id_ = await at.ready()
        service.break_at = ("/upload", False)
        with pytest.raises(UnavailableError):
            await at.send(id_)
        assert (await at.sending.retract(at.on.bo, id_)).state is ReportState.RETRACTED
        assert [len(service.of_state(state)) for state in ("open", "retracted", "finished")] == [0, 1, 0]
        again = await at.reports.build(at.on.ana, "h-1", SEEN)
        assert again.filing.id != id_

    reporting(on_sqlite, tmp_path, service, story)


def test_what_was_kept_for_a_report_that_was_taken_back_goes_with_a_wrong_decision(
    on_sqlite: Run, tmp_path: Path, service: CyberTipServer
) -> None:
    async def story(at: Reporting) -> None:
        kept, stands = await at.ready("h-1"), await at.ready("h-2", copies=1)
        await at.on.kept(EvidenceKind.FACTS, facts_bytes(facts(FACTS)))
        await at.send(stands)
        for hold in ("h-1", "h-2", "h-2-copy-0"):
            await at.on.database.run("undo", lambda c, hold=hold: _moved(c, hold, "wrong"))
        assert await at.on.store.purge() == []  # a report is on its way
        await at.sending.retract(at.on.ana, kept)
        assert len(await at.on.store.purge()) == 3  # file, facts, report
        items, _ = await at.on.store.list_(at.on.ana)
        assert {item.hold for item in items} == {"h-2", "h-2-copy-0"}

    reporting(on_sqlite, tmp_path, service, story)


async def _moved(connection: AsyncConnection, hold: str, state: str) -> None:
    await connection.execute(update(schema.hold).where(schema.hold.c.id == hold).values(state=state))


def test_wrong_credentials_and_a_broken_rule_are_named(on_sqlite: Run, tmp_path: Path, service: CyberTipServer) -> None:
    async def story(at: Reporting) -> None:
        id_ = await at.ready()
        wrong = {Door.PRODUCTION: lambda: CyberTipline(service.url, USER, "wrong", timeout_s=10)}
        with pytest.raises(NotAuthorisedError, match="credentials"):
            await Sending(at.on.database, at.on.clock, at.on.store, wrong).send(at.on.ana, id_, Door.PRODUCTION)
        await at.sending.retract(at.on.ana, id_)
        with pytest.raises(InvalidInputError, match="urgent: has 3,001 characters, and may have 3,000"):
            await at.reports.build(at.on.ana, "h-1", Said(Grounds.SEEN, urgent="x" * 3001))

    reporting(on_sqlite, tmp_path, service, story)
