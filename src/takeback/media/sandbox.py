"""One child process that decodes, seen from outside: it is fed bytes, timed, and replaced when it dies."""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass

from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.media.child import ANSWER, REQUEST
from takeback.media.limits import Limits
from takeback.media.reasons import CODES, UnscannableReason


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

    def decode(self, content: bytes) -> Decoded | UnscannableReason:
        """Decodes one file, within the limits."""
        process = self._started()
        timed_out = threading.Event()

        def give_up() -> None:
            timed_out.set()
            process.kill()

        timer = threading.Timer(self._limits.seconds, give_up)
        timer.start()
        try:
            answer = _ask(process, content)
        finally:
            timer.cancel()
        self._files += 1
        if len(answer) == ANSWER.size:
            code, value, quality, width, height = ANSWER.unpack(answer)
            if self._files >= self._limits.files_per_child:
                self.close()
            return CODES[code] if code else Decoded(Fingerprint(FingerprintType.PDQ, value, quality), width, height)
        self.close()
        return UnscannableReason.TOO_SLOW if timed_out.is_set() else UnscannableReason.DECODER_DIED

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
        return self._process


def _ask(process: subprocess.Popen[bytes], content: bytes) -> bytes:
    if process.stdin is None or process.stdout is None:
        return b""
    try:
        process.stdin.write(REQUEST.pack(len(content)))
        process.stdin.write(content)
        process.stdin.flush()
        return process.stdout.read(ANSWER.size)
    except OSError:  # the pipe broke: the child is gone
        return b""
