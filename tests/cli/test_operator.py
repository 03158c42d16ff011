"""The operator's commands: what they do, what they say, and their exit codes."""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
from pathlib import Path

import pytest
from click.testing import Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from support.commands import run_command
from support.servers import TAKEBACK
from takeback.wire.credentials import credentials


@pytest.fixture
def takeback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)

    def run(*words: str, **environment: str) -> Result:
        return run_command(*words, env={"TAKEBACK_DATA_DIR": str(tmp_path / "data"), "COLUMNS": "200", **environment})

    return run


def test_a_participant_is_invited_listed_and_suspended(takeback, tmp_path: Path) -> None:
    assert takeback("participant", "invite", "Example Photos", "--output", "example.json").exit_code == 0
    file = tmp_path / "example.json"
    assert file.stat().st_mode & 0o777 == 0o600
    read = credentials(file.read_bytes())
    (row,) = json.loads(takeback("participant", "list", "--json").stdout)
    assert (row["id"], row["name"], row["state"]) == (read.participant, "Example Photos", "active")
    assert "Example Photos" in takeback("participant", "list").stdout
    assert takeback("participant", "suspend", row["id"]).exit_code == 0
    assert json.loads(takeback("participant", "list", "--json").stdout)[0]["state"] == "suspended"


def test_a_participant_may_bring_its_own_key(takeback) -> None:
    key = Ed25519PrivateKey.generate()
    public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    told = json.loads(takeback("participant", "invite", "Own key", "--public-key", public).stdout)
    assert "private_key" not in told
    assert told["participant"].startswith("p-")


def test_the_private_key_is_not_kept(takeback, tmp_path: Path) -> None:
    told = json.loads(takeback("participant", "invite", "Example").stdout)
    kept = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
    assert base64.b64decode(told["private_key"]) not in kept
    assert told["private_key"].encode() not in kept


def test_statistics_are_counts(takeback) -> None:
    found = json.loads(takeback("list", "stats", "--json").stdout)
    assert found["entries_by_state"] == {"waiting": 0, "listed": 0, "suspended": 0, "withdrawn": 0}
    assert "entries: listed" in takeback("list", "stats").stdout


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("participant", "suspend", "p-nobody"), 4, "participant list"),
        (("participant", "admit", "a-nobody", "--operator", "Ana"), 4, "apply-list"),
        (("participant", "live", "p-nobody", "--operator", "Ana"), 4, "operator list"),
        (("participant", "invite", " "), 2, "name"),
        (("participant", "invite", "x" * 121), 2, "120"),
        (("participant", "invite", "X", "--public-key", "zzz"), 2, "public-key"),
        (("participant", "invite", "X", "--output", "taken.json"), 2, "exists already"),
        (("list", "stats", "--settings", "nothing.toml"), 9, "--settings"),
    ],
)
def test_a_mistake_is_one_line_that_says_what_to_do(
    takeback, tmp_path: Path, words: tuple[str, ...], code: int, says: str
) -> None:
    (tmp_path / "taken.json").write_text("{}")
    done = takeback(*words)
    assert done.exit_code == code, done.stderr
    assert says in done.stderr
    assert done.stderr.count("\n") == 1
    assert (tmp_path / "taken.json").read_text() == "{}"


def test_a_name_is_given_once(takeback) -> None:
    assert takeback("participant", "invite", "Example").exit_code == 0
    again = takeback("participant", "invite", "Example")
    assert (again.exit_code, "Choose another name" in again.stderr) == (5, True)


@pytest.mark.parametrize(
    ("variable", "value"),
    [("TAKEBACK_PORT", "many"), ("TAKEBACK_PUBLISH_INTERVAL_S", "0"), ("TAKEBACK_DATABASE_URL", "nonsense")],
)
def test_a_wrong_setting_is_named(takeback, variable: str, value: str) -> None:
    done = takeback("list", "stats", **{variable: value})
    assert done.exit_code == 9
    assert variable.removeprefix("TAKEBACK_").lower() in done.stderr


def test_an_unknown_setting_in_a_file_is_named(takeback, tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text('colour = "blue"\n')
    done = takeback("list", "stats", "--settings", "s.toml")
    assert (done.exit_code, "colour" in done.stderr) == (9, True)


def test_a_taken_port_is_a_clear_message(tmp_path: Path) -> None:
    """Of the process itself, as whoever starts it sees it."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = {"TAKEBACK_DATA_DIR": str(tmp_path / "data"), "TAKEBACK_PORT": str(other.getsockname()[1])}
        command = [TAKEBACK, "serve", "clearinghouse"]
        done = subprocess.run(
            command, env={**os.environ, **taken}, capture_output=True, text=True, check=False, timeout=60
        )
    assert done.returncode == 9
    assert "port" in done.stderr
    assert "Traceback" not in done.stderr


def test_help_teaches_by_example(takeback) -> None:
    participant = [("participant",), *(("participant", verb) for verb in ("invite", "verify", "suspend"))]
    for words in ((), *participant, ("serve", "clearinghouse")):
        assert "takeback " in takeback(*words, "--help").stdout
