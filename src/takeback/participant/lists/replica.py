"""A participant's copy of the list: one SQLite file, changed a whole page at a time or not at all.

What is withdrawn is overwritten in the file (secure_delete), not only unlinked.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from takeback.errors import SettingsError
from takeback.fingerprints.types import Fingerprint
from takeback.model.change import ChangePage, Upsert
from takeback.model.feedback import ActionTaken, Feedback, Verdict
from takeback.model.foreign import ForeignBatch, ForeignEntry
from takeback.model.hits import Hits, coarse_hits
from takeback.model.list_digest import ListDigest
from takeback.model.tier import StrongestAction, Tier
from takeback.participant.lists import foreign_copy, given_states
from takeback.participant.lists.given_states import GivenState
from takeback.participant.lists.packing import (
    PRINTS,
    Alike,
    Packed,
    Prints,
    packed,
    packed_values,
    pieces,
    unpacked,
    with_hashes,
)
from takeback.participant.lists.replica_file import (
    add_alike,
    add_entries,
    drop_indexes,
    make_indexes,
    opened,
    opened_to_look,
)
from takeback.participant.lists.trusted_list import Position, check_head
from takeback.wire.checkpoint import Checkpoint


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
        self._database = opened(path)
        self._looking = opened_to_look(path)

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
            given_states.keep(database, page)
            if place is not None:
                foreign_copy.keep_place(database, place)
            _move(database, page.next, page.issued, digest, complete=page.complete)
            return True

    def begin_again(self) -> None:
        """Drops the copy; what was issued stays, so that an old page cannot slip in, and the outbox stays."""
        with self._transaction() as database:
            database.execute("DELETE FROM entry")
            database.execute("DELETE FROM filling")
            database.execute("UPDATE position SET cursor = 0, complete = NULL, entries = 0, digest = ?", (bytes(32),))
            make_indexes(database)

    def settle(self) -> None:
        """Moves everything from the log into the file, so that what was withdrawn stands in neither."""
        with self._lock:
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    # -- a first copy, from files

    def filling(self) -> int | None:
        """Gives up to where a first copy is being filled, or None when none is."""
        with self._lock:
            found = self._database.execute("SELECT until FROM filling").fetchone()
        return None if found is None else int(found[0])

    def begin_filling(self, until: int) -> None:
        """Begins a first copy, which `fill` brings up to `until`. Only an empty one can be begun."""
        with self._transaction() as database:
            database.execute("INSERT INTO filling VALUES (?)", (until,))
            drop_indexes(database)

    def fill(self, names: bytes, entries: Sequence[Alike], *, until: int, issued: datetime) -> int:
        """Adds a file of entries, none of which is in here, with the names of its places; it reaches up to `until`.

        Gives the row of the first; the others follow, in their order.
        """
        with self._transaction() as database:
            digest, first = _position(database).digest, _last_row(database) + 1
            row = first
            for some in entries:
                add_alike(database, row, names, some)
                row += len(some.places)
                digest = with_hashes(digest, some.hashes)
            _move(database, until, issued, digest, complete=False)
        return first

    def end_filling(self) -> bool:
        """Ends it, and gives whether every entry came once; where not, everything is dropped."""
        try:
            with self._transaction() as database:
                make_indexes(database)
                database.execute("DELETE FROM filling")
        except sqlite3.IntegrityError:
            self.begin_again()
            return False
        return True

    # -- look-up: on a connection of its own, so that no question waits for a page that is being kept

    def followed(self) -> Followed:
        """Gives how far a follower can come now."""
        with self._look_lock:
            (identity,) = self._looking.execute("SELECT identity FROM copy").fetchone()
            last = dict(self._looking.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
        return Followed(identity, last.get("entry", 0), last.get("removed", 0))

    def values_between(self, after: int, until: int, columns: Sequence[str]) -> list[tuple[bytes, array[int]]]:
        """Gives the values of the entries in rows after..until, of each column: packed, and the row of each value.

        A value takes 32 bytes; behind a shorter one stand zeros.
        """
        with self._look_lock:
            rows = self._looking.execute(
                f"SELECT id, {', '.join(columns)} FROM entry WHERE id > ? AND id <= ?",  # noqa: S608 - ours
                (after, until),
            ).fetchall()
        if not rows:
            return [(b"", array("Q"))] * len(columns)
        ids, *read = zip(*rows, strict=True)
        return [packed_values(ids, column) for column in read]

    def removed_since(self, after: Followed) -> list[int] | None:
        """Gives the rows of the entries that have gone since, or None when that is too long ago to know."""
        with self._look_lock:
            (first,) = self._looking.execute("SELECT min(number) FROM removed").fetchone()
            rows = self._looking.execute("SELECT entry FROM removed WHERE number > ?", (after.removal,)).fetchall()
        return None if first is not None and first > after.removal + 1 else [row[0] for row in rows]

    def frames_of(self, row: int) -> list[tuple[int, bytes]]:
        """Gives the seconds and values of an entry's frames."""
        seconds, frames = self._columns("seconds, frames", row)
        return list(zip(array("i", seconds), pieces(frames), strict=True)) if frames else []

    def edits_of(self, row: int) -> list[tuple[str, bytes]]:
        """Gives the names and values of an entry's simulated edits."""
        names, edits = self._columns("edit_names, edits", row)
        return list(zip(names.split(" "), pieces(edits), strict=True)) if edits else []

    def holds_films(self) -> bool:
        """Says whether any entry has frames."""
        with self._look_lock:
            return self._looking.execute("SELECT 1 FROM entry WHERE frames IS NOT NULL LIMIT 1").fetchone() is not None

    def listed(self, row: int) -> Listed | None:
        """Gives an entry by its row, or None when it has gone meanwhile."""
        with self._look_lock:
            found = self._looking.execute(
                "SELECT name, tier, action, listed_on, sha256 IS NOT NULL FROM entry WHERE id = ?", (row,)
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
        with self._lock:
            rows = self._database.execute(
                f"SELECT id, {PRINTS} FROM entry WHERE id > ? AND id <= ? ORDER BY id",  # noqa: S608 - ours
                (after, until),
            ).fetchall()
        return {row: unpacked(Prints(*columns)) for row, *columns in rows}

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

    def _columns(self, names: str, row: int) -> tuple[Any, Any]:
        with self._look_lock:
            found = self._looking.execute(f"SELECT {names} FROM entry WHERE id = ?", (row,)).fetchone()  # noqa: S608 - ours
        return found or (None, None)

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
    # 2. What they are now comes.
    listed = [change.entry for change in latest.values() if isinstance(change, Upsert)]
    return _added(database, [(entry.entry, packed(entry)) for entry in listed], digest)


def _added(database: sqlite3.Connection, entries: Sequence[tuple[str, Packed]], digest: ListDigest) -> ListDigest:
    """Adds entries, and gives the digest of what is there then."""
    add_entries(
        database,
        [
            (row, name, one.tier, one.action, one.listed_on, one.hash, *one.prints)
            for row, (name, one) in enumerate(entries, _last_row(database) + 1)
        ],
    )
    return with_hashes(digest, b"".join([one.hash for _, one in entries]))


def _last_row(database: sqlite3.Connection) -> int:
    """Gives the last row that was ever used for an entry."""
    (last,) = database.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'entry'").fetchone()
    return int(last)


def _move(database: sqlite3.Connection, cursor: int, issued: datetime, digest: ListDigest, *, complete: bool) -> None:
    """Keeps that everything up to the cursor is in here."""
    when = issued.timestamp()
    database.execute(
        "UPDATE position SET cursor = ?, issued = ?, complete = coalesce(?, complete), entries = ?, digest = ?",
        (cursor, when, when if complete else None, digest.entries, digest.total.to_bytes(32, "big")),
    )
