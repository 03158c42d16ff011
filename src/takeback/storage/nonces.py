"""Remembers the nonces of signed requests, so that none is taken twice while its signature is still fresh.

In a file of its own beside the keys, so that neither a restart nor a second process on the same data folder forgets
one. It is no part of the database: every participant's every request writes it, nothing else asks it, and after ten
minutes it holds nothing. SQLite in the caller's own thread, as in `sqlite_engines.py`: a row takes less than the way to
another thread, and what a power cut takes is older than the machine's next start.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from takeback import log
from takeback.errors import NotAuthorisedError, UnavailableError
from takeback.wire.request_signature import MAX_SKEW

FILE_NAME = "nonces.db"
#: Longest wait for another process, in seconds: everything else waits, too.
_WAIT_S = 0.1
#: Nonces whose time is over that go for each one that comes: never many at once.
_MOST_FORGOTTEN = 20
_DIGEST_BYTES = 16
_SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS spent (digest BLOB UNIQUE NOT NULL, ends_at REAL NOT NULL);
"""


class SpentNonces:
    """At most `capacity` of them, oldest first. The file is opened when the first one comes."""

    def __init__(self, file: Path, capacity: int) -> None:
        self._file, self._capacity = file, capacity
        self._open: sqlite3.Connection | None = None

    def spend(self, key_id: str, nonce: str, now: datetime) -> None:
        """Remembers a nonce, or raises NotAuthorisedError when it has been spent before."""
        digest = hashlib.blake2b(f"{key_id} {nonce}".encode(), digest_size=_DIGEST_BYTES).digest()
        with self._writing() as file:
            oldest = "SELECT rowid FROM spent ORDER BY rowid LIMIT ?"
            over = f"DELETE FROM spent WHERE rowid IN ({oldest}) AND ends_at <= ?"  # noqa: S608 - a constant
            file.execute(over, (_MOST_FORGOTTEN, now.timestamp()))
            if file.execute("SELECT 1 FROM spent WHERE digest = ?", (digest,)).fetchone():
                raise NotAuthorisedError("This signed request came before. Sign every request anew, with a new nonce.")
            # Rows come at one end and go at the other.
            first, last = file.execute(
                "SELECT (SELECT min(rowid) FROM spent), (SELECT max(rowid) FROM spent)"
            ).fetchone()
            if first is not None and last - first + 1 >= self._capacity:
                raise UnavailableError("Too many requests at once. Try again in a few minutes.")
            file.execute("INSERT INTO spent VALUES (?, ?)", (digest, (now + 2 * MAX_SKEW).timestamp()))

    def close(self) -> None:
        """Closes the file."""
        if self._open is not None:
            self._open.close()
            self._open = None

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        try:
            if self._open is None:
                self._open = sqlite3.connect(self._file, timeout=_WAIT_S, isolation_level=None)
                self._open.executescript(_SCHEMA)
            self._open.execute("BEGIN IMMEDIATE")
            try:
                yield self._open
            finally:
                self._open.execute("COMMIT")  # what was forgotten stays so, whatever came of the new one
        except sqlite3.Error as error:
            self.close()
            log.logger().error("nonces cannot be kept", file=FILE_NAME, why=error.sqlite_errorname)
            raise UnavailableError("No request can be taken at the moment. Try again in a few seconds.") from None
