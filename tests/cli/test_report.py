"""From a confirmed hold to a report that stands, by the commands that people use; and a real kill in the middle."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result

from support import loops
from support.commands import run_command
from support.cybertip_server import PASSWORD, USER, CyberTipServer, cybertip_server
from support.evidence import CONTENT, FACTS, staffed
from support.servers import TAKEBACK
from takeback.model.evidence import EvidenceKind
from takeback.participant.installation import open_database
from takeback.platform_settings import PlatformSettings
from takeback.wire.cybertip_rules import faults
from takeback.wire.facts import facts, facts_bytes


class Desk:
    """A platform's settings, and commands with them."""

    def __init__(self, folder: Path, service: CyberTipServer) -> None:
        self.folder, self.service = folder, service
        self.settings = folder / "platform.toml"
        password = f'cybertip_password = "{PASSWORD}"\ncybertip_test_password = "{PASSWORD}"\n'
        users = f'cybertip_user = "{USER}"\ncybertip_test_user = "{USER}"\n'
        urls = f'cybertip_url = "{service.url}"\ncybertip_test_url = "{service.url}"\n'
        self.settings.write_text(f'data_dir = "{folder / "data"}"\n{users}{password}{urls}', encoding="utf-8")
        loops.run(self._begin())

    async def _begin(self) -> None:
        given = PlatformSettings(data_dir=str(self.folder / "data"))
        database = await open_database(given)
        try:
            on = await staffed(database, self.folder / "data")
            for hold in ("h-1", "h-2", "h-3"):
                for copy in (hold, f"{hold}-copy"):
                    await on.hold(copy, beside=hold, copy=True)
                    await on.shown(hold=copy)
            await on.kept(EvidenceKind.FACTS, facts_bytes(facts(FACTS)))
        finally:
            await database.close()

    def run(self, *words: object, by: str | None = "Ana") -> Result:
        acting = () if by is None else ("--operator", by)
        return run_command(*map(str, words), *acting, "--settings", str(self.settings))

    def say(self, *words: object, by: str | None = "Ana") -> str:
        done = self.run(*words, by=by)
        assert done.exit_code == 0, done.output
        return done.stdout.strip()

    def approved(self, hold: str) -> str:
        """Builds a report about a hold and its copy, and has Bo approve it."""
        id_ = self.say("report", "build", hold, "--grounds", "seen", "--output", self.folder / f"dry-{hold}")
        id_ = id_.splitlines()[0]
        self.say("report", "approve", self.say("report", "propose", id_), by="Bo")
        return id_


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with cybertip_server() as service:
        yield Desk(tmp_path_factory.mktemp("desk"), service)


def test_a_confirmed_hold_becomes_a_report_that_stands(desk: Desk) -> None:
    """Kept, built, read as a dry run, tried, approved by a second person, sent; nothing goes twice."""
    desk.say("evidence", "keep", "h-1")
    left = desk.run(
        "report", "build", "h-1", "--grounds", "seen", "--without", "h-1-copy", "--output", desk.folder / "x"
    )
    assert "Not in it: h-1-copy. Whoever built it left it out." in left.stderr
    id_ = desk.say(
        *("report", "build", "h-1", "--grounds", "seen", "--instead", left.stdout.strip()),
        *("--output", desk.folder / "dry-h-1"),
    )
    dry = desk.folder / "dry-h-1"
    assert sorted(one.name for one in dry.iterdir()) == ["completeness.json", "file-1.xml", "file-2.xml", "report.xml"]
    assert [faults(one.read_bytes()) for one in dry.glob("*.xml")] == [[], [], []]
    assert dry.stat().st_mode & 0o077 == 0
    assert json.loads((dry / "completeness.json").read_text())["score"] > 50
    assert "are as described: 2." in desk.say("report", "rehearse", id_)
    assert desk.service.calls == []  # building and rehearsing send nothing
    desk.say("report", "approve", desk.say("report", "propose", id_), by="Bo")
    assert desk.say("report", "send", id_) == "approved"
    tried, _ = json.loads(desk.say("report", "status", "--json"))
    assert tried["tried_at"] is not None
    assert desk.say("report", "send", id_, "--production") == "finished"
    _, received = desk.service.of_state("finished")
    assert list(received.files.values()) == [CONTENT, CONTENT]
    again = desk.run("report", "send", id_, "--production")
    assert (again.exit_code, "Nothing is sent twice" in again.output) == (5, True)
    kept = json.loads(desk.say("evidence", "list", "--json"))
    assert {one["kind"] for one in kept if one["report"] == id_} == {"file", "facts", "report"}
    file = next(one for one in kept if one["kind"] == "file" and one["hold"] == "h-1")
    log = json.loads(desk.say("evidence", "show", file["id"], "--json"))["log"]
    assert [one["action"] for one in log][-2:] == ["read-for-report", "keep-file"]
    assert json.loads(desk.say("evidence", "check", "--json", by=None)) == {"whole": len(kept), "broken": []}
    desk.say("evidence", "read", file["id"], "--why", "court", "--output", desk.folder / "handed-over")
    assert (desk.folder / "handed-over").read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("hold", "at", "left"),
    [("h-2", "/fileinfo", "open"), ("h-3", "/finish", "finishing")],
    ids=["between files", "end"],
)
def test_a_process_that_is_killed_while_it_sends_makes_no_second_report_and_uploads_nothing_again(
    desk: Desk, hold: str, at: str, left: str
) -> None:
    id_, service = desk.approved(hold), desk.service
    before, uploads = len(service.of_state("finished")), service.calls.count("/upload")
    service.reached.clear()
    service.go_on.clear()
    service.stall_at = at
    words = ["report", "send", id_, "--production", "--operator", "Ana", "--settings", desk.settings]
    sending = subprocess.Popen([TAKEBACK, *map(str, words)], stderr=subprocess.PIPE)
    assert service.reached.wait(60)
    other = desk.run("report", "send", id_, "--production")
    assert "is being sent just now" in other.output
    sending.kill()
    sending.communicate()
    service.go_on.set()
    (row,) = [one for one in json.loads(desk.say("report", "status", "--json")) if one["id"] == id_]
    assert row["state"] == left
    assert desk.say("report", "send", id_, "--production") == "finished"
    assert len(service.of_state("finished")) == before + 1
    assert service.calls.count("/upload") == uploads + 2
    assert len(service.of_state("finished")[-1].described) == 2


def test_what_may_not_be_done_says_so(desk: Desk) -> None:
    file = desk.folder / "upload"
    file.write_bytes(b"another file")
    assert "has a copy" in desk.run("evidence", "keep", "h-1", file).output
    refused = desk.run("evidence", "list", by="Olli")
    assert (refused.exit_code, "child-safety" in refused.output) == (3, True)
    assert desk.run("report", "build", "h-9", "--grounds", "seen").exit_code == 4
    assert desk.run("evidence", "hold", "h-1", "--order", "12/2026").exit_code == 0
    proposal = desk.say("evidence", "release", "h-1")
    assert desk.run("evidence", "approve", proposal).exit_code == 3
    assert desk.run("evidence", "approve", proposal, by="Bo").exit_code == 0
    assert json.loads(desk.say("evidence", "purge", "--json", by=None)) == {"erased": []}
    kept = json.loads(desk.say("evidence", "list", "--json"))[0]
    assert desk.run("evidence", "receipt", kept["id"]).exit_code == 5
    broken = desk.folder / "data" / "evidence" / f"{kept['id']}.sealed"
    broken.write_bytes(broken.read_bytes()[:-1])
    checked = desk.run("evidence", "check", "--json", by=None)
    assert (checked.exit_code, json.loads(checked.stdout)["broken"]) == (9, [kept["id"]])
