"""The radius index of a replica: follows it, change by change, and is kept in a file beside it that processes share.

The replica is the truth, the index is made from it: a file that is missing, damaged, of another version or of another
replica is made anew. What has been withdrawn is not found from the next question on; `settle`, at the end of each sync,
leaves no byte of it in the file.
"""

from __future__ import annotations

import logging
import threading
from pathlib import Path

import msgspec

from takeback.closing import Closing
from takeback.errors import IndexFileError, UnavailableError
from takeback.fingerprints.types import FingerprintType
from takeback.matching.films import SCENES_THRESHOLD_BITS
from takeback.matching.index_file import remove_leftover
from takeback.matching.radius import RadiusIndex
from takeback.matching.thresholds import MOST_BITS
from takeback.participant.lists.replica import Followed, Replica

log = logging.getLogger(__name__)

#: The index's lists: pictures, simulated edits of pictures, frames of films. The id of a value is the row of its entry.
PICTURES, EDITS, FRAMES = "pdq", "edit", "vpdq"
#: The widest radius that each is asked with, in bits.
RADII = {PICTURES: MOST_BITS, EDITS: MOST_BITS, FRAMES: SCENES_THRESHOLD_BITS}
_HELD_AS = {PICTURES: FingerprintType.PDQ, EDITS: FingerprintType.PDQ, FRAMES: FingerprintType.VPDQ}
#: The file is written anew when this many entries have come since, as a part of all, even if none has gone.
NEW_PART = 1 / 8
#: Entries that are read from the replica at a time, which bounds the memory.
ENTRIES_AT_ONCE = 250_000


class ListIndex(Closing):
    """An index that is as its replica is whenever it is asked for. Safe to use from several threads."""

    def __init__(self, replica: Replica, path: Path) -> None:
        self._replica, self._path = replica, path
        self._following = threading.Lock()  # held for as long as it takes to take changes over
        self._settling = threading.Lock()  # held for as long as a merge takes; questions go on
        self._index: RadiusIndex | None = None
        self._at = self._written = Followed("", 0, 0)
        self._file: tuple[int, int] | None = None

    def close(self) -> None:
        """Lets go of memory and file."""
        with self._following:
            if self._index is not None:
                self._index.close()
            self._index = None

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
            if not gone and at.entry - written.entry <= NEW_PART * len(index):
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
        for name, type_ in _HELD_AS.items():
            for row in (*gone, *known):
                index.delete(row, of=name)
            for after in range(self._at.entry, until.entry, ENTRIES_AT_ONCE):
                to = min(after + ENTRIES_AT_ONCE, until.entry)
                index.insert_many(*self._replica.values_between(type_, after, to, edits=name == EDITS), of=name)
        self._at = until
        return True


def _file_at(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns
