"""One child process that decodes, seen from outside: it is fed bytes, timed, and replaced when it dies."""

from __future__ import annotations

import fcntl
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.media.child import ANSWER, PIPE_BYTES, REQUEST
from takeback.media.limits import Limits
from takeback.media.reasons import CODES, UnscannableReason

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Decoded:
    """What the child found: PDQ with its quality, and the stored size in pixels."""

    pdq: Fingerprint
    width: int
    height: int


class Child:
    """A decoder that may die. Used by one thread at a time."""

    def __init__(self, limits: Limits, *, quick: bool) -> None:
        self._limits, self._quick = limits, quick
        self._process: subprocess.Popen[bytes] | None = None
        self._files = 0

    @property
    def pid(self) -> int | None:
        """The process that will decode the next file, where one runs."""
        return None if self._process is None else self._process.pid

    def decode(self, content: bytes, meanwhile: Callable[[], T]) -> tuple[Decoded | UnscannableReason, T]:
        """Decodes one file, within the limits, and runs `meanwhile` while the child works; gives what both gave."""
        process, deadline = self._started(), time.monotonic() + self._limits.seconds
        sent = _send(process, content, deadline)
        other = meanwhile()
        answer = _receive(process, deadline) if sent else b""
        self._files += 1
        if len(answer) != ANSWER.size:
            in_time = time.monotonic() < deadline
            self.close()
            return (UnscannableReason.DECODER_DIED if in_time else UnscannableReason.TOO_SLOW), other
        code, value, quality, width, height = ANSWER.unpack(answer)
        if self._files >= self._limits.files_per_child:
            self.close()
        if code:
            return CODES[code], other
        return Decoded(Fingerprint(FingerprintType.PDQ, value, quality), width, height), other

    def close(self) -> None:
        """Ends the child, if one runs."""
        process, self._process, self._files = self._process, None, 0
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        process.wait()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            limits = (self._limits.memory_bytes, self._limits.pixels, self._limits.seconds)
            way = "quick" if self._quick else "canonical"
            self._process = subprocess.Popen(  # noqa: S603 - our own module in our own interpreter
                [sys.executable, "-I", "-m", "takeback.media.child", *map(str, limits), way],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={},
                close_fds=True,
            )
            if self._process.stdin is not None:
                os.set_blocking(self._process.stdin.fileno(), False)
                with suppress(OSError, AttributeError):  # Linux alone has it, and may allow less
                    fcntl.fcntl(self._process.stdin, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        return self._process


def _send(process: subprocess.Popen[bytes], content: bytes, deadline: float) -> bool:
    """Writes a request; false when the child does not take it in time, or is gone."""
    if process.stdin is None:
        return False
    pipe = process.stdin.fileno()
    rest = memoryview(REQUEST.pack(len(content)) + content)
    try:
        while rest:
            if not _ready(pipe, select.POLLOUT, deadline):
                return False
            rest = rest[os.write(pipe, rest) :]
    except OSError:  # the pipe broke
        return False
    return True


def _receive(process: subprocess.Popen[bytes], deadline: float) -> bytes:
    """Reads an answer; less of it when the child does not give it in time, or is gone."""
    if process.stdout is None:
        return b""
    pipe, answer = process.stdout.fileno(), b""
    while len(answer) < ANSWER.size and _ready(pipe, select.POLLIN, deadline):
        part = os.read(pipe, ANSWER.size - len(answer))
        if not part:
            break
        answer += part
    return answer


def _ready(pipe: int, event: int, deadline: float) -> bool:
    poll = select.poll()
    poll.register(pipe, event)
    return bool(poll.poll(max(0.0, deadline - time.monotonic()) * 1000))
