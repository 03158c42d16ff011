"""The replica's file: what stands in it, and how one of an older version is brought forward, in place."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Sequence
from itertools import chain, groupby
from pathlib import Path
from typing import Any

from takeback.errors import SettingsError, UntrustedListError
from takeback.fingerprints.types import FINGERPRINT_TYPES, Fingerprint
from takeback.model.entry import ENTRY_ID_BYTES
from takeback.participant.lists import foreign_copy, given_states
from takeback.participant.lists.packing import PRINTS, Alike, Prints, columns

VERSION = 5
#: Memory for pages of the file, at most: values are random, and a first sync touches all of their indexes.
CACHE_KIB = 65_536
#: Pages that gather in the log (4 KiB each) before they are written to their places.
LOG_PAGES = 8_192
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
_ENTRY = """
-- What is on the list now: one row an entry, fingerprints and all.
CREATE TABLE entry (
    id         INTEGER PRIMARY KEY AUTOINCREMENT, -- of this file only, and never used twice: an index may still hold it
    name       TEXT NOT NULL,          -- our own id for it, 32 hex digits
    tier       TEXT NOT NULL,
    action     TEXT NOT NULL,          -- the strongest that the list allows
    listed_on  TEXT NOT NULL,          -- day
    hash       BLOB NOT NULL,          -- its part of the digest
    md5        BLOB,
    sha1       BLOB,
    sha256     BLOB,
    pictures   BLOB,                   -- pdq values of the picture itself, 32 bytes each
    edits      BLOB,                   -- pdq values of simulated edits of it,
    edit_names TEXT,                   -- and the name of each, with spaces between
    frames     BLOB,                   -- vpdq values,
    seconds    BLOB                    -- and the second of each in the film, 4 bytes
);
"""
#: Left out while a first copy is filled, and made when it is: names are random, and row by row takes far longer. Values
#: are looked up in the index beside the file.
INDEXES = {
    "entry_by_name": "CREATE UNIQUE INDEX IF NOT EXISTS entry_by_name ON entry (name)",
    "entry_with_frames": "CREATE INDEX IF NOT EXISTS entry_with_frames ON entry (id) WHERE frames IS NOT NULL",
}
_FILLING = """
-- One row while a first copy is filled from files: up to where. Until then no entry comes twice.
CREATE TABLE filling (until INTEGER NOT NULL);
"""
_SCHEMA = f"""
-- One row: whose copy of which list this is, and how far it has come.
CREATE TABLE position (
    id           INTEGER PRIMARY KEY CHECK (id = 1),
    list         TEXT NOT NULL,        -- the list's name; empty until the first sync
    participant  TEXT NOT NULL,        -- our id there
    cursor       INTEGER NOT NULL,     -- everything up to this sequence is in here
    issued       REAL NOT NULL,        -- when the newest kept page was issued, seconds since 1970 UTC
    complete     REAL,                 -- the same of the newest page that ended a sync; empty until there is one
    entries      INTEGER NOT NULL,     -- running digest of the live entries: how many,
    digest       BLOB NOT NULL         -- and the sum of their hashes, big-endian
);
{_ENTRY}
{_FILLING}
-- Verdicts that the clearinghouse has not confirmed yet.
CREATE TABLE outbox (
    name    TEXT PRIMARY KEY,          -- the entry; a later verdict replaces an earlier one
    verdict TEXT NOT NULL,
    action  TEXT NOT NULL,
    number  INTEGER NOT NULL           -- which giving this is, so that a delivery removes only what it delivered
);
-- How often an entry was found on a day, in UTC: for the clearinghouse's brake. No file, no account, no moment.
CREATE TABLE hit (
    name    TEXT NOT NULL,
    day     TEXT NOT NULL,
    count   INTEGER NOT NULL,
    told    INTEGER NOT NULL,          -- the step that the clearinghouse knows of; 0: none
    PRIMARY KEY (name, day)
);
"""
#: For whoever keeps something beside this file that follows it: which file this is, and which entries have gone.
_FOLLOWED = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS copy (identity TEXT NOT NULL);
INSERT INTO copy SELECT hex(randomblob(16)) WHERE NOT EXISTS (SELECT 1 FROM copy);
CREATE TABLE IF NOT EXISTS removed (number INTEGER PRIMARY KEY AUTOINCREMENT, entry INTEGER NOT NULL);
CREATE TRIGGER IF NOT EXISTS entry_removed AFTER DELETE ON entry BEGIN
    INSERT INTO removed (entry) VALUES (old.id);
    DELETE FROM removed WHERE number = last_insert_rowid() - 1000000; -- whoever is further behind begins again
END;
COMMIT;
"""
_ROW = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
#: Bytes of a name, where it is random, and of a hash; and where among the columns of `Prints` one is text.
_NAME, _HASH, _EDIT_NAMES = ENTRY_ID_BYTES, 32, PRINTS.split(", ").index("edit_names")
#: Rows that go with one statement: one for each takes half as long again.
_TOGETHER = 200
#: Threads that sort beside the one that makes an index.
_SORTERS = 2


def opened(path: Path) -> sqlite3.Connection:
    """Gives the file, made or brought forward; UntrustedListError where it is none, SettingsError where it is newer."""
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    try:
        database = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
        for pragma in (*_PRAGMAS, f"cache_size=-{CACHE_KIB}", f"wal_autocheckpoint={LOG_PAGES}"):
            database.execute(f"PRAGMA {pragma}")
        database.execute("BEGIN IMMEDIATE")
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if version == 0:
            _run(database, _SCHEMA)
            make_indexes(database)
            database.execute("INSERT INTO position VALUES (1, '', '', 0, 0, NULL, 0, ?)", (bytes(32),))
        else:
            for step in range(version, VERSION):
                _STEPS[step](database)
        if version < VERSION:
            database.execute(f"PRAGMA user_version = {VERSION}")
        if version <= VERSION:
            database.commit()
            database.executescript(_FOLLOWED)
            database.executescript(given_states.SCHEMA)
            database.executescript(foreign_copy.SCHEMA)
        database.commit()
    except sqlite3.DatabaseError as error:
        raise UntrustedListError(f"The list's file cannot be read ({error}). Delete it and sync again.") from None
    if version > VERSION:
        database.close()
        raise SettingsError("The list's file was made by a newer takeback. Install that, or open another file.")
    return database


def opened_to_look(path: Path) -> sqlite3.Connection:
    """Gives a connection that only looks."""
    database = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
    database.execute("PRAGMA query_only=ON")
    database.execute(f"PRAGMA cache_size=-{CACHE_KIB // 4}")
    return database


def add_entries(database: sqlite3.Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Adds rows of `entry`, all of their columns in order."""
    for at in range(0, len(rows), _TOGETHER):
        part = rows[at : at + _TOGETHER]
        values = list(chain.from_iterable(part))
        database.execute(f"INSERT INTO entry VALUES {', '.join([_ROW] * len(part))}", values)  # noqa: S608 - marks


def add_alike(database: sqlite3.Connection, first: int, names: bytes, entries: Alike) -> None:
    """Adds entries from row `first` on, by the names of all places: the file's own functions cut them from the pieces.

    That takes a third of what it takes to hand over each value.
    """
    prints = [_cut("values", entries.length, *column) for column in entries.columns]
    prints[_EDIT_NAMES] = f"CAST({prints[_EDIT_NAMES]} AS TEXT)"
    name, hash_ = _cut("names", _NAME, 0, _NAME), _cut("hashes", _HASH, 0, _HASH)
    columns = f":first + key, lower(hex({name})), :tier, :action, :listed_on, {hash_}, {', '.join(prints)}"
    database.execute(
        f"INSERT INTO entry SELECT {columns} FROM json_each(:rows)",  # noqa: S608 - numbers
        {
            "first": first,
            "names": b"".join([names[_NAME * place : _NAME * place + _NAME] for place in entries.places]),
            "tier": entries.tier,
            "action": entries.action,
            "listed_on": entries.listed_on,
            "hashes": entries.hashes,
            "values": entries.values,
            "rows": json.dumps([0] * len(entries.places)),
        },
    )


def _cut(pieces: str, each: int, at: int, length: int) -> str:
    """Gives what cuts the piece of the row `key` from pieces of so many bytes each."""
    return f"substr(:{pieces}, {each} * key + {at + 1}, {length})" if length else "NULL"


def make_indexes(database: sqlite3.Connection) -> None:
    """Makes those that are not there."""
    database.execute(f"PRAGMA threads={_SORTERS}")
    for statement in INDEXES.values():
        database.execute(statement)


def drop_indexes(database: sqlite3.Connection) -> None:
    """Takes them away."""
    for name in INDEXES:
        database.execute(f"DROP INDEX IF EXISTS {name}")


def _run(database: sqlite3.Connection, script: str) -> None:
    for statement in script.split(";\n"):
        database.execute(statement)


def _names_of_edits(database: sqlite3.Connection) -> None:
    database.execute("ALTER TABLE fingerprint ADD COLUMN edit TEXT")


def _counts_of_hits(database: sqlite3.Connection) -> None:
    database.execute(
        "CREATE TABLE IF NOT EXISTS hit (name TEXT NOT NULL, day TEXT NOT NULL, count INTEGER NOT NULL, "
        "told INTEGER NOT NULL, PRIMARY KEY (name, day))"
    )


def _one_row_an_entry(database: sqlite3.Connection) -> None:
    """Moves fingerprints, which had rows of their own, to their entries. Numbers stay as they were."""
    last = database.execute("SELECT seq FROM sqlite_sequence WHERE name = 'entry'").fetchone()
    database.execute("ALTER TABLE entry RENAME TO entry_of_before")
    _run(database, _ENTRY + _FILLING)
    rows = database.execute(
        "SELECT e.id, e.name, e.tier, e.action, e.listed_on, e.hash, f.type, f.value, f.at, f.edit "
        "FROM entry_of_before AS e LEFT JOIN fingerprint AS f ON f.entry = e.id ORDER BY e.id"
    )
    add_entries(database, [(*entry, *_prints(list(group))) for entry, group in groupby(rows, key=lambda row: row[:6])])
    database.execute("DROP TABLE fingerprint")
    database.execute("DROP TABLE entry_of_before")
    if last is not None:
        database.execute("DELETE FROM sqlite_sequence WHERE name = 'entry'")
        database.execute("INSERT INTO sqlite_sequence VALUES ('entry', ?)", last)
    make_indexes(database)


def _prints(rows: list[tuple[Any, ...]]) -> Prints:
    return columns(
        [
            Fingerprint(FINGERPRINT_TYPES[type_], value, at=at, edit=edit)
            for *_, type_, value, at, edit in rows
            if type_ is not None
        ]
    )


def _no_index_of_values(database: sqlite3.Connection) -> None:
    for type_ in ("md5", "sha1", "sha256"):
        database.execute(f"DROP INDEX IF EXISTS entry_by_{type_}")


#: What brings a file of each older version to the next one.
_STEPS: dict[int, Callable[[sqlite3.Connection], None]] = {
    1: _names_of_edits,
    2: _counts_of_hits,
    3: _one_row_an_entry,
    4: _no_index_of_values,
}
