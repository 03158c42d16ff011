"""The child process that decodes: one file after the other over its standard streams, under hard limits.

Request: 8 bytes length, then the file. Answer: one code byte (0: fingerprinted, else a reason), and for 0 the PDQ
value, its quality and the stored size. Nothing else leaves it; its standard error goes nowhere.
"""

from __future__ import annotations

import io
import resource
import struct
import sys
from typing import BinaryIO

from PIL import Image

from takeback.media.canonical import fingerprint_pixels
from takeback.media.failures import DamagedError, TooManyPixelsError, UnsupportedFormatError
from takeback.media.reasons import CODE_OF, UnscannableReason

REQUEST = struct.Struct(">Q")
ANSWER = struct.Struct(">B32sBII")
#: A small picture crosses in one write.
PIPE_BYTES = 1 << 20
_OPEN_FILES = 16


def answer_for(content: bytes, *, max_pixels: int, quick: bool) -> bytes:
    """Gives the answer for one file."""
    try:
        fingerprint, width, height = fingerprint_pixels(content, max_pixels=max_pixels, quick=quick)
    except UnsupportedFormatError:
        return _refusal(UnscannableReason.UNSUPPORTED_FORMAT)
    except TooManyPixelsError:
        return _refusal(UnscannableReason.TOO_MANY_PIXELS)
    except DamagedError:
        return _refusal(UnscannableReason.DAMAGED)
    except MemoryError:
        return _refusal(UnscannableReason.TOO_MUCH_MEMORY)
    return ANSWER.pack(0, fingerprint.value, fingerprint.quality or 0, width, height)


def serve(requests: BinaryIO, answers: BinaryIO, *, max_pixels: int, seconds: float, quick: bool) -> None:
    """Answers until the requests end."""
    while len(header := requests.read(REQUEST.size)) == REQUEST.size:
        content = requests.read(REQUEST.unpack(header)[0])
        _allow_cpu(seconds)
        answers.write(answer_for(content, max_pixels=max_pixels, quick=quick))
        answers.flush()


def _refusal(reason: UnscannableReason) -> bytes:
    return ANSWER.pack(CODE_OF[reason], bytes(32), 0, 0, 0)


def _allow_cpu(seconds: float) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + seconds) + 1, hard))


def _limit(memory_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))


def main() -> None:
    """Serves on the standard streams; the arguments are memory bytes, pixels, seconds, and "quick" or "canonical"."""
    memory_bytes, max_pixels, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    quick = sys.argv[4] == "quick"
    fingerprint_pixels(_warm_up(), max_pixels=max_pixels)  # plugins and core are loaded before files are limited
    _limit(memory_bytes)
    serve(sys.stdin.buffer, sys.stdout.buffer, max_pixels=max_pixels, seconds=seconds, quick=quick)


def _warm_up() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    return out.getvalue()


if __name__ == "__main__":
    main()
