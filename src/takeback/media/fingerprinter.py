"""A file's fingerprints: exact ones here, the perceptual one from pixels that only a child process ever decodes."""

from __future__ import annotations

import io
import queue
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from msgspec.structs import replace

from takeback.closing import Closing
from takeback.fingerprints.edits import Protection
from takeback.fingerprints.evidence import says_enough
from takeback.fingerprints.exact import CHUNK_BYTES, exact_fingerprints
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.fingerprints.variants import Effort, is_part
from takeback.media.found import Found
from takeback.media.limits import Limits
from takeback.media.reasons import UnscannableReason
from takeback.media.sandbox import Child
from takeback.media.sniff import SNIFF_BYTES, film_format, image_format
from takeback.media.way import Way
from takeback.model.entry import Kind

#: What a file may be given as.
Source = str | Path | bytes | IO[bytes]


@dataclass(frozen=True, slots=True)
class Fingerprinted:
    """A file's fingerprints: md5, sha256, pdq where a picture has enough detail, vpdq for the frames of what moves.

    Where they are asked for, those of its edits or variants stand behind its own. Size in stored pixels. `complete` is
    false where frames were left out: time ran out, or the rest is damaged.
    """

    kind: Kind
    fingerprints: tuple[Fingerprint, ...]
    width: int
    height: int
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Unscannable:
    """There is no perceptual fingerprint, and why. The exact ones are there whenever the file could be read."""

    reason: UnscannableReason
    exact: tuple[Fingerprint, ...] = ()


class Fingerprinter(Closing):
    """Makes fingerprints. Safe to use from several threads; end it with `close`, or use it as a context manager.

    `quick` is for asking a list, never for putting on it: PDQ of a JPEG then comes from its luma alone, in a third of
    the time and within a few bits of the canonical value (spec/canonical-image.md), and films give more frames a
    second, each as often as it is shown (spec/film.md); `effort` says which variants of the upload are made beside it.
    Otherwise `protection` says which simulated edits of a picture are (spec/intake.md).
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        quick: bool = False,
        protection: Protection = Protection.PLAIN,
        effort: Effort = Effort.PLAIN,
    ) -> None:
        way = Way(quick, protection, effort)
        self._limits, self._quick = limits or Limits(), quick
        self._idle: queue.SimpleQueue[Child] = queue.SimpleQueue()
        self._children = [Child(self._limits, way) for _ in range(self._limits.children)]
        for child in self._children:
            self._idle.put(child)

    def close(self) -> None:
        """Ends the children; a later file would start one again."""
        for child in self._children:
            child.close()

    def fingerprint(self, source: Source) -> Fingerprinted | Unscannable:
        """Gives the fingerprints of a path, bytes or binary file (from its position on). Never raises for bad media."""
        with _opened(source) as file:
            begin = _beginning(file, SNIFF_BYTES)
            if film_format(begin):
                with _whole(source, begin, file) as whole:
                    return self._of_film(whole)
            return self._of_picture(begin + _beginning(file, self._limits.file_bytes + 1 - len(begin)), file)

    def _of_film(self, file: IO[bytes]) -> Fingerprinted | Unscannable:
        if file.seek(0, io.SEEK_END) > self._limits.film_bytes:
            file.seek(0)
            return Unscannable(UnscannableReason.TOO_MANY_BYTES, exact_fingerprints(file))
        file.seek(0)
        with self._child() as child:
            found, exact = child.film(file.fileno(), lambda: exact_fingerprints(file))
        return _made(Kind.VIDEO, found, exact, quick=self._quick)

    def _of_picture(self, content: bytes, rest: IO[bytes]) -> Fingerprinted | Unscannable:
        refused = self._refusal(content)
        if refused is not None:
            return Unscannable(refused, exact_fingerprints(_Joined(content, rest)) if content else ())
        with self._child() as child:
            found, exact = child.picture(content, lambda: exact_fingerprints(io.BytesIO(content)))
        return _made(Kind.IMAGE, found, exact, quick=self._quick)

    def _refusal(self, content: bytes) -> UnscannableReason | None:
        if not content:
            return UnscannableReason.EMPTY
        if len(content) > self._limits.file_bytes:
            return UnscannableReason.TOO_MANY_BYTES
        return None if image_format(content[:SNIFF_BYTES]) else UnscannableReason.UNSUPPORTED_FORMAT

    @contextmanager
    def _child(self) -> Iterator[Child]:
        child = self._idle.get()
        try:
            yield child
        finally:
            self._idle.put(child)


def _made(
    kind: Kind, found: Found | UnscannableReason, exact: tuple[Fingerprint, ...], *, quick: bool
) -> Fingerprinted | Unscannable:
    if isinstance(found, UnscannableReason):
        return Unscannable(found, exact)
    picture = [] if found.pdq is None else [one for one in (found.pdq, *found.parts) if _counts(one)]
    frames = [replace(frame, type=FingerprintType.VPDQ, at=at) for at, frame in found.frames if _counts(frame)]
    if not quick:  # what is shown more than once is listed once, when it is first shown
        frames = _first_of_each(frames)
    return Fingerprinted(kind, (*exact, *_first_of_each(picture), *frames), found.width, found.height, found.complete)


def _counts(pdq: Fingerprint) -> bool:
    return says_enough(pdq, part=is_part(pdq))


def _first_of_each(prints: list[Fingerprint]) -> list[Fingerprint]:
    return list({one.value: one for one in reversed(prints)}.values())[::-1]


def _beginning(file: IO[bytes], size: int) -> bytes:
    """Gives at most `size` bytes, read in parts: one large read would reserve all of it for the smallest file."""
    parts: list[bytes] = []
    while size and (part := file.read(min(CHUNK_BYTES, size))):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


class _Joined:
    """What was read already, followed by the rest of the file, so that a huge file is hashed at flat memory."""

    def __init__(self, begin: bytes, rest: IO[bytes]) -> None:
        self._begin, self._rest = io.BytesIO(begin), rest

    def read(self, size: int, /) -> bytes:
        return self._begin.read(size) or self._rest.read(size)


@contextmanager
def _whole(source: Source, begin: bytes, rest: IO[bytes]) -> Iterator[IO[bytes]]:
    """The file itself where it has a path, otherwise a nameless copy: a film is read here and there."""
    if isinstance(source, str | Path):
        yield rest
        return
    with tempfile.TemporaryFile() as copy:
        copy.write(begin)
        shutil.copyfileobj(rest, copy, CHUNK_BYTES)
        copy.flush()
        yield copy


@contextmanager
def _opened(source: Source) -> Iterator[IO[bytes]]:
    if isinstance(source, bytes):
        yield io.BytesIO(source)
    elif isinstance(source, str | Path):
        with Path(source).open("rb") as file:
            yield file
    else:
        yield source
