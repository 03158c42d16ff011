"""A picture for a person to look at, made by a child process as all decoding is: small, and blurred and grey at first.

What comes back is a PNG that was drawn anew: nothing of the file itself reaches a browser. A film gives a few still
frames side by side; nothing moves and nothing sounds.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass

from takeback.media.limits import Limits
from takeback.media.reasons import CODES, UnscannableReason


@dataclass(frozen=True, slots=True)
class Shown:
    """How it is to be shown: the longer side in pixels, whether blurred and grey, and how many frames of a film."""

    side: int
    blurred: bool
    frames: int = 4


def show(content: bytes, shown: Shown, limits: Limits | None = None) -> bytes | UnscannableReason:
    """Gives a PNG of a picture or film, or why there is none. Blocks for as long as the limits allow."""
    limits = limits or Limits()
    if len(content) > limits.file_bytes:
        return UnscannableReason.TOO_MANY_BYTES
    words = [json.dumps(asdict(limits)), json.dumps(asdict(shown))]
    try:
        done = subprocess.run(  # noqa: S603 - our own module in our own interpreter
            [sys.executable, "-I", "-m", "takeback.media.showing_child", *words],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            timeout=limits.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return UnscannableReason.TOO_SLOW
    if done.returncode or not done.stdout:
        return UnscannableReason.DECODER_DIED
    return CODES[done.stdout[0]] if done.stdout[0] else done.stdout[1:]
