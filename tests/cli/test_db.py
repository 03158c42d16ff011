"""`takeback db`: a year of an installation's database, told by the commands that its operator types."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.commands import run_command
from support.logged import LIST, live_for_days
from support.postgres import Postgres, postgres_server
from takeback.clearinghouse import rekeying
from takeback.clearinghouse.keys import KEY_OF_FILES, KEYS, KEYS_OF_FINGERPRINTS, list_key, password_key


class Installation:
    """A data folder, and the commands on it."""

    def __init__(self, data: Path, database_url: str = "") -> None:
        self.data, self._url = data, database_url

    def run(self, *words: str) -> str:
        """Runs a command that has to go well, and gives what it says."""
        code, said = self._run(*words)
        assert code == 0, said
        return said

    def refuses(self, *words: str) -> str:
        """Runs a command that has to be refused, and gives why."""
        code, said = self._run(*words)
        assert code != 0, said
        return said

    def versions(self) -> list[str]:
        """Which keys of fingerprints there are."""
        return [line.split()[0] for line in self.keys.read_text().splitlines()]

    @property
    def keys(self) -> Path:
        """The file with the keys of fingerprints."""
        return self.data / KEYS_OF_FINGERPRINTS

    def _run(self, *words: str) -> tuple[int, str]:
        settings = {"TAKEBACK_DATA_DIR": str(self.data), "TAKEBACK_LIST_ID": LIST, "TAKEBACK_DATABASE_URL": self._url}
        done = run_command(*words, env=settings)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, " ".join(re.sub(r"[│╭╰─╮╯]", " ", done.output).split())


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with postgres_server() as running:
        yield running


def test_backup_new_key_restore_and_move(tmp_path: Path, postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rekeying, "RELOAD_S", 0.01)
    here = Installation(tmp_path / "here")
    here.data.mkdir()
    live_for_days(here.data)
    for make in (list_key, password_key):  # as a server does when it starts
        make(here.data)
    listed = here.run("list", "stats")
    assert "All is well" in here.run("db", "check")

    # 1. A backup, under the key of before.
    old, new = str(tmp_path / "old.takeback"), str(tmp_path / "new.takeback")
    said = here.run("db", "backup", old)
    assert all(name in said for name in KEYS), "it says which keys it does not hold"
    assert "exists" in here.refuses("db", "backup", old)

    # 2. A new key: everything is sealed under it, and a second run of what was cut off finds nothing more.
    assert here.versions() == ["1"]
    assert "Sealed 9 entries" in here.run("db", "rekey")
    assert here.versions() == ["1", "2"]
    assert "Sealed 0 entries" in here.run("db", "rekey", "--no-new-key")
    assert here.versions() == ["1", "2"]
    here.run("db", "backup", new)

    # 3. The old key goes. What is here, and the new backup, need it no more; the old backup does.
    lines = here.keys.read_text().splitlines(keepends=True)
    here.keys.write_text(lines[1])
    assert "All is well" in here.run("db", "check")
    assert here.run("list", "stats") == listed

    # 4. The machine is lost. Keys come from their place, then the backup fills the empty database.
    again = Installation(tmp_path / "again")
    again.data.mkdir()
    for name in KEYS:
        shutil.copy2(here.data / name, again.data / name)
    (again.data / KEY_OF_FILES).write_bytes(bytes(32))
    assert "Version 1 of the fingerprint keys is missing" in again.refuses("db", "restore", old)
    assert "Every row was counted" in again.run("db", "restore", new)
    assert not (again.data / KEY_OF_FILES).exists(), "addresses of the list's files begin anew"
    assert "All is well" in again.run("db", "check")
    assert again.run("list", "stats") == listed
    assert "not empty" in again.refuses("db", "restore", new)

    # 5. It has grown: on to PostgreSQL, once, with the same keys.
    address = postgres.new_database()
    assert "Every row was counted" in again.run("db", "move", "--to", address)
    assert "not empty" in again.refuses("db", "move", "--to", address)
    grown = Installation(again.data, address)
    assert "All is well" in grown.run("db", "check")
    assert grown.run("list", "stats") == listed
    assert "from SQLite to PostgreSQL" in grown.refuses("db", "move", "--to", postgres.new_database())

    # 6. There, too: a backup, and a new key.
    grown.run("db", "backup", str(tmp_path / "grown.takeback"))
    assert "Sealed 9 entries" in grown.run("db", "rekey")
    assert grown.versions() == ["2", "3"]
    assert "All is well" in grown.run("db", "check")
