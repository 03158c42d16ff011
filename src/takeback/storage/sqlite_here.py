"""SQLite in the caller's own thread, behind SQLAlchemy's asynchronous face: for reads shorter than the way to another.

aiosqlite hands every call of the driver to a thread and back, some twenty times in one small transaction; that costs
more than the transaction. A reader in WAL mode waits for nobody, so a few look-ups by an index may stand in the loop.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import URL, Connection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlalchemy.util import await_only

_NAME = "here"
#: Longest wait for a lock, in seconds: everything else waits, too. Whoever asks is tried again.
_WAIT_S = 0.02
#: Memory for pages of the file, in KiB, of each connection: indexes of random values are read here and there.
CACHE_KIB = 8_192


class _Cursor(sqlite3.Cursor):
    async def _async_soft_close(self) -> None:
        """Does nothing: SQLAlchemy asks asynchronous cursors for it."""


class _Connection(sqlite3.Connection):
    def cursor(self, factory: Any = _Cursor) -> Any:  # noqa: ANN401 - as the base
        return super().cursor(factory)


class SQLiteHere(SQLiteDialect_pysqlite):
    """SQLAlchemy's dialect of Python's own sqlite3, said to be asynchronous. Nothing of it ever waits."""

    driver, is_async, supports_statement_cache = _NAME, True, True

    @classmethod
    def get_pool_class(cls, url: URL) -> type[AsyncAdaptedQueuePool]:
        """Gives the pool of asynchronous engines."""
        _ = url
        return AsyncAdaptedQueuePool

    def do_execute(self, cursor: Any, statement: Any, parameters: Any, context: Any = None) -> None:  # noqa: ANN401 - as the base
        """Executes; SQLAlchemy insists that something was awaited."""
        await_only(_nothing())
        super().do_execute(cursor, statement, parameters, context)  # type: ignore[no-untyped-call]  # as it stands there


registry.register(f"sqlite.{_NAME}", __name__, SQLiteHere.__name__)


def reading_here(url: URL) -> AsyncEngine:
    """Gives an engine for the same file that reads in the caller's thread."""
    address, connecting = url.set(drivername=f"sqlite+{_NAME}"), {"factory": _Connection, "timeout": _WAIT_S}
    engine = create_async_engine(address, connect_args=connecting, hide_parameters=True)

    @event.listens_for(engine.sync_engine, "connect")
    def _connect(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's own type
        connection.isolation_level = None
        connection.execute("PRAGMA query_only=ON")
        connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


async def _nothing() -> None:
    return
