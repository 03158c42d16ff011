"""What has to survive a restart, in one small file: ids, and never anything else of a post or of a person."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mastodon.posts import Attachment

_SCHEMA = """
CREATE TABLE IF NOT EXISTS waiting (    -- the agent has not answered about these yet
    content TEXT PRIMARY KEY,
    surface TEXT NOT NULL,
    due     REAL NOT NULL               -- seconds since 1970: not asked before
);
CREATE TABLE IF NOT EXISTS told (       -- moderators have a report about these
    content TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    post    TEXT NOT NULL,
    doing   TEXT NOT NULL,              -- hold, unread, hide, remove, or restore while that is under way
    report  TEXT NOT NULL               -- Mastodon's id of it
);
CREATE TABLE IF NOT EXISTS acted (      -- what this program did to accounts, and may undo
    account TEXT NOT NULL,
    action  TEXT NOT NULL,
    PRIMARY KEY (account, action)
);
CREATE TABLE IF NOT EXISTS place (
    only  INTEGER PRIMARY KEY CHECK (only = 1),
    after INTEGER NOT NULL              -- the last instruction that was carried out
);
"""


@dataclass(frozen=True, slots=True)
class Told:
    """What moderators were last told of an attachment, and in which report."""

    doing: str
    report: str


class Store:
    """One SQLite file. Safe to use from several threads."""

    def __init__(self, file: Path) -> None:
        self._lock = threading.Lock()
        self._database = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.executescript(_SCHEMA)

    def wait(self, attachment: Attachment, surface: str) -> None:
        """Notes that the agent is to be asked. A repeated webhook changes nothing."""
        self._run("INSERT OR IGNORE INTO waiting VALUES (?, ?, 0)", attachment.content, surface)

    def due(self, now: float) -> list[tuple[str, str]]:
        """Gives the content and surface of what is to be asked about now."""
        return self._run("SELECT content, surface FROM waiting WHERE due <= ? ORDER BY due, rowid", now)

    def postpone(self, content: str, until: float) -> None:
        """Has it asked about later."""
        self._run("UPDATE waiting SET due = ? WHERE content = ?", until, content)

    def answered(self, content: str) -> None:
        """Notes that the agent has answered."""
        self._run("DELETE FROM waiting WHERE content = ?", content)

    def find(self, attachment: Attachment) -> Told | None:
        """Gives what moderators were told of it."""
        rows = self._run("SELECT doing, report FROM told WHERE content = ?", attachment.content)
        return Told(*rows[0]) if rows else None

    def put(self, attachment: Attachment, told: Told) -> None:
        """Keeps what moderators were told."""
        row = (attachment.content, attachment.account, attachment.post, told.doing, told.report)
        self._run("INSERT OR REPLACE INTO told VALUES (?, ?, ?, ?, ?)", *row)

    def forget(self, attachment: Attachment) -> None:
        """Forgets what moderators were told."""
        self._run("DELETE FROM told WHERE content = ?", attachment.content)

    def report_about(self, post: str, doing: str) -> str | None:
        """Gives the report that says this of another file of the same post."""
        rows = self._run("SELECT report FROM told WHERE post = ? AND doing = ?", post, doing)
        return rows[0][0] if rows else None

    def stands(self, report: str) -> bool:
        """Says whether a report still says something that is so."""
        return bool(self._run("SELECT 1 FROM told WHERE report = ? AND doing != 'restore'", report))

    def doings(self, account: str) -> set[str]:
        """Gives what is to be done with some content of an account."""
        return {row[0] for row in self._run("SELECT DISTINCT doing FROM told WHERE account = ?", account)}

    def acted(self, account: str) -> set[str]:
        """Gives what this program did to an account."""
        return {row[0] for row in self._run("SELECT action FROM acted WHERE account = ?", account)}

    def act(self, account: str, action: str) -> None:
        """Notes it before it is done: what was noted and not done is seen, and harmless."""
        self._run("INSERT OR IGNORE INTO acted VALUES (?, ?)", account, action)

    def undo(self, account: str, action: str) -> None:
        """Notes that it is undone."""
        self._run("DELETE FROM acted WHERE account = ? AND action = ?", account, action)

    def place(self) -> int:
        """Gives the last instruction that was carried out."""
        rows = self._run("SELECT after FROM place")
        return int(rows[0][0]) if rows else 0

    def move(self, after: int) -> None:
        """Notes that everything up to there is carried out."""
        self._run("INSERT OR REPLACE INTO place VALUES (1, ?)", after)

    def _run(self, statement: str, *values: object) -> list[Any]:
        with self._lock:
            return self._database.execute(statement, values).fetchall()
