"""The public log as files that anything can serve: tiles and bundles first, the checkpoint last (C2SP tlog-tiles).

A leaf comes here from the database, where it is for good. Each file is written beside its place and then moved to it,
so that a power cut leaves whole files or none; the checkpoint is signed when all that it speaks of is on disk. Whatever
was cut off is written again, the same, by the next run. Never is anything signed that does not go on where the last
checkpoint was.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from takeback.errors import SettingsError, UntrustedListError
from takeback.model.merkle import EMPTY_ROOT, leaf_hash, over, root
from takeback.wire import checkpoint as note
from takeback.wire.checkpoint import Checkpoint, LogKey
from takeback.wire.tiles import HEIGHT, WIDTH, bundle, check_growth, path, reader, width_of

CHECKPOINT = "checkpoint"


@dataclass(frozen=True, slots=True)
class LogIdentity:
    """Whose log it is: the list's name, and the key that signs checkpoints."""

    list_id: str
    key: Ed25519PrivateKey

    @property
    def origin(self) -> str:
        """The log's name, which stands in every checkpoint."""
        return f"{self.list_id}/log"

    @property
    def verifier(self) -> LogKey:
        """What everybody needs who checks it."""
        return LogKey(self.origin, self.key.public_key())


class LogFiles:
    """The folder. One process at a time writes to it."""

    def __init__(self, folder: Path, identity: LogIdentity) -> None:
        self._folder, self._identity = folder, identity

    def fetch(self, name: str) -> bytes | None:
        """Gives the bytes of a file of the log, or None."""
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError:
            return None

    def checkpoint(self) -> Checkpoint:
        """Gives the last checkpoint, that of an empty log where there is none; raises SettingsError for another's."""
        last = self.fetch(CHECKPOINT)
        if last is None:
            return Checkpoint(0, EMPTY_ROOT)
        try:
            return note.verify(last, self._identity.verifier)
        except UntrustedListError:
            raise SettingsError(
                "The checkpoint in data_dir/log is not signed by log-signing-key. Restore the one that belongs to it, "
                "or move the folder away: it is made anew from the database."
            ) from None

    def add(self, first: int, leaves: Sequence[bytes]) -> None:
        """Writes the bundles and tiles of leaves from `first` on, which is where a bundle begins; signs nothing."""
        size = first + len(leaves)
        for at in range(0, len(leaves), WIDTH):
            part = leaves[at : at + WIDTH]
            index = (first + at) // WIDTH
            self._write(path(None, index, len(part)), bundle(part))
            self._write(path(0, index, len(part)), b"".join(leaf_hash(leaf) for leaf in part))
        level = 1
        while size >> (HEIGHT * level):
            for index in range((first >> (HEIGHT * level)) // WIDTH, -(-(size >> (HEIGHT * level)) // WIDTH)):
                width = width_of(level, index, size)
                below = (self._tile(level - 1, index * WIDTH + at) for at in range(width))
                self._write(path(level, index, width), b"".join(below))
            level += 1

    def sign(self, size: int) -> Checkpoint:
        """Signs the log of `size` leaves, whose files are all there; raises SettingsError rather than fork it."""
        last = self.checkpoint()
        now = Checkpoint(size, root(size, reader(self.fetch, size)))
        try:
            check_growth(self.fetch, last, now)
        except UntrustedListError:
            raise SettingsError(
                "The public log in the database does not go on where the checkpoint in data_dir/log is. Nothing was "
                "signed. Somebody has changed one of them; see docs/public-log.md."
            ) from None
        if now != last or self.fetch(CHECKPOINT) is None:
            self._write(CHECKPOINT, note.sign(now, self._identity.origin, self._identity.key))
            self._tidy(last.size, size)
        return now

    def _tile(self, level: int, index: int) -> bytes:
        hashes = self.fetch(path(level, index, WIDTH)) or b""
        return over([hashes[at : at + 32] for at in range(0, len(hashes), 32)])

    def _tidy(self, old: int, size: int) -> None:
        """Takes away partial files whose whole one is there now."""
        first, level = old // WIDTH, 0
        while size >> (HEIGHT * level):
            for index in range(first, (size >> (HEIGHT * level)) // WIDTH):
                for kind in (level, None) if level == 0 else (level,):
                    shutil.rmtree(self._folder / (path(kind, index, WIDTH) + ".p"), ignore_errors=True)
            first, level = first // WIDTH, level + 1

    def _write(self, name: str, content: bytes) -> None:
        if self.fetch(name) == content:
            return
        file = self._folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        new = file.with_name(file.name + ".new")
        with new.open("wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        new.replace(file)
        for folder in (file.parent, *file.parent.parents):
            _sync(folder)
            if folder == self._folder:
                break


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
