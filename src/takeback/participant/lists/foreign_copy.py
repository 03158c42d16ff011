"""What a replica keeps of a list of others beside its entries: where to go on, and what the platform makes of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from takeback.fingerprints.types import Fingerprint
from takeback.model.foreign import ForeignEntry
from takeback.model.tier import StrongestAction, Tier
from takeback.participant.lists.packing import PRINTS, Prints, unpacked

SCHEMA = """
-- One row, of a list that is not a Takeback clearinghouse's: where its exchange goes on, in the exchange's own words.
CREATE TABLE IF NOT EXISTS foreign_place (id INTEGER PRIMARY KEY CHECK (id = 1), place TEXT NOT NULL);
"""


def place(database: sqlite3.Connection) -> str:
    """Gives where to go on; empty at the beginning."""
    row = database.execute("SELECT place FROM foreign_place").fetchone()
    return "" if row is None else str(row[0])


def keep_place(database: sqlite3.Connection, new: str) -> None:
    """Keeps where to go on."""
    database.execute("INSERT OR REPLACE INTO foreign_place VALUES (1, ?)", (new,))


def restate(database: sqlite3.Connection, tier: Tier, action: StrongestAction) -> None:
    """Makes every entry what the settings say now."""
    database.execute(
        "UPDATE entry SET tier = ?, action = ? WHERE tier <> ? OR action <> ?",
        (tier.value, action.value, tier.value, action.value),
    )


def changed(database: sqlite3.Connection, entries: Iterable[ForeignEntry]) -> list[ForeignEntry]:
    """Gives those entries that are not here just so: overlapping pages bring many that are."""
    wanted = {entry.name: entry for entry in entries}
    rows = database.execute(
        f"SELECT name, {PRINTS} FROM entry WHERE name IN (SELECT value FROM json_each(?))",  # noqa: S608 - ours
        (json.dumps(list(wanted)),),
    ).fetchall()
    here = {name: _values(unpacked(Prints(*columns))) for name, *columns in rows}
    return [entry for name, entry in wanted.items() if here.get(name, set()) != _values(entry.fingerprints)]


def here_of(database: sqlite3.Connection, names: Iterable[str]) -> list[str]:
    """Gives those names that are here."""
    rows = database.execute(
        "SELECT name FROM entry WHERE name IN (SELECT value FROM json_each(?))", (json.dumps(list(names)),)
    ).fetchall()
    return [row[0] for row in rows]


def all_names(database: sqlite3.Connection) -> set[str]:
    """Gives the names of all entries."""
    return {row[0] for row in database.execute("SELECT name FROM entry")}


def fingerprints_of(database: sqlite3.Connection, name: str) -> tuple[Fingerprint, ...]:
    """Gives an entry's fingerprints; none where it has gone."""
    row = database.execute(f"SELECT {PRINTS} FROM entry WHERE name = ?", (name,)).fetchone()  # noqa: S608 - ours
    return () if row is None else unpacked(Prints(*row))


def _values(prints: Iterable[Fingerprint]) -> set[tuple[str, bytes, int | None]]:
    return {(one.type.value, one.value, one.at) for one in prints}
