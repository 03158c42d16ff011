"""Backup, restoring and moving. A backup is one SQLite file of the same schema, whichever database it is of.

It holds no key: fingerprints stay sealed in it, and whoever finds it alone has neither them nor the list's signature.
Nothing is said to be done before the copy has been counted and the list's digest added up from the copied rows.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clearinghouse.checking import findings
from takeback.errors import ConflictError, InvalidInputError, SettingsError, UnavailableError
from takeback.storage.copying import copy, counts_of
from takeback.storage.database import Database
from takeback.storage.migrate import is_current, migrate

Counts = dict[str, int]
#: With a row in one of these, a database is in use.
_IN_USE = ("entry", "participant", "operator", "audit_event", "log_leaf")


async def backup(database: Database, file: Path) -> Counts:
    """Writes a consistent copy while servers run, and gives how many rows each table has in it."""
    await _must_be_known(database)
    with _new(file) as part:
        if database.sqlite_file is not None:
            _copy_file(database.sqlite_file, part)
            counts = await _counted(part, database)
        else:
            counts = await _into(part, database)
    return counts


async def restore(database: Database, file: Path) -> Counts:
    """Fills an empty database from a backup of this or an earlier schema; all of it, or nothing."""
    with _new(file.with_name(f"{file.name}.restoring"), keep=False) as part:
        try:
            _copy_file(file, part)
        except sqlite3.DatabaseError:
            raise InvalidInputError(
                field="FILE", problem="is not a backup.", remedy="Name a file that `backup` wrote."
            ) from None
        copied = _opened(part, database)
        try:
            await migrate(copied)
            return await move(copied, database)
        finally:
            await copied.close()


async def move(source: Database, target: Database) -> Counts:
    """Fills an empty database from another; nobody can write to the source meanwhile. All of it, or nothing."""
    for database in (source, target):
        await _must_be_known(database)

    async def work(to: AsyncConnection) -> Counts:
        there = await counts_of(to)
        if any(there[name] for name in _IN_USE):
            raise ConflictError("The database is not empty. Nothing was overwritten; name an empty one.")
        counts = await source.run("copy-from", lambda from_: copy(from_, to))
        await _prove(to, counts)
        return counts

    return await target.run("copy-into", work)


async def _must_be_known(database: Database) -> None:
    """Refuses what a newer takeback has made: this one may run beside it, and would leave out what it does not know."""
    if not await is_current(database):
        raise SettingsError("A newer takeback has made this database. Copy it with that version.")


async def _prove(connection: AsyncConnection, counts: Counts) -> None:
    there = await counts_of(connection)
    short = [name for name, count in counts.items() if there[name] != count]
    if short:
        raise UnavailableError(f"Not every row of {', '.join(short)} arrived. Nothing was kept; try again.")
    wrong = await findings(connection)
    if wrong:
        raise ConflictError(f"What was copied is not whole, and was not kept: {' '.join(wrong)}")


async def _into(part: Path, database: Database) -> Counts:
    copied = _opened(part, database)
    try:
        await migrate(copied)
        counts = await copied.run("copy-into", lambda to: database.read("copy-from", lambda from_: copy(from_, to)))
        await copied.run("prove", lambda connection: _prove(connection, counts))
    finally:
        await copied.close()
    return counts


async def _counted(part: Path, database: Database) -> Counts:
    copied = _opened(part, database)
    try:
        counts = await copied.run("count", counts_of)
        await copied.run("prove", lambda connection: _prove(connection, counts))
    finally:
        await copied.close()
    return counts


def _opened(file: Path, beside: Database) -> Database:
    return Database.open(f"sqlite:///{file}", beside.keyring)


def _copy_file(source: Path, target: Path) -> None:
    """Copies a SQLite file as of one moment, without what was erased in it."""
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True, isolation_level=None)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))


@contextmanager
def _new(file: Path, *, keep: bool = True) -> Iterator[Path]:
    """Gives a file of which only the owner may read; it gets its name when it is on disk, or goes away."""
    if keep and file.exists():
        raise InvalidInputError(field="FILE", problem="exists already.", remedy="Choose another name.")
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        yield part
        if keep:
            with closing(sqlite3.connect(part)) as connection:  # so that reading it leaves nothing beside
                connection.execute("PRAGMA journal_mode=DELETE")
            with part.open("rb") as written:
                os.fsync(written.fileno())
            part.rename(file)
    finally:
        for left in (part, *(part.with_name(f"{part.name}{end}") for end in ("-wal", "-shm"))):
            left.unlink(missing_ok=True)
