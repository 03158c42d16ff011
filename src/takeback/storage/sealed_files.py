"""Files kept encrypted on disk: evidence, and copies of what is held. Read and written as streams.

The STREAM construction, as age and Tink have it: chunks of 64 KiB, each sealed by AES-256-GCM under a nonce that counts
the chunks and says which one is the last. So a chunk that is changed, moved, left out or added is found, and so is a
file that ends too early. The key of a file is derived (HKDF-SHA-256) from a version of the installation's keys, from a
random salt and from the file's id: no file can be put in another's place.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BufferedReader
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from takeback.errors import ConflictError, InvalidInputError, NotFoundError, SealedFileError
from takeback.storage.key_files import sync_folder
from takeback.storage.sealing import Keyring

#: Plain bytes in a chunk; only the last one is shorter.
CHUNK_BYTES = 65_536
MAX_ID_CHARACTERS = 64

_MAGIC = b"takeback sealed file 1\n"
_VERSION_BYTES = 4
_SALT_BYTES = 32
_HEADER_BYTES = len(_MAGIC) + _VERSION_BYTES + _SALT_BYTES
_TAG_BYTES = 16
_COUNTER_BYTES = 11
_ID = re.compile(rf"[A-Za-z0-9_-]{{1,{MAX_ID_CHARACTERS}}}")
_WHOLE, _HALF = ".sealed", ".half"


class Source(Protocol):
    """What is read to its end: an open file, or anything that gives bytes like one."""

    def read(self, size: int, /) -> bytes:
        """Gives at most so many bytes; none only at the end."""
        ...


class Chunks:
    """Chunks as something that is read to its end."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._left = chunks, b""

    def read(self, size: int, /) -> bytes:
        """Gives at most so many bytes."""
        while not self._left:
            following = next(self._chunks, None)
            if following is None:
                return b""
            self._left = following
        part, self._left = self._left[:size], self._left[size:]
        return part


@dataclass(frozen=True, slots=True)
class SealedFile:
    """What was sealed: its size in bytes and SHA-256 (32 bytes), and the SHA-256 of what lies on the disk."""

    size: int
    sha256: bytes
    sealed_sha256: bytes


class SealedFiles:
    """The sealed files in one folder. Every call blocks: in a server, call it in a thread."""

    def __init__(self, folder: Path, keyring: Keyring) -> None:
        self._folder, self._keyring = folder, keyring

    def put(self, id_: str, source: Source) -> SealedFile:
        """Seals what the source holds, from where it stands to its end. On disk it is whole, or not there at all.

        Raises ConflictError where a file of this id is kept already: nothing is ever overwritten.
        """
        path = self._path(id_)
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        half = path.with_suffix(f".{secrets.token_hex(8)}{_HALF}")
        try:
            kept = self._write(half, id_, source)
            os.link(half, path)
        except FileExistsError:
            raise ConflictError("A sealed file of this id is kept already. Take another id, or erase it.") from None
        finally:
            half.unlink(missing_ok=True)
        sync_folder(self._folder)
        return kept

    def read(self, id_: str) -> Iterator[bytes]:
        """Gives what was sealed, in chunks that are each authenticated. Only when this ends is the file whole.

        Raises NotFoundError at once; SealedFileError where something is not as it was written, at that place.
        """
        if not self.has(id_):
            raise NotFoundError("There is no sealed file of that id.")
        return self._chunks(id_)

    def has(self, id_: str) -> bool:
        """Says whether a file of this id is kept."""
        return self._path(id_).exists()

    def ids(self) -> Iterator[str]:
        """Gives the id of every file that is kept, in no order."""
        return (path.name.removesuffix(_WHOLE) for path in self._folder.glob(f"*{_WHOLE}"))

    def version(self, id_: str) -> int:
        """Gives the version of the keys that opens this file. Raises NotFoundError or SealedFileError."""
        with self._open(id_) as opened:
            return int.from_bytes(_header(opened)[len(_MAGIC) :][:_VERSION_BYTES], "big")

    def sealed_sha256(self, id_: str) -> bytes:
        """Gives the SHA-256 of what lies on the disk: it names a file without saying anything about what it holds."""
        with self._open(id_) as opened:
            return hashlib.file_digest(opened, "sha256").digest()

    def erase(self, id_: str) -> bool:
        """Takes a file off the disk, and says whether there was one."""
        path = self._path(id_)
        try:
            path.unlink()
        except FileNotFoundError:
            return False
        sync_folder(self._folder)
        return True

    def clear_halves(self, before: datetime) -> int:
        """Takes away what processes that were killed before that moment had begun to write; gives how many."""
        halves = [path for path in self._folder.glob(f"*{_HALF}") if path.stat().st_mtime < before.timestamp()]
        for half in halves:
            half.unlink(missing_ok=True)
        return len(halves)

    def _path(self, id_: str) -> Path:
        if not _ID.fullmatch(id_):
            remedy = f"Give 1 to {MAX_ID_CHARACTERS} of A-Z, a-z, 0-9, - and _."
            raise InvalidInputError(field="id", problem="is not the id of a sealed file.", remedy=remedy)
        return self._folder / f"{id_}{_WHOLE}"

    def _open(self, id_: str) -> BufferedReader:
        try:
            return self._path(id_).open("rb")
        except FileNotFoundError:
            raise NotFoundError("There is no sealed file of that id.") from None

    def _write(self, half: Path, id_: str, source: Source) -> SealedFile:
        key = self._keyring.newest()
        header = _MAGIC + key.version.to_bytes(_VERSION_BYTES, "big") + secrets.token_bytes(_SALT_BYTES)
        aead = AESGCM(key.file_key(header, id_))
        size, plain, sealed = 0, hashlib.sha256(), hashlib.sha256(header)
        descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(header)
            for number, (chunk, last) in enumerate(_with_last(source, CHUNK_BYTES)):
                ciphertext = aead.encrypt(_nonce(number, last=last), chunk, header)
                file.write(ciphertext)
                plain.update(chunk)
                sealed.update(ciphertext)
                size += len(chunk)
            file.flush()
            os.fsync(file.fileno())
        return SealedFile(size, plain.digest(), sealed.digest())

    def _chunks(self, id_: str) -> Iterator[bytes]:
        with self._open(id_) as opened:
            header = _header(opened)
            version = int.from_bytes(header[len(_MAGIC) :][:_VERSION_BYTES], "big")
            aead = AESGCM(self._keyring.of(version).file_key(header, id_))
            for number, (chunk, last) in enumerate(_with_last(opened, CHUNK_BYTES + _TAG_BYTES)):
                try:
                    yield aead.decrypt(_nonce(number, last=last), chunk, header)
                except (InvalidTag, ValueError):
                    raise SealedFileError(
                        "A sealed file does not open: it is damaged, cut off, or its keys are others. Restore it and "
                        "the keys that belong to it from their backups."
                    ) from None


def _header(opened: BufferedReader) -> bytes:
    header = opened.read(_HEADER_BYTES)
    if len(header) != _HEADER_BYTES or not header.startswith(_MAGIC):
        raise SealedFileError("A sealed file does not begin as one. Restore it from its backup.")
    return header


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(_COUNTER_BYTES, "big") + bytes([last])


def _with_last(source: Source, size: int) -> Iterator[tuple[bytes, bool]]:
    """Gives the parts of a stream, and of each whether it is the last. An empty stream is one empty part."""
    part = _full(source, size)
    while True:
        following = _full(source, size) if len(part) == size else b""
        yield part, not following
        if not following:
            return
        part = following


def _full(source: Source, size: int) -> bytes:
    """Gives `size` bytes, fewer only at the end: a raw stream may give less at a time."""
    parts: list[bytes] = []
    while size and (part := source.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
