"""SQLite behind SQLAlchemy's asynchronous face: one connection writes, some read, and some glance.

Whoever only glances does so in the caller's own thread: a few look-ups by an index take less than the way to another
and back. What may take longer has a thread with each connection, and goes there and back once for a whole statement,
rows and all. One connection alone writes, so that the pages that it keeps in memory stay true.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.base import SQLiteExecutionContext
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import URL, Connection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlalchemy.util import await_only

T = TypeVar("T")

_NAME = "takeback"
#: How long a connection waits for another process's lock, in seconds. Who glances has everything else wait, too, and is
#: tried again.
BUSY_S, _GLANCE_BUSY_S = 5.0, 0.02
#: Memory for pages of the file, in KiB, of each connection: indexes of random values are read here and there, and what
#: a transaction changes has to have room.
_CACHE_KIB, _WRITER_CACHE_KIB = 8_192, 16_384
_WRITER = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    "temp_store=MEMORY",  # what a statement may have to undo stands in no file
    f"cache_size=-{_WRITER_CACHE_KIB}",
)
_READER = ("query_only=ON", "temp_store=MEMORY", f"cache_size=-{_CACHE_KIB}")


def writing(url: URL) -> AsyncEngine:
    """Gives an engine of one connection, whose every transaction begins with the write lock."""
    return _engine(url, _Beside, BUSY_S, _WRITER, "BEGIN IMMEDIATE", pool_size=1, max_overflow=0)


def reading(url: URL) -> AsyncEngine:
    """Gives an engine that reads as of one moment."""
    return _engine(url, _Beside, BUSY_S, _READER, "BEGIN")


def glancing(url: URL) -> AsyncEngine:
    """Gives an engine that reads in the caller's thread."""
    return _engine(url, _Here, _GLANCE_BUSY_S, _READER, "BEGIN")


class _Cursor(sqlite3.Cursor):
    """Fetches everything at once where it is executed as a whole."""

    _rows: deque[Any] | None = None

    def execute_whole(self, statement: str, parameters: Any) -> None:  # noqa: ANN401 - as the base
        self.execute(statement, parameters)
        self._rows = deque(super().fetchall())

    def fetchone(self) -> Any:  # noqa: ANN401 - as the base
        if self._rows is None:
            return super().fetchone()
        return self._rows.popleft() if self._rows else None

    def fetchmany(self, size: int | None = None) -> list[Any]:
        if self._rows is None:
            return super().fetchmany(size or self.arraysize)
        return [self._rows.popleft() for _ in range(min(size or self.arraysize, len(self._rows)))]

    def fetchall(self) -> list[Any]:
        if self._rows is None:
            return super().fetchall()
        rows, self._rows = list(self._rows), deque()
        return rows

    async def _async_soft_close(self) -> None:
        """Does nothing: SQLAlchemy asks asynchronous cursors for it."""


class _Here(sqlite3.Connection):
    """Works in the caller's thread."""

    def cursor(self, factory: Any = _Cursor) -> Any:  # noqa: ANN401 - as the base
        return super().cursor(factory)

    async def do(self, work: Callable[[], T]) -> T:
        return work()


class _Beside(_Here):
    """Has a thread, which ends with it."""

    def __init__(self, *words: Any, **named: Any) -> None:  # noqa: ANN401 - as the base
        super().__init__(*words, **named)
        self._thread = ThreadPoolExecutor(1)

    async def do(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def close(self) -> None:
        super().close()
        self._thread.shutdown(wait=False)


class _Context(SQLiteExecutionContext):
    def create_server_side_cursor(self) -> Any:  # noqa: ANN401 - as the base
        """Gives a cursor whose rows are fetched in parts."""
        return self._dbapi_connection.cursor()


class Dialect(SQLiteDialect_pysqlite):
    """SQLAlchemy's dialect of Python's own sqlite3, said to be asynchronous."""

    driver, is_async, supports_statement_cache, supports_server_side_cursors = _NAME, True, True, True
    execution_ctx_cls = _Context

    @classmethod
    def get_pool_class(cls, url: URL) -> type[AsyncAdaptedQueuePool]:
        """Gives the pool of asynchronous engines."""
        _ = url
        return AsyncAdaptedQueuePool

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:  # noqa: ANN401 - as the base
        """Executes one statement, and fetches what it finds unless that is wanted in parts."""
        in_parts = context is not None and context._is_server_side  # noqa: SLF001 - a dialect's own matter
        work = cursor.execute if in_parts else cursor.execute_whole
        await_only(cursor.connection.do(partial(work, statement, parameters)))

    def do_executemany(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:  # noqa: ANN401 - as the base
        """Executes one statement many times."""
        _ = context
        await_only(cursor.connection.do(partial(cursor.executemany, statement, parameters)))

    def do_commit(self, dbapi_connection: Any) -> None:  # noqa: ANN401 - as the base
        """Waits for the disk."""
        await_only(dbapi_connection.do(dbapi_connection.commit))

    def do_rollback(self, dbapi_connection: Any) -> None:  # noqa: ANN401 - as the base
        """Undoes what there is to undo; SQLAlchemy asks for it whenever it puts a connection back."""
        if dbapi_connection.in_transaction:
            await_only(dbapi_connection.do(dbapi_connection.rollback))


registry.register(f"sqlite.{_NAME}", __name__, Dialect.__name__)


def _engine(
    url: URL, factory: type[_Here], busy_s: float, pragmas: tuple[str, ...], begin: str, **pool: int
) -> AsyncEngine:
    connecting = {"factory": factory, "timeout": busy_s, "check_same_thread": False, "isolation_level": None}
    # hide_parameters: an error text of the database never holds a fingerprint
    engine = create_async_engine(
        url.set(drivername=f"sqlite+{_NAME}"), connect_args=connecting, hide_parameters=True, **pool
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _connect(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's own type
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
