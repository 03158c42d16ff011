"""SQLite's log: moved by commits, and cut when nothing more comes, so that nothing erased stands in it."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from support import loops
from support.waiting import eventually
from takeback import log
from takeback.storage import sqlite_engines, sqlite_log
from takeback.storage.database import Database
from takeback.storage.sealing import Keyring

SECRET = b"what was erased stands nowhere"


def written(file: Path) -> sqlite3.Connection:
    """A file with a row, all of which still stands in its log."""
    database = sqlite3.connect(file, isolation_level=None)
    for pragma in ("journal_mode=WAL", "secure_delete=ON", "wal_autocheckpoint=100000"):
        database.execute(f"PRAGMA {pragma}")
    database.execute("CREATE TABLE kept (value BLOB)")
    database.execute("INSERT INTO kept VALUES (?)", (SECRET,))
    return database


async def tended(database: Database, file: Path) -> None:
    """Runs what a server runs, until the log is empty."""
    log = file.with_name(f"{file.name}-wal")
    task = asyncio.create_task(database.tend())
    await asyncio.to_thread(eventually, lambda: log.stat().st_size == 0, because="the log is not cut")
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await database.close()


def test_the_log_is_cut_when_nothing_more_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_log, "EVERY_S", 0.01)
    file = tmp_path / "some.db"
    connection = written(file)
    connection.execute("DELETE FROM kept")
    assert SECRET in file.with_name("some.db-wal").read_bytes()
    loops.run(tended(Database.open(f"sqlite:///{file}", Keyring(dict)), file))
    assert SECRET not in file.read_bytes()
    assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    connection.close()


def test_whoever_reads_is_not_disturbed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_log, "EVERY_S", 0.01)
    file = tmp_path / "some.db"
    connection, reader = written(file), sqlite3.connect(file, isolation_level=None)
    reader.execute("BEGIN")
    assert reader.execute("SELECT value FROM kept").fetchone() == (SECRET,)
    assert not sqlite_log.cut(file), "somebody reads"
    connection.execute("DELETE FROM kept")
    assert not sqlite_log.cut(file), "somebody reads what was there before"
    assert reader.execute("SELECT value FROM kept").fetchone() == (SECRET,)
    reader.execute("COMMIT")
    loops.run(tended(Database.open(f"sqlite:///{file}", Keyring(dict)), file))
    assert SECRET not in file.read_bytes()
    for one in (connection, reader):
        one.close()


def test_a_log_stays_short_while_somebody_writes_without_a_pause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_engines, "_WRITER", (*sqlite_engines._WRITER, "wal_autocheckpoint=10"))
    file = tmp_path / "some.db"
    written(file).close()

    async def add(connection: AsyncConnection) -> None:
        await connection.exec_driver_sql("INSERT INTO kept VALUES (?)", (b"one",))

    async def story() -> None:
        database, log = Database.open(f"sqlite:///{file}", Keyring(dict)), file.with_name("some.db-wal")
        await database.run("add", add)
        first, added = _salts(log), 1
        while _salts(log) == first:
            await database.run("add", add)
            added += 1
        await database.close()
        with closing(sqlite3.connect(file)) as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (added + 1,)

    loops.run(story())


def _salts(log: Path) -> bytes:
    """What SQLite draws anew whenever its log begins anew."""
    return log.read_bytes()[16:24]


def test_what_goes_wrong_is_told_and_stops_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"no database" * 1_000)
    log.configure()
    try:
        assert not sqlite_log.cut(broken)
        assert "SQLITE_NOTADB" in capsys.readouterr().err
    finally:
        structlog.reset_defaults()  # what a test wrote to is closed behind it
