"""One child process that decodes, seen from outside: it is fed bytes, timed, and replaced when it dies."""

from __future__ import annotations

import fcntl
import json
import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from typing import TypeVar

from takeback.fingerprints.edits import EDIT_NAMES
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.media.child import ANSWER, FILM, NAMES, PICTURE, PIPE_BYTES, RECORD, REQUEST
from takeback.media.found import Found
from takeback.media.limits import Limits
from takeback.media.reasons import CODES, UnscannableReason
from takeback.media.way import Way

T = TypeVar("T")

#: The child's allocator (glibc's) keeps what one picture needed for the next one: to give it back and be given it anew,
#: page by page, costs a quarter of a small picture's time.
_KEEPING_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(32 << 20), "MALLOC_TRIM_THRESHOLD_": str(128 << 20)}  # bytes


class Child:
    """A decoder that may die. Used by one thread at a time."""

    def __init__(self, limits: Limits, way: Way) -> None:
        self._limits, self._way = limits, way
        self._process: subprocess.Popen[bytes] | None = None
        self._files = 0
        self._films: socket.socket | None = None

    @property
    def pid(self) -> int | None:
        """The process that will decode the next file, where one runs."""
        return None if self._process is None else self._process.pid

    def picture(self, content: bytes, meanwhile: Callable[[], T]) -> tuple[Found | UnscannableReason, T]:
        """Decodes a picture within the limits, and runs `meanwhile` while the child works; gives what both gave."""
        return self._ask(lambda process, deadline: _send(process, content, deadline), self._limits.seconds, meanwhile)

    def film(self, file: int, meanwhile: Callable[[], T]) -> tuple[Found | UnscannableReason, T]:
        """The same for a film, by its descriptor: the child reads it from the beginning, without moving it."""

        def send(process: subprocess.Popen[bytes], deadline: float) -> bool:
            if self._films is None:
                return False
            try:
                socket.send_fds(self._films, [b"f"], [file])
            except OSError:
                return False
            return _write(process, REQUEST.pack(FILM, 0), deadline)

        return self._ask(send, self._limits.film_seconds + self._limits.seconds, meanwhile)

    def _ask(
        self,
        send: Callable[[subprocess.Popen[bytes], float], bool],
        seconds: float,
        meanwhile: Callable[[], T],
    ) -> tuple[Found | UnscannableReason, T]:
        process, deadline = self._started(), time.monotonic() + seconds
        sent = send(process, deadline)
        other = meanwhile()
        found = _received(process, deadline) if sent else None
        self._files += 1
        if found is None:
            in_time = time.monotonic() < deadline
            self.close()
            return (UnscannableReason.DECODER_DIED if in_time else UnscannableReason.TOO_SLOW), other
        if self._files >= self._limits.files_per_child:
            self.close()
        return found, other

    def close(self) -> None:
        """Ends the child, if one runs."""
        process, self._process, self._files = self._process, None, 0
        if process is None:
            return
        process.kill()
        if self._films is not None:
            self._films.close()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        process.wait()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._films, theirs = socket.socketpair()
            limits, way = json.dumps(asdict(self._limits)), self._way.as_json()
            with theirs:
                self._process = subprocess.Popen(  # noqa: S603 - our own module in our own interpreter
                    [sys.executable, "-I", "-m", "takeback.media.child", limits, way, str(theirs.fileno())],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env=_KEEPING_MEMORY,
                    pass_fds=(theirs.fileno(),),
                )
            if self._process.stdin is not None:
                os.set_blocking(self._process.stdin.fileno(), False)
                with suppress(OSError, AttributeError):  # Linux alone has it, and may allow less
                    fcntl.fcntl(self._process.stdin, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        return self._process


def _send(process: subprocess.Popen[bytes], content: bytes, deadline: float) -> bool:
    return _write(process, REQUEST.pack(PICTURE, len(content)) + content, deadline)


def _write(process: subprocess.Popen[bytes], request: bytes, deadline: float) -> bool:
    """Writes a request; false when the child does not take it in time, or is gone."""
    if process.stdin is None:
        return False
    pipe = process.stdin.fileno()
    rest = memoryview(request)
    try:
        while rest:
            try:
                rest = rest[os.write(pipe, rest) :]
            except BlockingIOError:
                if not _ready(pipe, select.POLLOUT, deadline):
                    return False
    except OSError:  # the pipe broke
        return False
    return True


def _received(process: subprocess.Popen[bytes], deadline: float) -> Found | UnscannableReason | None:
    """Reads an answer; None when the child does not give it in time, or is gone."""
    head = _read(process, ANSWER.size, deadline)
    if len(head) != ANSWER.size:
        return None
    code, complete, width, height, of_picture, of_frames = ANSWER.unpack(head)
    if code:
        return CODES[code]
    size = (of_picture + of_frames) * RECORD.size
    records = _read(process, size, deadline)
    if len(records) != size:
        return None
    found = [(seconds, _fingerprint(*rest)) for seconds, *rest in RECORD.iter_unpack(records)]
    picture = tuple(one for _, one in found[:of_picture])
    pdq = picture[0] if picture else None
    return Found(pdq, tuple(found[of_picture:]), width, height, complete, picture[1:])


def _fingerprint(code: int, quality: int, value: bytes) -> Fingerprint:
    name = NAMES[code] or None
    edit, variant = (name, None) if name in EDIT_NAMES else (None, name)
    return Fingerprint(FingerprintType.PDQ, value, quality, edit=edit, variant=variant)


def _read(process: subprocess.Popen[bytes], size: int, deadline: float) -> bytes:
    """Reads so many bytes; fewer when they do not come in time, or the child is gone."""
    if process.stdout is None:
        return b""
    pipe, read = process.stdout.fileno(), bytearray()
    while len(read) < size and _ready(pipe, select.POLLIN, deadline):
        part = os.read(pipe, min(size - len(read), PIPE_BYTES))
        if not part:
            break
        read += part
    return bytes(read)


def _ready(pipe: int, event: int, deadline: float) -> bool:
    poll = select.poll()
    poll.register(pipe, event)
    return bool(poll.poll(max(0.0, deadline - time.monotonic()) * 1000))
