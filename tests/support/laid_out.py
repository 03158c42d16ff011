"""Databases of the present schema: laid out step by step once in each process of the tests, and then copied."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from functools import cache
from pathlib import Path

from sqlalchemy.engine import make_url

from support import loops
from support.postgres import create_database, name_in, new_database
from takeback.storage.database import Database
from takeback.storage.migrate import migrate
from takeback.storage.sealing import Keyring


def lay_out(address: str, steps: str) -> None:
    """Makes the database of this address, which is not there yet."""
    url = make_url(address)
    if url.get_backend_name() == "sqlite":
        Path(url.database or "").write_bytes(_file(steps))
    else:
        create_database(address, like=_template(address.replace(name_in(address), "{}"), steps))


@cache
def _file(steps: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "laid-out.db"
        loops.run(_migrated(f"sqlite:///{file}", steps))
        with closing(sqlite3.connect(file)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return file.read_bytes()


@cache
def _template(server: str, steps: str) -> str:
    address = new_database(server)
    loops.run(_migrated(address, steps))
    return name_in(address)


async def _migrated(address: str, steps: str) -> None:
    database = Database.open(address, Keyring(dict))
    try:
        await migrate(database, steps=steps)
    finally:
        await database.close()
