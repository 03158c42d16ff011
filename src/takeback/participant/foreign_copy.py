"""What a replica keeps of a list of others beside its entries: where to go on, and what the platform makes of it."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable

from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.foreign import ForeignEntry
from takeback.model.tier import StrongestAction, Tier

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
        "SELECT e.name, f.type, f.value, f.at FROM entry AS e JOIN fingerprint AS f ON f.entry = e.id "
        "WHERE e.name IN (SELECT value FROM json_each(?))",
        (json.dumps(list(wanted)),),
    ).fetchall()
    here: dict[str, set[tuple[str, bytes, int | None]]] = defaultdict(set)
    for name, type_, value, at in rows:
        here[name].add((type_, value, at))
    return [
        entry
        for name, entry in wanted.items()
        if here[name] != {(one.type.value, one.value, one.at) for one in entry.fingerprints}
    ]


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
    rows = database.execute(
        "SELECT f.type, f.value FROM entry AS e JOIN fingerprint AS f ON f.entry = e.id WHERE e.name = ?", (name,)
    ).fetchall()
    return tuple(Fingerprint(FingerprintType(type_), value) for type_, value in rows)
