"""A participant's copy of the list: one SQLite file, changed a whole page at a time or not at all.

What is withdrawn is overwritten in the file (secure_delete), not only unlinked.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from array import array
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from takeback.errors import SettingsError, UntrustedListError
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.change import ChangePage, Upsert
from takeback.model.feedback import ActionTaken, Feedback, Verdict
from takeback.model.foreign import ForeignBatch, ForeignEntry
from takeback.model.hits import Hits, coarse_hits
from takeback.model.list_digest import ListDigest, entry_hash
from takeback.model.tier import StrongestAction, Tier
from takeback.participant import foreign_copy, given_states
from takeback.participant.given_states import GivenState
from takeback.participant.trusted_list import Position, check_head
from takeback.wire.checkpoint import Checkpoint

SCHEMA_VERSION = 3
#: Memory for pages of the file, at most: values are random, and a first sync touches all of their index.
CACHE_KIB = 65_536
#: Pages that gather in the log (4 KiB each) before they are written to their places.
LOG_PAGES = 8_192
#: Values that are asked for in one statement.
MOST_ASKED = 500
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
_SCHEMA = """
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
-- What is on the list now.
CREATE TABLE entry (
    id        INTEGER PRIMARY KEY AUTOINCREMENT, -- of this file only, and never used twice: an index may still hold it
    name      TEXT NOT NULL UNIQUE,    -- our own id for it, 32 hex digits
    tier      TEXT NOT NULL,
    action    TEXT NOT NULL,           -- the strongest that the list allows
    listed_on TEXT NOT NULL,           -- day
    hash      BLOB NOT NULL            -- its part of the digest
);
CREATE TABLE fingerprint (
    entry   INTEGER NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
    type    TEXT NOT NULL,
    value   BLOB NOT NULL,
    at      INTEGER,                   -- seconds into the film; vpdq only
    edit    TEXT                       -- the simulated edit that a pdq value is of; empty for the picture itself
);
CREATE INDEX fingerprint_by_value ON fingerprint (type, value);
CREATE INDEX fingerprint_by_entry ON fingerprint (entry);
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
#: What brings a file of an older version to the next one, in place.
_STEPS = {
    1: "ALTER TABLE fingerprint ADD COLUMN edit TEXT",
    2: "CREATE TABLE IF NOT EXISTS hit (name TEXT NOT NULL, day TEXT NOT NULL, count INTEGER NOT NULL, "
    "told INTEGER NOT NULL, PRIMARY KEY (name, day))",
}

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


@dataclass(frozen=True, slots=True)
class Followed:
    """How far a follower has come: of which file, the last entry's row, and the last removal's number."""

    identity: str
    entry: int
    removal: int


@dataclass(frozen=True, slots=True)
class Listed:
    """What a match needs to know of an entry."""

    name: str
    tier: Tier
    action: StrongestAction
    listed_on: date
    has_sha256: bool


class Replica:
    """The file. Safe to use from several threads, and by several processes of which one syncs."""

    def __init__(self, path: Path) -> None:
        self._lock, self._look_lock = threading.RLock(), threading.Lock()
        self._database = _opened(path)
        self._looking = _second(path)

    def close(self) -> None:
        """Closes the file."""
        with self._lock, self._look_lock:
            self._looking.close()
            self._database.close()

    # -- whose copy it is

    def belong_to(self, list_id: str, participant: str) -> None:
        """Ties a new file to a list and participant; raises SettingsError for a file that belongs to another."""
        with self._transaction() as database:
            owner = database.execute("SELECT list, participant FROM position").fetchone()
            if owner == ("", ""):
                database.execute("UPDATE position SET list = ?, participant = ?", (list_id, participant))
            elif owner != (list_id, participant):
                raise SettingsError(
                    "This file holds another list, or that of another participant. Open another file, or the right "
                    "credentials."
                )

    # -- how far it is

    def position(self) -> Position:
        """Gives where the replica is."""
        with self._lock:
            return _position(self._database)

    def complete_as_of(self) -> datetime | None:
        """Gives when the last whole sync was issued, or None when there was none."""
        with self._lock:
            (when,) = self._database.execute("SELECT complete FROM position").fetchone()
        return None if when is None else datetime.fromtimestamp(when, UTC)

    # -- pages

    def keep(self, page: ChangePage, *, place: str | None = None) -> bool:
        """Keeps a whole page, and gives whether what is here then is what its head says; if not, keeps nothing.

        `place` is kept with it: where the exchange of a list of others goes on.
        """
        with self._transaction() as database:
            digest = _kept(database, page, _position(database).digest)
            if not check_head(page, digest):
                database.rollback()
                return False
            issued = page.issued.timestamp()
            given_states.keep(database, page)
            if place is not None:
                foreign_copy.keep_place(database, place)
            database.execute(
                "UPDATE position SET cursor = ?, issued = ?, complete = coalesce(?, complete), entries = ?, digest = ?",
                (
                    page.next,
                    issued,
                    issued if page.complete else None,
                    digest.entries,
                    digest.total.to_bytes(32, "big"),
                ),
            )
            return True

    def begin_again(self) -> None:
        """Drops the copy; what was issued stays, so that an old page cannot slip in, and the outbox stays."""
        with self._transaction() as database:
            database.execute("DELETE FROM fingerprint")
            database.execute("DELETE FROM entry")
            database.execute("UPDATE position SET cursor = 0, complete = NULL, entries = 0, digest = ?", (bytes(32),))

    def settle(self) -> None:
        """Moves everything from the log into the file, so that what was withdrawn stands in neither."""
        with self._lock:
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    # -- look-up: on a connection of its own, so that no question waits for a page that is being kept

    def followed(self) -> Followed:
        """Gives how far a follower can come now."""
        with self._look_lock:
            (identity,) = self._looking.execute("SELECT identity FROM copy").fetchone()
            last = dict(self._looking.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
        return Followed(identity, last.get("entry", 0), last.get("removed", 0))

    def values_between(
        self, type_: FingerprintType, after: int, until: int, *, edits: bool = False
    ) -> tuple[bytes, array[int]]:
        """Gives the values of the entries in rows after..until, packed, and beside each the row of its entry.

        Those of simulated edits, or those of the pictures and frames themselves.
        """
        with self._look_lock:
            rows = self._looking.execute(
                "SELECT value, entry FROM fingerprint "
                "WHERE entry > ? AND entry <= ? AND +type = ? AND (edit IS NOT NULL) = ?",  # + : by entry
                (after, until, type_.value, edits),
            ).fetchall()
        return b"".join(row[0] for row in rows), array("Q", [row[1] for row in rows])

    def removed_since(self, after: Followed) -> list[int] | None:
        """Gives the rows of the entries that have gone since, or None when that is too long ago to know."""
        with self._look_lock:
            (first,) = self._looking.execute("SELECT min(number) FROM removed").fetchone()
            rows = self._looking.execute("SELECT entry FROM removed WHERE number > ?", (after.removal,)).fetchall()
        return None if first is not None and first > after.removal + 1 else [row[0] for row in rows]

    def frames_of(self, row: int) -> list[tuple[int, bytes]]:
        """Gives the seconds and values of an entry's frames."""
        with self._look_lock:
            return self._looking.execute(
                "SELECT at, value FROM fingerprint WHERE entry = ? AND type = 'vpdq'", (row,)
            ).fetchall()

    def edits_of(self, row: int) -> list[tuple[str, bytes]]:
        """Gives the names and values of an entry's simulated edits."""
        with self._look_lock:
            return self._looking.execute(
                "SELECT edit, value FROM fingerprint WHERE entry = ? AND edit IS NOT NULL", (row,)
            ).fetchall()

    def holds(self, type_: FingerprintType) -> bool:
        """Says whether any entry has a fingerprint of this type."""
        with self._look_lock:
            asked = "SELECT 1 FROM fingerprint WHERE type = ? LIMIT 1"
            return self._looking.execute(asked, (type_.value,)).fetchone() is not None

    def entries_with(self, type_: FingerprintType, values: Collection[bytes]) -> dict[bytes, set[int]]:
        """Gives, for those of these values that entries have, the rows of the entries."""
        found: dict[bytes, set[int]] = {}
        for some in _parts(list(values)):
            marks = ",".join("?" * len(some))
            with self._look_lock:
                rows = self._looking.execute(
                    f"SELECT value, entry FROM fingerprint WHERE type = ? AND value IN ({marks})",  # noqa: S608 - marks
                    (type_.value, *some),
                ).fetchall()
            for value, row in rows:
                found.setdefault(value, set()).add(row)
        return found

    def listed(self, row: int) -> Listed | None:
        """Gives an entry by its row, or None when it has gone meanwhile."""
        with self._look_lock:
            found = self._looking.execute(
                "SELECT name, tier, action, listed_on, EXISTS "
                "(SELECT 1 FROM fingerprint AS f WHERE f.entry = e.id AND f.type = 'sha256') "
                "FROM entry AS e WHERE id = ?",
                (row,),
            ).fetchone()
        if found is None:
            return None
        name, tier, action, listed_on, has_sha256 = found
        return Listed(name, Tier(tier), StrongestAction(action), date.fromisoformat(listed_on), bool(has_sha256))

    # -- a list of others

    def foreign_place(self) -> str:
        """Gives where its exchange goes on; empty at the beginning."""
        with self._lock:
            return foreign_copy.place(self._database)

    def keep_foreign_place(self, place: str) -> None:
        """Keeps where its exchange goes on."""
        with self._transaction() as database:
            foreign_copy.keep_place(database, place)

    def restate(self, tier: Tier, action: StrongestAction) -> None:
        """Makes every entry what the settings say now."""
        with self._transaction() as database:
            foreign_copy.restate(database, tier, action)

    def foreign_changes(self, batch: ForeignBatch) -> tuple[list[ForeignEntry], list[str]]:
        """Gives what a batch changes here: entries that are new or other, and names of those that go."""
        listed = {entry.name for entry in batch.listed}
        with self._lock:
            changed = foreign_copy.changed(self._database, batch.listed)
            if batch.whole:
                return changed, sorted(foreign_copy.all_names(self._database) - listed)
            return changed, foreign_copy.here_of(self._database, set(batch.gone) - listed)

    def fingerprints_of(self, name: str) -> tuple[Fingerprint, ...]:
        """Gives an entry's fingerprints by its name; none where it has gone."""
        with self._lock:
            return foreign_copy.fingerprints_of(self._database, name)

    # -- the public log

    def list_id(self) -> str:
        """Gives the name of the list that this is a copy of; empty until the first sync."""
        with self._lock:
            return str(self._database.execute("SELECT list FROM position").fetchone()[0])

    def given_states(self) -> list[GivenState]:
        """Gives the states that were not found in the public log yet, oldest first."""
        with self._lock:
            return given_states.waiting(self._database)

    def read_until(self) -> Checkpoint | None:
        """Gives the last checkpoint of the public log that was believed."""
        with self._lock:
            return given_states.read_until(self._database)

    def found_in_log(self, states: Iterable[GivenState], until: Checkpoint) -> None:
        """Takes out states that were found, and keeps how far the log was read."""
        with self._transaction() as database:
            given_states.found(database, states, until)

    # -- what is new, for whoever looks it up elsewhere

    def entries_between(self, after: int, until: int) -> dict[int, tuple[Fingerprint, ...]]:
        """Gives the fingerprints of the entries in rows after..until, by the row."""
        found: dict[int, tuple[Fingerprint, ...]] = {}
        with self._lock:
            rows = self._database.execute(
                "SELECT entry, type, value, at, edit FROM fingerprint WHERE entry > ? AND entry <= ? ORDER BY entry",
                (after, until),
            ).fetchall()
        for row, type_, value, at, edit in rows:
            found[row] = (*found.get(row, ()), Fingerprint(FingerprintType(type_), value, at=at, edit=edit))
        return found

    def has(self, name: str) -> bool:
        """Says whether an entry is on the list now, by its name."""
        with self._lock:
            return self._database.execute("SELECT 1 FROM entry WHERE name = ?", (name,)).fetchone() is not None

    # -- outbox

    def put_in_outbox(self, feedback: Feedback) -> None:
        """Keeps a verdict until the clearinghouse has it."""
        with self._transaction() as database:
            database.execute(
                "INSERT OR REPLACE INTO outbox SELECT ?, ?, ?, coalesce(max(number), 0) + 1 FROM outbox",
                (feedback.entry, feedback.verdict.value, feedback.action.value),
            )

    def outbox(self) -> list[tuple[int, Feedback]]:
        """Gives the verdicts that wait, with the number of each, in the order in which they were given."""
        with self._lock:
            rows = self._database.execute("SELECT number, name, verdict, action FROM outbox ORDER BY number").fetchall()
        return [(number, Feedback(name, Verdict(v), ActionTaken(a))) for number, name, v, a in rows]

    def delivered(self, numbers: Iterable[int]) -> None:
        """Forgets verdicts that the clearinghouse has; one given again meanwhile has another number and stays."""
        with self._transaction() as database:
            database.executemany("DELETE FROM outbox WHERE number = ?", [(number,) for number in numbers])

    # -- hits

    def count_hits(self, names: Iterable[str], day: date) -> None:
        """Counts one more hit of each entry on a day."""
        with self._transaction() as database:
            database.executemany(
                "INSERT INTO hit VALUES (?, ?, 1, 0) ON CONFLICT DO UPDATE SET count = count + 1",
                [(name, day.isoformat()) for name in names],
            )

    def hits_to_tell(self, since: date) -> list[Hits]:
        """Gives the counts since a day that have reached another step, and forgets those of earlier days."""
        with self._transaction() as database:
            database.execute("DELETE FROM hit WHERE day < ?", (since.isoformat(),))
            rows = database.execute("SELECT name, day, count, told FROM hit ORDER BY day, name").fetchall()
        return [Hits(name, date.fromisoformat(day), n) for name, day, n, told in rows if coarse_hits(n) > told]

    def told(self, counted: Iterable[Hits]) -> None:
        """Keeps that the clearinghouse knows of these counts."""
        with self._transaction() as database:
            database.executemany(
                "UPDATE hit SET told = ? WHERE name = ? AND day = ?",
                [(coarse_hits(one.count), one.entry, one.day.isoformat()) for one in counted],
            )

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
            except BaseException:
                self._database.rollback()
                raise
            if self._database.in_transaction:
                self._database.commit()


def _position(database: sqlite3.Connection) -> Position:
    cursor, issued, entries, digest = database.execute(
        "SELECT cursor, issued, entries, digest FROM position"
    ).fetchone()
    return Position(cursor, datetime.fromtimestamp(issued, UTC), ListDigest(entries, int.from_bytes(digest, "big")))


def _kept(database: sqlite3.Connection, page: ChangePage, digest: ListDigest) -> ListDigest:
    """Puts a page in, all rows of a kind with one statement, and gives the digest of what is there then."""
    latest = {c.entry.entry if isinstance(c, Upsert) else c.entry: c for c in page.changes}
    # 1. What these entries were until now goes.
    gone = database.execute(
        "DELETE FROM entry WHERE name IN (SELECT value FROM json_each(?)) RETURNING hash", (json.dumps(list(latest)),)
    ).fetchall()
    for (hash_,) in gone:
        digest = digest.without_entry(int.from_bytes(hash_, "big"))
    # 2. What they are now comes, under numbers that were never used.
    (last,) = database.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'entry'").fetchone()
    entries, prints = [], []
    listed = (change.entry for change in latest.values() if isinstance(change, Upsert))
    for row, entry in enumerate(listed, last + 1):
        hash_ = entry_hash(entry)
        digest = digest.with_entry(hash_)
        day, packed = entry.listed_on.isoformat(), hash_.to_bytes(32, "big")
        entries.append((row, entry.entry, str(entry.tier), str(entry.action), day, packed))
        prints += [(row, str(f.type), f.value, f.at, f.edit) for f in entry.fingerprints]
    database.executemany(
        "INSERT INTO entry (id, name, tier, action, listed_on, hash) VALUES (?, ?, ?, ?, ?, ?)", entries
    )
    database.executemany("INSERT INTO fingerprint (entry, type, value, at, edit) VALUES (?, ?, ?, ?, ?)", prints)
    return digest


def _opened(path: Path) -> sqlite3.Connection:
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    try:
        database = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
        for pragma in (*_PRAGMAS, f"cache_size=-{CACHE_KIB}", f"wal_autocheckpoint={LOG_PAGES}"):
            database.execute(f"PRAGMA {pragma}")
        database.execute("BEGIN IMMEDIATE")
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if version == 0:
            for statement in _SCHEMA.split(";\n"):
                database.execute(statement)
            database.execute("INSERT INTO position VALUES (1, '', '', 0, 0, NULL, 0, ?)", (bytes(32),))
        else:
            for step in range(version, SCHEMA_VERSION):
                database.execute(_STEPS[step])
        if version < SCHEMA_VERSION:
            database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        if version <= SCHEMA_VERSION:
            database.commit()
            database.executescript(_FOLLOWED)
            database.executescript(given_states.SCHEMA)
            database.executescript(foreign_copy.SCHEMA)
        database.commit()
    except sqlite3.DatabaseError as error:
        raise UntrustedListError(f"The list's file cannot be read ({error}). Delete it and sync again.") from None
    if version > SCHEMA_VERSION:
        database.close()
        raise SettingsError("The list's file was made by a newer takeback. Install that, or open another file.")
    return database


def _second(path: Path) -> sqlite3.Connection:
    """Gives a connection that only looks."""
    database = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
    database.execute("PRAGMA query_only=ON")
    database.execute(f"PRAGMA cache_size=-{CACHE_KIB // 4}")
    return database


def _parts(values: list[bytes]) -> Iterator[list[bytes]]:
    return (values[at : at + MOST_ASKED] for at in range(0, len(values), MOST_ASKED))
