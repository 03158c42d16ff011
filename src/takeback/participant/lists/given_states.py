"""What a replica keeps for the public log: states that it was given and has not found there, and how far it read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from takeback.model.change import ChangePage
from takeback.model.list_digest import ListDigest
from takeback.wire.checkpoint import Checkpoint

#: States beyond this many are forgotten, oldest first: whoever never looks into the log shall not fill the disk.
MAX_STATES = 10_000

SCHEMA = """
-- States that the clearinghouse gave us; what was found in the public log is taken out.
CREATE TABLE IF NOT EXISTS given_state (
    head    INTEGER PRIMARY KEY,
    entries INTEGER NOT NULL,
    digest  BLOB NOT NULL,
    salt    BLOB NOT NULL,          -- what makes its hash in the log
    issued  REAL NOT NULL           -- when, seconds since 1970 UTC
);
-- One row: the last checkpoint of the log that was believed.
CREATE TABLE IF NOT EXISTS read_log (id INTEGER PRIMARY KEY CHECK (id = 1), size INTEGER NOT NULL, root BLOB NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class GivenState:
    """One state of the list as we were given it, and the day (UTC) on which that was."""

    head: int
    digest: ListDigest
    salt: bytes
    day: date


def keep(database: sqlite3.Connection, page: ChangePage) -> None:
    """Keeps the state that a last page says."""
    if page.head is None or page.salt is None:
        return
    total = page.head.total.to_bytes(32, "big")
    database.execute(
        "INSERT OR IGNORE INTO given_state VALUES (?, ?, ?, ?, ?)",
        (page.next, page.head.entries, total, page.salt, page.issued.timestamp()),
    )
    database.execute(
        "DELETE FROM given_state WHERE head < (SELECT head FROM given_state ORDER BY head DESC LIMIT 1 OFFSET ?)",
        (MAX_STATES - 1,),
    )


def waiting(database: sqlite3.Connection) -> list[GivenState]:
    """Gives the states that were not found yet, oldest first."""
    rows = database.execute("SELECT head, entries, digest, salt, issued FROM given_state ORDER BY head").fetchall()
    return [
        GivenState(head, ListDigest(entries, int.from_bytes(digest, "big")), salt, _day(issued))
        for head, entries, digest, salt, issued in rows
    ]


def read_until(database: sqlite3.Connection) -> Checkpoint | None:
    """Gives the last checkpoint that was believed."""
    row = database.execute("SELECT size, root FROM read_log").fetchone()
    return None if row is None else Checkpoint(*row)


def found(database: sqlite3.Connection, states: Iterable[GivenState], until: Checkpoint) -> None:
    """Takes out the states that were found, and keeps how far the log was read."""
    database.executemany("DELETE FROM given_state WHERE head = ?", [(state.head,) for state in states])
    database.execute("INSERT OR REPLACE INTO read_log VALUES (1, ?, ?)", (until.size, until.root))


def _day(issued: float) -> date:
    return datetime.fromtimestamp(issued, UTC).date()
