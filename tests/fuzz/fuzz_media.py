"""Coverage-guided: whatever the bytes are, decoding ends in a fingerprint or in one of our three errors."""

from __future__ import annotations

import logging
import sys
import warnings
from contextlib import suppress

import atheris

with atheris.instrument_imports(include=["takeback.media", "takeback.fingerprints", "PIL"]):
    from takeback.media.canonical import (
        DamagedImageError,
        TooManyPixelsError,
        UnsupportedFormatError,
        fingerprint_pixels,
    )

MAX_PIXELS = 1_000_000

logging.disable()
warnings.simplefilter("ignore")  # Pillow says much of what is wrong with a TIFF


def decode(content: bytes) -> None:
    """One input; its first byte chooses the way."""
    with suppress(DamagedImageError, TooManyPixelsError, UnsupportedFormatError, MemoryError):
        fingerprint, width, height = fingerprint_pixels(
            content[1:], max_pixels=MAX_PIXELS, quick=bool(content[:1] > b"\x7f")
        )
        assert len(fingerprint.value) == 32
        assert width * height <= MAX_PIXELS


atheris.Setup(sys.argv, decode)
atheris.Fuzz()
