"""`takeback desk`: one story from a hold to its undoing, and mistakes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support import loops
from support.commands import run_command
from support.desk import ENTRY, DeskPeople
from takeback.clock import SystemClock
from takeback.model.hold import Source
from takeback.participant.desk.appealing import file_appeal
from takeback.participant.installation import open_database
from takeback.platform_settings import PlatformSettings


@pytest.fixture
def takeback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TAKEBACK_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "200")

    async def fill() -> None:
        database = await open_database(PlatformSettings(data_dir=str(tmp_path / "data")))
        people = DeskPeople(database)
        people.clock.advance(SystemClock().now() - people.clock.now())
        await people.hold("h-1", due_h=5, source=Source.NOTICE)
        await people.hold("h-2")
        await database.close()

    loops.run(fill())
    return run_command


def test_what_waits_is_decided_appealed_and_undone(takeback, tmp_path: Path) -> None:
    for name, role in (("Ana", "administrator"), ("Bo", "operator"), ("Safe", "child-safety")):
        made = json.loads(takeback("desk", "operator", "add", name, "--role", role, "--json").stdout)
        assert made["link"].startswith("http://localhost:8450/desk/enrol#")
    (row,) = json.loads(takeback("desk", "holds", "list", "--operator", "Bo", "--json").stdout)
    assert (row["id"], row["copies"], row["list"], row["source"]) == ("h-1", 2, "ours", "notice")
    assert "h-1" in takeback("desk", "holds", "list", "--operator", "Bo", "--due").stdout
    told = json.loads(takeback("desk", "holds", "show", "h-1", "--operator", "Bo", "--json").stdout)
    assert told["near"][0]["how"].startswith("likely the same picture")
    assert "likely the same picture" in takeback("desk", "holds", "show", "h-1", "--operator", "Bo").stdout
    decided = takeback("desk", "holds", "decide", "h-1", "--reason", "as-listed", "--operator", "Bo", "--json")
    assert json.loads(decided.stdout)["copies"] == 2

    async def appeal() -> str:
        database = await open_database(PlatformSettings(data_dir=str(tmp_path / "data")))
        try:
            return (await file_appeal(database, SystemClock(), "post/h-2", "not-intimate")).id
        finally:
            await database.close()

    filed = loops.run(appeal())
    first = takeback("desk", "appeals", "decide", filed, "--reason", "lawful", "--operator", "Bo")
    assert (first.exit_code, "first" in first.stderr) == (3, True)
    (waiting,) = json.loads(takeback("desk", "appeals", "list", "--operator", "Ana", "--json").stdout)
    assert (waiting["id"], waiting["yours_to_decide"]) == (filed, True)
    assert takeback("desk", "appeals", "decide", filed, "--reason", "lawful", "--operator", "Ana").exit_code == 0

    undo = ("desk", "undo", "--reviewer", "Bo", "--operator", "Bo", "--json")
    assert json.loads(takeback(*undo, "--dry-run").stdout) == {"would_undo": 1}
    proposal = json.loads(takeback(*undo).stdout)["proposal"]
    (open_,) = json.loads(takeback("desk", "proposal", "list", "--json").stdout)
    assert (open_["id"], open_["kind"], open_["proposed_by"]) == (proposal, "undo-decisions", "Bo")
    assert takeback("desk", "proposal", "carry-out", proposal, "--operator", "Bo").exit_code == 3
    assert takeback("desk", "proposal", "carry-out", proposal, "--operator", "Ana").exit_code == 0
    assert [
        one["id"] for one in json.loads(takeback("desk", "holds", "list", "--operator", "Bo", "--json").stdout)
    ] == ["h-1"]


def test_brakes_and_the_negative_bank_at_the_machine(takeback) -> None:
    for name in ("Ana", "Bo"):
        takeback("desk", "operator", "add", name, "--role", "administrator")
    who = ("--operator", "Ana")
    assert takeback("desk", "brake", "decide", "ours", ENTRY, "deconfirm", *who).exit_code == 0
    (stood,) = json.loads(takeback("desk", "brake", "list", *who, "--json").stdout)
    assert (stood["list"], stood["entry"], stood["standing"]) == ("ours", ENTRY, "deconfirmed")
    assert takeback("desk", "brake", "decide", "ours", ENTRY, "release", *who).exit_code == 0
    assert takeback("desk", "brake", "decide", "ours", ENTRY, "release", *who).exit_code == 4
    made = json.loads(takeback("desk", "negative", "add", "Logo", "--value", f"pdq:{'0f' * 32}", *who, "--json").stdout)
    assert takeback("desk", "proposal", "carry-out", made["proposal"], "--operator", "Bo").exit_code == 0
    (kept,) = json.loads(takeback("desk", "negative", "list", "--json").stdout)["pictures"]
    assert (kept["picture"], kept["label"], kept["values"]) == (made["picture"], "Logo", 1)
    assert takeback("desk", "negative", "remove", made["picture"], *who).exit_code == 0


def test_mistakes_are_one_line_and_a_code(takeback) -> None:
    takeback("desk", "operator", "add", "Ana", "--role", "administrator")
    takeback("desk", "operator", "add", "Vi", "--role", "viewer")
    for words, code in (
        (("holds", "list", "--operator", "Nobody"), 4),
        (("holds", "list", "--operator", "Vi"), 3),
        (("holds", "list", "--operator", "Ana", "--escalated"), 3),
        (("holds", "decide", "h-1", "--operator", "Ana", "--reason", "because"), 2),
        (("holds", "decide", "h-none", "--operator", "Ana", "--reason", "lawful"), 4),
        (("undo", "--operator", "Ana"), 2),
        (("negative", "add", "Logo", "--value", "pdq:no", "--operator", "Ana"), 2),
    ):
        done = takeback("desk", *words)
        assert done.exit_code == code, (words, done.stderr)
        assert "Traceback" not in done.output
    # Child-safety is a role of desks alone.
    refused = takeback("operator", "add", "Cleo", "--role", "child-safety")
    assert (refused.exit_code, "role" in refused.stderr) == (2, True)
