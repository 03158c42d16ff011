"""`takeback audit verify` and `takeback log`: what holds, and every kind of forgery that has to be found."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.commands import run_command
from support.logged import LIST, identity_of, live_for_days
from takeback.clearinghouse.log_files import LogFiles
from takeback.wire.tiles import path, proven_leaves

Run = Callable[..., "Done"]
UNTRUSTED = 7


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = Path(tmp_path_factory.mktemp("lived")) / "data"
    data.mkdir()
    live_for_days(data)
    return data


@pytest.fixture
def data(lived: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may spoil."""
    shutil.copytree(lived, tmp_path / "data")
    return tmp_path / "data"


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def takeback(data: Path) -> Run:
    """The command inside this process: it is called often."""
    environment = {"TAKEBACK_DATA_DIR": str(data), "TAKEBACK_LIST_ID": LIST}

    def run(*words: str) -> Done:
        done = run_command(*words, env=environment)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return Done(done.exit_code, done.stdout, done.stderr)

    return run


def refused(done: Done, saying: str) -> None:
    assert done.returncode == UNTRUSTED, done.stderr
    assert saying in done.stderr


def test_everything_holds(takeback: Run) -> None:
    found = json.loads(takeback("audit", "verify", "--json").stdout)
    assert found["leaves"] == found["new_leaves"] == found["database"]["leaves"]
    assert len(found["days"]) == 3
    assert found["database"]["entries"] == 9
    assert found["database"]["events"] == 3
    assert takeback("log", "publish").returncode == 0
    assert takeback("audit", "verify").returncode == 0


def test_a_copy_is_checked_by_its_key_and_where_it_went_on(takeback: Run, data: Path) -> None:
    key = takeback("log", "key").stdout.strip()
    assert takeback("log", "checkpoint").stdout.startswith(f"{LIST}/log\n")
    verify = ("audit", "verify", str(data / "log"), "--key", key, "--seen", str(data / "seen"), "--json")
    first = json.loads(takeback(*verify).stdout)
    assert first["went_on_from"] is None
    takeback("log", "publish")
    second = json.loads(takeback(*verify).stdout)
    assert second["went_on_from"] == first["leaves"] < second["leaves"]
    assert second["new_leaves"] == second["leaves"] - first["leaves"]
    assert takeback("audit", "verify", str(data / "log")).returncode == 2, "whose log it is has to be said"
    assert takeback("audit", "verify", str(data / "log"), "--key", key[:-8]).returncode == 2
    other = str(identity_of(data.parent / "other").verifier)
    refused(takeback("audit", "verify", str(data / "log"), "--key", other), "not signed by this log's key")


def test_a_forged_leaf_is_found(takeback: Run, data: Path) -> None:
    files = LogFiles(data / "log", identity_of(data))
    bundle = data / "log" / path(None, 0, min(files.checkpoint().size, 256))
    forged = bytearray(bundle.read_bytes())
    forged[-1] ^= 1
    bundle.write_bytes(forged)
    refused(takeback("audit", "verify"), "not the one that was signed")


def test_a_forked_log_is_found(takeback: Run, data: Path) -> None:
    """The same key signs two logs that differ in one leaf: who has seen one does not take the other."""
    identity = identity_of(data)
    files = LogFiles(data / "log", identity)
    leaves = [leaf for _, leaf in proven_leaves(files.fetch, files.checkpoint())]
    fork = LogFiles(data / "fork", identity)
    for first in range(0, len(leaves) + 1, 256):
        fork.add(first, [bytes(32) if first + at == 5 else leaf for at, leaf in enumerate(leaves[first : first + 256])])
    fork.sign(len(leaves))
    both = ("--key", str(identity.verifier), "--seen", str(data / "seen"))
    assert takeback("audit", "verify", str(data / "log"), *both).returncode == 0
    refused(takeback("audit", "verify", str(data / "fork"), *both), "does not go on")


@pytest.mark.parametrize(
    ("statements", "saying"),
    [
        (["UPDATE audit_event SET event = 'operator:p-1:invite' WHERE id = 2"], "broken event 2"),
        (["DELETE FROM audit_event WHERE id = 2"], "broken event 3"),
        (["DELETE FROM audit_event"], "broken day"),
        (["UPDATE logged_entry SET salt = randomblob(32) WHERE salt IS NOT NULL"], "broken entries 9"),
        (
            ["DELETE FROM logged_entry WHERE entry = (SELECT id FROM entry ORDER BY listed_on LIMIT 1)"],
            "broken entries 1",
        ),
        (["UPDATE log_leaf SET data = randomblob(32) WHERE place = 2"], "broken leaf 2"),
        (["DELETE FROM log_leaf WHERE place = 90"], "broken leaf 90"),
    ],
)
def test_what_is_changed_in_the_database_is_found(
    takeback: Run, data: Path, statements: list[str], saying: str
) -> None:
    with sqlite3.connect(data / "clearinghouse.db") as database:
        for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {trigger}")
        for statement in statements:
            database.execute(statement)
    refused(takeback("audit", "verify"), saying)


def test_a_chain_that_is_written_anew_does_not_end_where_the_log_says(takeback: Run, data: Path) -> None:
    """Whoever owns the database can make a new chain without an event; that of the public log stays."""
    with sqlite3.connect(data / "clearinghouse.db") as database:
        for name in ("audit_event_stays", "audit_event_is_kept"):
            database.execute(f"DROP TRIGGER {name}")
        database.execute("DELETE FROM audit_event WHERE id = 1")
        database.execute("UPDATE audit_event SET place = NULL, chain = NULL")
    takeback("participant", "invite", "Somebody new")  # chains what is not chained
    refused(takeback("audit", "verify"), "broken day")
