"""The radius index of a replica: follows it, change by change, and is kept in a file beside it that processes share.

The replica is the truth, the index is made from it: a file that is missing, damaged, of another version or of another
replica is made anew. What has been withdrawn is not found from the next question on; `settle`, at the end of each sync,
leaves no byte of it in the file.
"""

from __future__ import annotations

import logging
import threading
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from takeback.closing import Closing
from takeback.errors import IndexFileError, UnavailableError
from takeback.matching.films import SCENES_THRESHOLD_BITS
from takeback.matching.index_file import remove_leftover
from takeback.matching.radius import RadiusIndex
from takeback.matching.thresholds import MOST_BITS
from takeback.participant.lists.packing import Alike
from takeback.participant.lists.replica import Followed, Replica

log = logging.getLogger(__name__)

#: The index's lists: exact values, pictures, simulated edits of them, frames of films. A value's id is its entry's row.
MD5, SHA256, PICTURES, EDITS, FRAMES = "md5", "sha256", "pdq", "edit", "vpdq"
#: The widest radius that each is asked with, in bits.
RADII = {MD5: 0, SHA256: 0, PICTURES: MOST_BITS, EDITS: MOST_BITS, FRAMES: SCENES_THRESHOLD_BITS}
#: Where the replica has the values of each.
_COLUMNS = {MD5: "md5", SHA256: "sha256", PICTURES: "pictures", EDITS: "edits", FRAMES: "frames"}
#: The file is written anew when this many entries have come since, as a part of all that ever came, if none has gone.
NEW_PART = 1 / 8
#: Entries that are read from the replica at a time, which bounds the memory.
ENTRIES_AT_ONCE = 5_000


class _New:
    """Values of entries in rows behind `after`, up to `until`, of which none had gone at that removal."""

    def __init__(self, after: int, removal: int) -> None:
        self.after, self.until, self.removal = after, after, removal
        self.values = {name: (bytearray(), array("Q")) for name in RADII}

    def add(self, until: int, read: Iterable[tuple[bytes, array[int]]]) -> None:
        """Adds what the columns have in the rows that follow."""
        for (values, rows), (more, of_them) in zip(self.values.values(), read, strict=True):
            values.extend(more)
            rows.extend(of_them)
        self.until = until


class ListIndex(Closing):
    """An index that is as its replica is whenever it is asked for. Safe to use from several threads."""

    def __init__(self, replica: Replica, path: Path) -> None:
        self._replica, self._path = replica, path
        self._following = threading.Lock()  # held for as long as it takes to take changes over
        self._settling = threading.Lock()  # held for as long as a merge takes; questions go on
        self._index: RadiusIndex | None = None
        self._at = self._written = Followed("", 0, 0)
        self._file: tuple[int, int] | None = None
        self._new: _New | None = None

    def close(self) -> None:
        """Lets go of memory and file."""
        with self._following:
            if self._index is not None:
                self._index.close()
            self._index = self._new = None

    def filled(self, first: int, entries: Sequence[Alike]) -> None:
        """Takes entries that a first copy was filled with, from row `first` on: they need not be read from it again."""
        with self._following:
            removal = self._replica.followed().removal
            if self._new is None or (self._new.until, self._new.removal) != (first - 1, removal):
                self._new = _New(first - 1, removal)
            for some in entries:
                row = self._new.until + 1
                self._new.add(row + len(some.places) - 1, [some.column(one, row) for one in _COLUMNS.values()])

    def current(self) -> RadiusIndex:
        """Gives the index, with everything that the replica holds now and nothing else."""
        with self._following:
            return self._followed()

    def settle(self) -> None:
        """Writes the file anew if entries have gone since it was written, or many have come. Questions go on."""
        with self._settling:
            with self._following:
                index, at, written = self._followed(), self._at, self._written
            gone = at.removal > written.removal or at.identity != written.identity
            if not gone and at.entry - written.entry <= NEW_PART * at.entry:
                return
            try:
                index.merge(self._path, stamp=msgspec.json.encode(at).decode())
            except UnavailableError as error:
                log.warning("the index file is as it was until the next sync: %s", error)
                return
            with self._following:
                if self._index is index:
                    self._written, self._file = at, _file_at(self._path)

    def _followed(self) -> RadiusIndex:
        until, again = self._replica.followed(), False
        if self._index is None or until.identity != self._at.identity or _file_at(self._path) != self._file:
            self._index, again = self._opened(until), True
        if until != self._at and not self._caught_up(self._index, until, again=again):
            self._index = self._begun(until)
            self._caught_up(self._index, until, again=False)
        return self._index

    def _opened(self, until: Followed) -> RadiusIndex:
        remove_leftover(self._path)
        self._file = _file_at(self._path)
        if self._file is None:
            return self._begun(until)
        try:
            index = RadiusIndex.open(self._path)
            index.verify()
            at = msgspec.json.decode(index.stamp, type=Followed)
        except (IndexFileError, msgspec.DecodeError) as error:
            log.warning("the index is made anew: %s", error)
            return self._begun(until)
        if at.identity != until.identity or set(index.radii) != set(RADII):
            return self._begun(until)
        self._at = self._written = at
        return index

    def _begun(self, until: Followed) -> RadiusIndex:
        self._at, self._written = Followed(until.identity, 0, until.removal), Followed("", 0, 0)
        return RadiusIndex(RADII)

    def _caught_up(self, index: RadiusIndex, until: Followed, *, again: bool) -> bool:
        """Takes over what has changed; False when that is no longer known.

        `again`: the index comes from a file, which may hold some of it already, if it was written meanwhile.
        """
        gone = self._replica.removed_since(self._at)
        if gone is None:
            return False
        known = range(self._at.entry + 1, until.entry + 1) if again and len(index) else ()
        new, self._new = self._new, None
        if new is None or (new.after, new.removal) != (self._at.entry, until.removal) or new.until > until.entry:
            new = _New(self._at.entry, until.removal)
        for after in range(new.until, until.entry, ENTRIES_AT_ONCE):
            to = min(after + ENTRIES_AT_ONCE, until.entry)
            new.add(to, self._replica.values_between(after, to, list(_COLUMNS.values())))
        for name in RADII:
            for row in (*gone, *known):
                index.delete(row, of=name)
            index.insert_many(*new.values.pop(name), of=name)  # all at once: a first copy's are built into parts once
        self._at = until
        return True


def _file_at(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns
