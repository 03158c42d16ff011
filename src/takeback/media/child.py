"""The child process that decodes: one file after the other, under hard limits.

Request: `REQUEST` on the standard input, then a picture's bytes; a film stays a file, whose descriptor comes over the
socket. Answer: `ANSWER`, then its records: the picture's own PDQ first, where there is one, then those of frames.
Nothing else leaves it; its standard error goes nowhere.
"""

from __future__ import annotations

import io
import json
import os
import resource
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable
from typing import BinaryIO

from PIL import Image

from takeback.fingerprints.edits import EDIT_NAMES
from takeback.fingerprints.evidence import MAX_FILM_FRAMES
from takeback.fingerprints.types import Fingerprint
from takeback.fingerprints.variants import VARIANTS
from takeback.media.canonical import fingerprint_pixels
from takeback.media.failures import DamagedError, TooManyPixelsError, UnsupportedFormatError
from takeback.media.found import Found
from takeback.media.limits import Limits
from takeback.media.reasons import CODE_OF, UnscannableReason
from takeback.media.sniff import SNIFF_BYTES, film_format
from takeback.media.way import Way

#: What it is, and how many bytes of a picture follow.
REQUEST = struct.Struct(">BQ")
PICTURE, FILM = range(2)
#: Reason (0: there is none), whether the first record is a picture's, whether all was seen, width, height, records of
#: the picture, of frames.
ANSWER = struct.Struct(">B?IIII")
#: Whole seconds, which of `NAMES` it is, quality, PDQ.
RECORD = struct.Struct(">IHB32s")
#: The picture or frame itself, then its edits and variants.
NAMES = ("", *sorted(EDIT_NAMES), *VARIANTS)
_CODES = {name: code for code, name in enumerate(NAMES)}
#: A small picture crosses in one write.
PIPE_BYTES = 1 << 20
_OPEN_FILES = 16


class Decoder:
    """Decodes one file after the other within the limits."""

    def __init__(self, limits: Limits, way: Way) -> None:
        self._limits, self._way = limits, way
        self._frames = limits.film_frames if way.quick else MAX_FILM_FRAMES

    def picture(self, content: bytes) -> bytes:
        """Gives the answer for a picture's bytes. Half of its time is for its frames, where it moves."""
        until = time.monotonic() + self._limits.seconds / 2
        allow_cpu(self._limits.seconds)
        return _answer(
            lambda: fingerprint_pixels(
                content, max_pixels=self._limits.pixels, most=self._frames, until=until, way=self._way
            )
        )

    def film(self, file: BinaryIO) -> bytes:
        """Gives the answer for a film."""
        until = time.monotonic() + self._limits.film_seconds
        allow_cpu(self._limits.film_seconds + self._limits.seconds)
        return _answer(lambda: self._film(file, until))

    def _film(self, file: BinaryIO, until: float) -> Found:
        try:
            from takeback.media.film import fingerprint_film  # noqa: PLC0415 - the extra `video`, large and seldom needed
        except ImportError:
            raise UnsupportedFormatError from None
        format_ = film_format(file.read(SNIFF_BYTES))
        if format_ is None:
            raise UnsupportedFormatError
        file.seek(0)
        limits = {"max_pixels": self._limits.pixels, "most": self._frames}
        return fingerprint_film(file, format_, **limits, until=until, way=self._way)


def _answer(decode: Callable[[], Found]) -> bytes:
    try:
        found = decode()
    except UnsupportedFormatError:
        return _refusal(UnscannableReason.UNSUPPORTED_FORMAT)
    except TooManyPixelsError:
        return _refusal(UnscannableReason.TOO_MANY_PIXELS)
    except DamagedError:
        return _refusal(UnscannableReason.DAMAGED)
    except MemoryError:
        return _refusal(UnscannableReason.TOO_MUCH_MEMORY)
    picture = () if found.pdq is None else (found.pdq, *found.parts)
    records = [_record(0, one) for one in picture]
    records += [_record(seconds, frame) for seconds, frame in found.frames]
    head = ANSWER.pack(0, found.complete, found.width, found.height, len(picture), len(found.frames))
    return head + b"".join(records)


def _refusal(reason: UnscannableReason) -> bytes:
    return ANSWER.pack(CODE_OF[reason], 0, 0, 0, 0, 0)


def _record(seconds: int, fingerprint: Fingerprint) -> bytes:
    return RECORD.pack(
        min(seconds, 2**32 - 1),
        _CODES[fingerprint.edit or fingerprint.variant or ""],
        fingerprint.quality or 0,
        fingerprint.value,
    )


class _OneFile(io.RawIOBase):
    """A file by a descriptor whose position others may move."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor, self._at = descriptor, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        part = os.pread(self._descriptor, len(buffer), self._at)
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: os.fstat(self._descriptor).st_size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def close(self) -> None:
        if not self.closed:
            os.close(self._descriptor)
        super().close()


def serve(decoder: Decoder, requests: BinaryIO, answers: BinaryIO, films: socket.socket) -> None:
    """Answers until the requests end."""
    while len(header := requests.read(REQUEST.size)) == REQUEST.size:
        what, size = REQUEST.unpack(header)
        if what == FILM:
            _, [descriptor], _, _ = socket.recv_fds(films, 1, 1)
            with _OneFile(descriptor) as file:
                answers.write(decoder.film(file))  # type: ignore[arg-type]
        else:
            answers.write(decoder.picture(requests.read(size)))
        answers.flush()


def allow_cpu(seconds: float) -> None:
    """Has the process die when it computes for longer, from now on."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time() + seconds) + 1, hard))


def confine(memory_bytes: int) -> None:
    """Takes from this process what decoding needs not: more memory than that, files, and room on the disk."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))


def main() -> None:
    """Serves on the standard streams; the arguments are limits, the way as JSON, and the socket."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all; the parent decides
    limits, way = Limits(**json.loads(sys.argv[1])), Way.from_json(sys.argv[2])
    decoder = Decoder(limits, way)
    decoder.picture(_warm_up())  # plugins and core are loaded before files are limited
    confine(limits.memory_bytes)
    with socket.socket(fileno=int(sys.argv[3])) as films:
        serve(decoder, sys.stdin.buffer, sys.stdout.buffer, films)


def _warm_up() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    return out.getvalue()


if __name__ == "__main__":
    main()
