"""A database with named transactions: each is retried within a bound, and counted by name and outcome.

One text serves SQLite (embedded) and PostgreSQL (production). On SQLite every transaction that writes begins with the
write lock, so that none has to be undone half-way, and `synchronous=FULL` makes what was acknowledged survive a power
cut. On PostgreSQL transactions are serializable and are retried when the database asks for it; those that only add
rows have keys that keep them right, and are compared with no others.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from takeback import metrics
from takeback.errors import SettingsError, UnavailableError
from takeback.storage.sealing import OPTION, Keyring
from takeback.storage.sqlite_engines import glancing, reading, writing
from takeback.storage.sqlite_log import cut_for_ever

T = TypeVar("T")
Work = Callable[[AsyncConnection], Awaitable[T]]

#: Tries of one transaction, and the first pause between them in seconds (doubled each time, with jitter).
MAX_TRIES = 8
FIRST_PAUSE_S = 0.01
#: The oldest PostgreSQL that this is tested with: Debian 12 has it, and its makers look after it until November 2027.
OLDEST_POSTGRESQL = 15
#: SQLSTATEs of a transaction that should simply be tried again: serialization, deadlock, lock, and a key that another
#: transaction has just taken (the next try sees it).
_RETRY_STATES = {"40001", "40P01", "55P03", "23505"}


class Database:
    """One database. Make it with `Database.open`, end it with `close`."""

    def __init__(
        self,
        writing: AsyncEngine,
        reading: AsyncEngine,
        glancing: AsyncEngine,
        asking: AsyncEngine,
        adding: AsyncEngine,
        keyring: Keyring,
    ) -> None:
        self._writing, self._reading, self._glancing, self._asking = writing, reading, glancing, asking
        self._adding = adding
        self.keyring = keyring
        for engine in (writing, reading, glancing, asking, adding):
            engine.sync_engine.update_execution_options(**{OPTION: keyring})
        self.is_sqlite = writing.dialect.name == "sqlite"
        #: SQLite lets whoever happens to ask take the write lock; here each has it in turn.
        self._turn = asyncio.Lock()

    @classmethod
    def open(cls, address: str, keyring: Keyring) -> Database:
        """Gives a database for an SQLAlchemy address, with the keys of its fingerprints; nothing is connected yet."""
        try:
            url = make_url(address)
            if url.get_backend_name() == "sqlite":
                Path(url.database or "").parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                glances = glancing(url)
                writes = writing(url)
                return cls(writes, reading(url), glances, glances, writes, keyring)
            from takeback.storage.postgres_binary import BinaryCursor  # noqa: PLC0415 - an extra brings the driver

            # hide_parameters: an error text of the database never holds a fingerprint
            given: dict[str, Any] = {"connect_args": {"cursor_factory": BinaryCursor}, "hide_parameters": True}
            engine = create_async_engine(url, isolation_level="SERIALIZABLE", **given)
            asking = create_async_engine(url, isolation_level="AUTOCOMMIT", **given)
        except (ArgumentError, NoSuchModuleError, ImportError, OSError) as error:
            raise SettingsError(
                f"database_url cannot be used ({type(error).__name__}). Give postgresql+psycopg://user@host/name, "
                "and install takeback[postgres]; or leave it empty for SQLite."
            ) from None
        reads = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        adds = engine.execution_options(isolation_level="READ COMMITTED")
        return cls(engine, reads, reads, asking, adds, keyring)

    @property
    def sqlite_file(self) -> Path | None:
        """The file, where the database is one."""
        name = self._writing.url.database
        return Path(name) if self.is_sqlite and name else None

    async def close(self) -> None:
        """Closes every connection."""
        for engine in (self._writing, self._reading, self._glancing, self._asking):
            await engine.dispose()

    async def tend(self) -> None:
        """Does what a database needs beside its work, for as long as it is let; a server runs it in a task."""
        if (file := self.sqlite_file) is not None:
            await cut_for_ever(file)

    async def run(self, name: str, work: Work[T]) -> T:
        """Runs `work` in one transaction and gives what it gives; tries again when the database asks for it.

        `work` may run several times, so it must have no effect but on its connection.
        """
        return await self._write(self._writing, name, work)

    async def add(self, name: str, work: Work[T]) -> T:
        """The same for work that only adds rows, and is right whatever others do meanwhile.

        Either a unique key says so (who comes second is tried again, and sees the first), or a lock that it takes. It
        sees what was committed before each statement.
        """
        return await self._write(self._adding, name, work)

    async def _write(self, engine: AsyncEngine, name: str, work: Work[T]) -> T:
        if not self.is_sqlite:
            return await self._run(engine, name, work)
        async with self._turn:
            return await self._to_its_end(self._run(engine, name, work))

    async def read(self, name: str, work: Work[T]) -> T:
        """Runs `work`, which only reads, as of one moment: it waits for nobody that writes, and nobody waits for it."""
        return await self._to_its_end(self._run(self._reading, name, work))

    async def glance(self, name: str, work: Work[T]) -> T:
        """The same as `read`, for what an index finds within milliseconds: on SQLite nothing else runs meanwhile."""
        return await self._run(self._glancing, name, work)

    async def ask(self, name: str, work: Work[T]) -> T:
        """The same for one question alone: what it sees is of one moment, and PostgreSQL begins and ends nothing."""
        return await self._run(self._asking, name, work)

    async def _to_its_end(self, transaction: Coroutine[Any, Any, T]) -> T:
        """Lets nobody cut a transaction off in SQLite's thread: it would go on there, and keep its lock for ever."""
        if not self.is_sqlite:
            return await transaction
        task = asyncio.create_task(transaction)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            while not task.done():  # however often it is asked to end
                with suppress(asyncio.CancelledError):
                    await asyncio.wait([task])
            raise

    async def _run(self, engine: AsyncEngine, name: str, work: Work[T]) -> T:
        pause = FIRST_PAUSE_S
        for attempt in range(1, MAX_TRIES + 1):
            worked = False
            try:
                async with engine.begin() as connection:
                    result = await work(connection)
                    worked = True
            except DBAPIError as error:
                # A connection that was cut before the commit, as the server was started anew: nothing was kept.
                cut = error.connection_invalidated and not worked
                if not (cut or _may_be_retried(error)):
                    metrics.TRANSACTIONS.labels(name, "failed").inc()
                    if _is_outage(error):
                        raise UnavailableError(
                            "The database cannot keep anything now. Nothing was kept; try later."
                        ) from None
                    raise
                metrics.TRANSACTIONS.labels(name, "retried").inc()
                if attempt == MAX_TRIES:
                    break
                await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - jitter, not a secret
                pause *= 2
            else:
                metrics.TRANSACTIONS.labels(name, "committed").inc()
                return result
        raise UnavailableError("The database is busy. Nothing was kept; send it again in a moment.") from None


def must_be_new_enough(version: tuple[int | str, ...] | None) -> None:
    """Raises SettingsError for a PostgreSQL server that is older than what this is written for and tested with."""
    if version is None or int(version[0]) < OLDEST_POSTGRESQL:
        said = ".".join(map(str, version or ())) or "of an unknown version"
        raise SettingsError(
            f"database_url: the server is PostgreSQL {said}, and this takeback needs {OLDEST_POSTGRESQL} or newer. "
            "Upgrade the server (pg_upgrade), or leave database_url empty for SQLite."
        )


def _is_outage(error: DBAPIError) -> bool:
    """Whether the database is away, full, or may not write: the operator's matter, and over when that is."""
    state = _state(error)
    if state is not None:  # connection, resources (a full disk), the operator's stop, a broken disk
        return state[:2] in {"08", "53", "57", "58"} or state == "25006"
    return isinstance(error, OperationalError)


def _state(error: DBAPIError) -> str | None:
    with suppress(AttributeError):
        found: str | None = error.orig.sqlstate  # type: ignore[union-attr]  # psycopg's errors have it
        return found
    return None


def _may_be_retried(error: DBAPIError) -> bool:
    text = str(error.orig)
    return _state(error) in _RETRY_STATES or "database is locked" in text or "database table is locked" in text
