"""The radius index as one flat file, mapped into memory, so that processes share it.

    head    magic (8 bytes) · CRC-32 of the rest of the head · version · bytes of head · of JSON (4 each) · JSON
    parts   as the C core has them, each on a page
    CRC-32 of each mebibyte of the parts, 4 bytes each

It is written beside the old one, synced, and put in its place by a rename, so that there is always a whole one.

Opening reads and proves only the first pages; `verify` proves all of it. Whatever stands in a damaged file, nothing
outside of it is read.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import struct
import zlib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from takeback.errors import IndexFileError, UnavailableError
from takeback.fingerprints._native import core
from takeback.matching.parts import Part, address_of

MAGIC = b"TBRADIUS"
VERSION = 1
_START = struct.Struct("<8sIIII")
_PAGE = 4096
#: Bytes of parts that one checksum is over.
BLOCK_BYTES = 1 << 20


class ListDirectory(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One list: its radius in bits, and the offset and size of each of its parts in bytes."""

    radius: int
    parts: list[tuple[int, int]]


class Directory(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands where. `stamp` is the writer's own: what the content is as of."""

    lists: dict[str, ListDirectory]
    stamp: str
    parts_end: int  # where the checksums begin
    checksums: int  # CRC-32 of the checksums


class IndexFile:
    """An open file. Kept alive by its parts; the system unmaps it when the last of them is gone."""

    def __init__(self, path: Path) -> None:
        with _opened(path) as file:
            try:
                self._map = mmap.mmap(
                    file, 0, access=mmap.ACCESS_COPY
                )  # never written; ctypes asks for writable memory
            except ValueError:
                raise _damaged("is empty") from None
        self.directory, self._begin = _read_directory(self._map)
        self._given_up = False
        address = address_of(self._map)
        self.lists = {
            name: (one.radius, [self._part(address, *where) for where in one.parts])
            for name, one in self.directory.lists.items()
        }

    def _part(self, address: int, offset: int, size: int) -> Part:
        inside = self._begin <= offset <= offset + size <= self.directory.parts_end and offset % _PAGE == 0
        if not inside or core().tb_radius_check(address + offset, size):
            raise _damaged("has a part that is none")
        return Part(self._map, address + offset, size, file=True)

    def verify(self) -> None:
        """Reads everything once, and raises IndexFileError when a bit is not as it was written."""
        with memoryview(self._map) as content:
            end, checksums = self.directory.parts_end, array("I")
            checksums.frombytes(content[end:])
            for block, checksum in zip(range(self._begin, end, BLOCK_BYTES), checksums, strict=True):
                if self._given_up:
                    return
                if zlib.crc32(content[block : min(block + BLOCK_BYTES, end)]) != checksum:
                    raise _damaged("has changed since it was written")

    def give_up(self) -> None:
        """Ends what `verify` is doing in another thread: nobody asks any more."""
        self._given_up = True


def write(path: Path, lists: Mapping[str, tuple[int, Sequence[Part]]], stamp: str) -> None:
    """Puts a file with these lists in place of what is there; what was there before is gone when this returns.

    Processes that have it mapped keep it until they open the new one. Raises UnavailableError if that does not work.
    """
    try:
        _write(path, lists, stamp)
    except OSError as error:
        raise UnavailableError(f"The index file cannot be written ({error.strerror}).") from None


def _write(path: Path, lists: Mapping[str, tuple[int, Sequence[Part]]], stamp: str) -> None:
    with _new_file(path) as (new, file):
        directory, begin = _laid_out(lists, stamp)
        os.ftruncate(file, 0)
        os.lseek(file, begin, os.SEEK_SET)
        checksums, at = _Checksums(), begin
        for name, (_, parts) in lists.items():
            for (offset, _), part in zip(directory.lists[name].parts, parts, strict=True):
                for piece in (memoryview(bytes(offset - at)), part.bytes):
                    checksums.add(piece)
                    _write_all(file, piece)
                at = offset + part.size
        _write_all(file, memoryview(packed := checksums.packed()))
        _write_all(
            file, memoryview(_head(msgspec.structs.replace(directory, checksums=zlib.crc32(packed)), begin)), at=0
        )
        os.fsync(file)
        new.rename(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def remove_leftover(path: Path) -> None:
    """Removes what a writer left that was killed: it may hold what has been withdrawn since."""
    if path.with_name(path.name + ".new").exists():
        with suppress(UnavailableError), _new_file(path) as (new, _):  # one that is still writing is no leftover
            new.unlink()


class _Checksums:
    """CRC-32 of each block of a stream."""

    def __init__(self) -> None:
        self._done, self._crc, self._open = array("I"), 0, 0

    def add(self, piece: memoryview) -> None:
        at = 0
        while at < len(piece):
            taken = piece[at : at + BLOCK_BYTES - self._open]
            self._crc = zlib.crc32(taken, self._crc)
            self._open, at = self._open + len(taken), at + len(taken)
            if self._open == BLOCK_BYTES:
                self._done.append(self._crc)
                self._crc = self._open = 0

    def packed(self) -> bytes:
        return (self._done + array("I", [self._crc] if self._open else [])).tobytes()


def _laid_out(lists: Mapping[str, tuple[int, Sequence[Part]]], stamp: str) -> tuple[Directory, int]:
    """Gives where everything goes, and where the parts begin, which depends on how long the first answer is."""
    begin = _PAGE
    while True:
        at, laid = begin, {}
        for name, (radius, parts) in lists.items():
            places = []
            for part in parts:
                at = _page_after(at)
                places.append((at, part.size))
                at += part.size
            laid[name] = ListDirectory(radius, places)
        directory = Directory(laid, stamp, at, 2**32 - 1)
        needed = _page_after(_START.size + len(msgspec.json.encode(directory)))
        if needed <= begin:
            return directory, begin
        begin = needed


def _page_after(at: int) -> int:
    return (at + _PAGE - 1) // _PAGE * _PAGE


def _head(directory: Directory, size: int) -> bytes:
    text = msgspec.json.encode(directory)
    rest = (struct.pack("<III", VERSION, size, len(text)) + text).ljust(size - 12, b"\0")
    return MAGIC + struct.pack("<I", zlib.crc32(rest)) + rest


def _read_directory(content: mmap.mmap) -> tuple[Directory, int]:
    if len(content) < _PAGE:
        raise _damaged("is cut short")
    magic, checksum, version, size, text = _START.unpack_from(content)
    if magic != MAGIC:
        raise _damaged("is no such file")
    if version != VERSION:
        raise IndexFileError(
            f"The index file is of version {version}, and this takeback reads {VERSION}. Delete it: it is made anew."
        )
    if not _START.size + text <= size <= len(content) or zlib.crc32(content[12:size]) != checksum:
        raise _damaged("does not begin as it was written")
    try:
        directory = msgspec.json.decode(content[_START.size : _START.size + text], type=Directory)
    except msgspec.DecodeError:
        raise _damaged("has no directory") from None
    end = directory.parts_end
    blocks = -(-(end - size) // BLOCK_BYTES)
    if end < size or len(content) != end + 4 * blocks:
        raise _damaged("is not as long as it was written")
    if zlib.crc32(content[end:]) != directory.checksums:
        raise _damaged("does not end as it was written")
    return directory, size


def _damaged(how: str) -> IndexFileError:
    return IndexFileError(f"The index file {how}. Delete it: it is made anew from the list.")


def _write_all(file: int, content: memoryview, *, at: int | None = None) -> None:
    if at is not None:
        os.lseek(file, at, os.SEEK_SET)
    while content:
        content = content[os.write(file, content) :]


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    try:
        file = os.open(path, os.O_RDONLY)
    except OSError as error:
        raise IndexFileError(f"The index file cannot be opened ({error.strerror}).") from None
    try:
        yield file
    finally:
        os.close(file)


@contextmanager
def _new_file(path: Path) -> Iterator[tuple[Path, int]]:
    """Opens the file that will replace `path`, for one process at a time."""
    new = path.with_name(path.name + ".new")
    while True:
        file = os.open(new, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            raise UnavailableError("Another process is writing this index. Try again when it is done.") from None
        if new.exists() and new.stat().st_ino == os.fstat(file).st_ino:
            break
        os.close(file)  # meanwhile another process has put it in place: begin a new one
    try:
        yield new, file
    finally:
        os.close(file)
