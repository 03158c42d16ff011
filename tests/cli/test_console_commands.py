"""The commands for operators, proposals and the audit: one story, and mistakes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.commands import run_command
from takeback.clearinghouse import picture
from takeback.clearinghouse.keys import KEYS
from takeback.settings import Settings


@pytest.fixture
def takeback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TAKEBACK_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "200")
    return run_command


def test_two_operators_at_the_machine(takeback) -> None:
    made = {
        name: json.loads(takeback("operator", "add", name, "--role", role, "--json").stdout)
        for name, role in (("Ana", "administrator"), ("Bo", "administrator"), ("Chi", "viewer"))
    }
    assert all(one["link"].startswith("http://localhost:8440/console/enrol#") for one in made.values())
    done = takeback("operator", "role", "Chi", "operator", "--operator", "Ana")
    proposal = done.stdout.split()[0]
    assert "carry-out" in done.stderr
    (waiting,) = json.loads(takeback("proposal", "list", "--json").stdout)
    assert (waiting["id"], waiting["proposed_by"], waiting["subject_name"]) == (proposal, "Ana", "Chi")
    assert "role: operator" in takeback("proposal", "list").stdout

    alone = takeback("proposal", "carry-out", proposal, "--operator", "Ana")
    assert (alone.exit_code, "yourself" in alone.stderr) == (3, True)
    assert takeback("proposal", "carry-out", proposal, "--operator", made["Bo"]["id"]).exit_code == 0
    rows = json.loads(takeback("operator", "list", "--json").stdout)
    assert {row["name"]: row["role"] for row in rows}["Chi"] == "operator"

    told = json.loads(takeback("audit", "search", "--actor", "machine", "--action", "act-for", "--json").stdout)
    assert [row["subject_name"] for row in told] == ["Bo", "Ana", "Ana"]
    (changed,) = json.loads(takeback("audit", "search", "--action", "change-role", "--json").stdout)
    assert (changed["actor_name"], changed["subject_name"]) == ("Bo", "Chi")
    assert "change-role" in takeback("audit", "search", "--subject", "Chi").stdout

    again = takeback("operator", "enrol", "Chi").stdout.strip()
    assert again != made["Chi"]["link"]
    assert takeback("operator", "close", "Chi").exit_code == 0
    gone = takeback("operator", "enrol", "Chi")
    assert (gone.exit_code, "operator list" in gone.stderr) == (4, True)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("operator", "add", " ", "--role", "viewer"), 2, "name"),
        (("operator", "close", "Nobody"), 4, "operator list"),
        (("proposal", "refuse", "c-0", "--operator", "Nobody"), 4, "operator list"),
        (("audit", "search", "--since", "yesterday"), 2, "--since"),
    ],
)
def test_a_mistake_says_what_to_do(takeback, words: tuple[str, ...], code: int, says: str) -> None:
    done = takeback(*words)
    assert (done.exit_code, says in done.stderr) == (code, True), done.stderr


def test_a_link_is_made_only_where_it_can_work(takeback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAKEBACK_STAFF_URL", "http://console.example")
    done = takeback("operator", "add", "Ana", "--role", "administrator")
    assert (done.exit_code, "staff_url" in done.stderr) == (9, True)
    assert json.loads(takeback("operator", "list", "--json").stdout) == []


def test_help_teaches_by_example(takeback) -> None:
    for words in (("operator", "add"), ("operator", "role"), ("proposal", "carry-out"), ("audit", "search")):
        assert "takeback " in takeback(*words, "--help").stdout


def test_settings_are_shown_without_their_secrets(takeback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAKEBACK_FINGERPRINT_KEYS", "1 c2VjcmV0")
    monkeypatch.setenv("TAKEBACK_MAIL_SERVER", "smtps://us/er:a?pass@word@mail.example:465")
    found = json.loads(takeback("settings", "--json").stdout)
    assert set(found) == set(Settings.__struct_fields__)
    assert (found["port"], found["mail_server"]) == ("8440", "smtps://…@mail.example:465")
    assert found["fingerprint_keys"] == "set, and not shown here"
    shown = takeback("settings").stdout
    assert "staff_idle_s" in shown
    assert "Seconds without a request" in shown
    assert "c2VjcmV0" not in shown


def test_health_says_what_is_wrong_and_ends_with_it(takeback, tmp_path: Path) -> None:
    bad = takeback("health")
    assert (bad.exit_code, "Key: list-signing-key: look at this. It is not in the data folder." in bad.stdout) == (
        5,
        True,
    )
    assert "Database: well. SQLite answers." in bad.stdout
    assert "Publisher: not known here." in bad.stdout
    for name in KEYS:
        (tmp_path / "data" / name).touch()
    good = takeback("health", "--json")
    assert {one["name"]: one["well"] for one in json.loads(good.stdout) if one["name"] != "Disk"} == {
        "Database": True,
        "Publisher": None,
        **{f"Key: {name}": True for name in KEYS},
    }


def test_todays_picture_is_one_document(takeback) -> None:
    found = json.loads(takeback("list", "today").stdout)
    assert len(found["published"]) == picture.DAYS
    assert found["application_ages"] == dict.fromkeys(found["suspended_ages"], 0)
    assert found["statistics"]["entries_by_state"]["listed"] == 0
