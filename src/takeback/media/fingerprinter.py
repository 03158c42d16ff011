"""A file's fingerprints: exact ones here, the perceptual one from pixels that only a child process ever decodes."""

from __future__ import annotations

import io
import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar

from takeback.closing import Closing
from takeback.fingerprints.evidence import MIN_PDQ_QUALITY, says_too_little
from takeback.fingerprints.exact import CHUNK_BYTES, exact_fingerprints
from takeback.fingerprints.types import Fingerprint
from takeback.media.limits import Limits
from takeback.media.reasons import UnscannableReason
from takeback.media.sandbox import Child, Decoded
from takeback.media.sniff import SNIFF_BYTES, image_format

T = TypeVar("T")

#: What a file may be given as.
Source = str | Path | bytes | BinaryIO


@dataclass(frozen=True, slots=True)
class Fingerprinted:
    """A picture's fingerprints: md5, sha256, and pdq where the picture has enough detail. Size in stored pixels."""

    fingerprints: tuple[Fingerprint, ...]
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Unscannable:
    """There is no perceptual fingerprint, and why. The exact ones are there whenever the file could be read."""

    reason: UnscannableReason
    exact: tuple[Fingerprint, ...] = ()


class Fingerprinter(Closing):
    """Makes fingerprints. Safe to use from several threads; end it with `close`, or use it as a context manager.

    `quick` is for asking a list, never for putting on it: PDQ of a JPEG then comes from its luma alone, in a third of
    the time and within a few bits of the canonical value (spec/canonical-image.md).
    """

    def __init__(self, limits: Limits | None = None, *, quick: bool = False) -> None:
        self._limits = limits or Limits()
        self._idle: queue.SimpleQueue[Child] = queue.SimpleQueue()
        self._children = [Child(self._limits, quick=quick) for _ in range(self._limits.children)]
        for child in self._children:
            self._idle.put(child)

    def close(self) -> None:
        """Ends the children; a later file would start one again."""
        for child in self._children:
            child.close()

    def fingerprint(self, source: Source) -> Fingerprinted | Unscannable:
        """Gives the fingerprints of a path, bytes or binary file (from its position on). Never raises for bad media."""
        with _opened(source) as file:
            content = _beginning(file, self._limits.file_bytes + 1)
            refused = self._refusal(content)
            if refused is not None:
                return Unscannable(refused, exact_fingerprints(_Joined(content, file)) if content else ())
        found, exact = self._decoded(content, lambda: exact_fingerprints(io.BytesIO(content)))
        if isinstance(found, UnscannableReason):
            return Unscannable(found, exact)
        pdq = found.pdq
        enough = pdq.quality is not None and pdq.quality >= MIN_PDQ_QUALITY and says_too_little(pdq.value) is None
        return Fingerprinted((*exact, pdq) if enough else exact, found.width, found.height)

    def _refusal(self, content: bytes) -> UnscannableReason | None:
        if not content:
            return UnscannableReason.EMPTY
        if len(content) > self._limits.file_bytes:
            return UnscannableReason.TOO_MANY_BYTES
        return None if image_format(content[:SNIFF_BYTES]) else UnscannableReason.UNSUPPORTED_FORMAT

    def _decoded(self, content: bytes, meanwhile: Callable[[], T]) -> tuple[Decoded | UnscannableReason, T]:
        child = self._idle.get()
        try:
            return child.decode(content, meanwhile)
        finally:
            self._idle.put(child)


def _beginning(file: BinaryIO, size: int) -> bytes:
    """Gives at most `size` bytes, read in parts: one large read would reserve all of it for the smallest file."""
    parts: list[bytes] = []
    while size and (part := file.read(min(CHUNK_BYTES, size))):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


class _Joined:
    """What was read already, followed by the rest of the file, so that a huge file is hashed at flat memory."""

    def __init__(self, begin: bytes, rest: BinaryIO) -> None:
        self._begin, self._rest = io.BytesIO(begin), rest

    def read(self, size: int, /) -> bytes:
        return self._begin.read(size) or self._rest.read(size)


@contextmanager
def _opened(source: Source) -> Iterator[BinaryIO]:
    if isinstance(source, bytes):
        yield io.BytesIO(source)
    elif isinstance(source, str | Path):
        with Path(source).open("rb") as file:
            yield file
    else:
        yield source
