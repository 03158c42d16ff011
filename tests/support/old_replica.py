"""The participant's file as earlier versions laid it out, for tests that it is brought forward."""

from __future__ import annotations

import sqlite3

from takeback.participant.lists.packing import pieces

#: The first version that has fingerprints in the rows of their entries.
OF_ONE_ROW = 4
_TABLES = """
DROP TABLE entry;
DROP TABLE filling;
CREATE TABLE entry (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    name      TEXT NOT NULL UNIQUE,
    tier      TEXT NOT NULL,
    action    TEXT NOT NULL,
    listed_on TEXT NOT NULL,
    hash      BLOB NOT NULL
);
CREATE TABLE fingerprint (
    entry   INTEGER NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
    type    TEXT NOT NULL,
    value   BLOB NOT NULL,
    at      INTEGER,
    edit    TEXT
);
CREATE INDEX fingerprint_by_value ON fingerprint (type, value);
CREATE INDEX fingerprint_by_entry ON fingerprint (entry);
CREATE TRIGGER entry_removed AFTER DELETE ON entry BEGIN INSERT INTO removed (entry) VALUES (old.id); END;
"""


def make_old(file: sqlite3.Connection, version: int) -> None:
    """Turns a file of today, of pictures with exact values, into one of version 1, 2, 3 or 4."""
    if version == OF_ONE_ROW:
        for type_ in ("md5", "sha1", "sha256"):
            file.execute(f"CREATE INDEX entry_by_{type_} ON entry ({type_}) WHERE {type_} IS NOT NULL")
    else:
        _give_rows_of_their_own(file, version)
    file.execute(f"PRAGMA user_version = {version}")
    file.commit()


def _give_rows_of_their_own(file: sqlite3.Connection, version: int) -> None:
    """Takes fingerprints out of the rows of their entries."""
    (last,) = file.execute("SELECT seq FROM sqlite_sequence WHERE name = 'entry'").fetchone()
    entries = file.execute("SELECT id, name, tier, action, listed_on, hash FROM entry").fetchall()
    values = file.execute("SELECT id, md5, sha1, sha256, pictures, edits, edit_names FROM entry").fetchall()
    file.executescript(_TABLES)
    file.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)", entries)
    file.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'entry'", (last,))
    for row, *exact, pictures, edits, names in values:
        kinds = zip(("md5", "sha1", "sha256"), exact, strict=True)
        prints = [(row, type_, value, None, None) for type_, value in kinds if value]
        prints += [(row, "pdq", value, None, None) for value in pieces(pictures or b"")]
        edited = zip(pieces(edits or b""), (names or "").split(), strict=True)
        prints += [(row, "pdq", value, None, name) for value, name in edited]
        file.executemany("INSERT INTO fingerprint VALUES (?, ?, ?, ?, ?)", prints)
    if version == 1:
        file.execute("ALTER TABLE fingerprint DROP COLUMN edit")
    if version <= 2:
        file.execute("DROP TABLE hit")
