"""The site's own pictures: files under random names, and one small table of what may be seen."""

from __future__ import annotations

import json
import secrets
import sqlite3
import threading
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS picture (
    id      TEXT PRIMARY KEY,   -- random, and the name of the file
    number  INTEGER NOT NULL,   -- order of arrival, newest last
    state   TEXT NOT NULL,      -- visible, held, or kept (a person has released it for good)
    facts   TEXT NOT NULL       -- JSON: why it is held
)
"""


class State(StrEnum):
    """What may be seen of a picture."""

    VISIBLE = "visible"
    HELD = "held"
    KEPT = "kept"


@dataclass(frozen=True)
class Fact:
    """One reason to hold a picture, for the person who looks. Never shown to the uploader."""

    entry: str
    type: str
    distance: int
    tier: str
    listed_on: str


@dataclass(frozen=True)
class Picture:
    """One picture."""

    id: str
    state: State
    facts: tuple[Fact, ...]


class Pictures:
    """Keeps pictures in a folder. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self._files = folder / "files"
        self._files.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._database = sqlite3.connect(folder / "pictures.db", check_same_thread=False, isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute(_SCHEMA)

    def close(self) -> None:
        """Closes the table."""
        self._database.close()

    def add(self, content: bytes, state: State, facts: Iterable[Fact]) -> Picture:
        """Keeps a new picture."""
        picture = Picture(secrets.token_hex(16), state, tuple(facts))
        self.path_of(picture).write_bytes(content)
        self._run(
            "INSERT INTO picture SELECT ?, coalesce(max(number), 0) + 1, ?, ? FROM picture",
            picture.id,
            picture.state,
            _json(picture.facts),
        )
        return picture

    def hold_or_release(self, picture_id: str, state: State, facts: Iterable[Fact]) -> None:
        """Moves a picture that nobody has decided to the other side."""
        undecided = (State.VISIBLE, State.HELD)
        self._run(
            "UPDATE picture SET state = ?, facts = ? WHERE id = ? AND state IN (?, ?)",
            *(state, _json(tuple(facts)), picture_id, *undecided),
        )

    def release_for_good(self, picture_id: str) -> None:
        """Shows a picture that a person has found to be in order; it is not screened again."""
        self._run("UPDATE picture SET state = ?, facts = '[]' WHERE id = ?", State.KEPT, picture_id)

    def remove(self, picture_id: str) -> None:
        """Deletes a picture."""
        self._run("DELETE FROM picture WHERE id = ?", picture_id)
        (self._files / picture_id).unlink(missing_ok=True)

    def find(self, picture_id: str) -> Picture | None:
        """Gives one picture, or None."""
        return next(iter(self._read("WHERE id = ?", picture_id)), None)

    def gallery(self) -> list[Picture]:
        """Gives what everybody may see, newest first."""
        return self._read("WHERE state IN (?, ?) ORDER BY number DESC", State.VISIBLE, State.KEPT)

    def held(self) -> list[Picture]:
        """Gives what waits for a person, oldest first."""
        return self._read("WHERE state = ? ORDER BY number", State.HELD)

    def undecided(self) -> list[Picture]:
        """Gives what no person has decided."""
        return self._read("WHERE state IN (?, ?) ORDER BY number", State.VISIBLE, State.HELD)

    def path_of(self, picture: Picture) -> Path:
        """Gives where the picture's bytes are."""
        return self._files / picture.id

    def _run(self, statement: str, *values: str) -> None:
        with self._lock:
            self._database.execute(statement, values)

    def _read(self, where: str, *values: str) -> list[Picture]:
        with self._lock:
            rows = self._database.execute(f"SELECT id, state, facts FROM picture {where}", values).fetchall()  # noqa: S608 - `where` is a constant of this file
        return [Picture(id_, State(state), tuple(Fact(**f) for f in json.loads(facts))) for id_, state, facts in rows]


def _json(facts: tuple[Fact, ...]) -> str:
    return json.dumps([asdict(fact) for fact in facts])
