"""Coverage-guided: whatever the bytes are, sniffing gives one answer, and decoding a value or one of our errors.

What decodes is imported late, so that atheris sees into it; without atheris, a test runs `decode` over the seeds.
"""

from __future__ import annotations

import importlib
import io
import logging
import sys
import time
import warnings
from contextlib import suppress

MAX_PIXELS, MOST_FRAMES, SECONDS = 1_000_000, 8, 5.0
#: The first byte of an input chooses.
CANONICAL, QUICK, FILM = b"\x00", b"\x01", b"\x02"


def decode(content: bytes) -> None:
    """One input."""
    from takeback.media.failures import DamagedError, TooManyPixelsError, UnsupportedFormatError
    from takeback.media.sniff import film_format, image_format

    way, content = content[:1], content[1:]
    picture, film = image_format(content), film_format(content)
    assert picture is None or film is None, "one file is one thing"
    with suppress(DamagedError, TooManyPixelsError, UnsupportedFormatError, MemoryError):
        if way != FILM:
            of_picture(content, quick=way == QUICK)
        elif film is not None:
            of_film(content, film)


def of_picture(content: bytes, *, quick: bool) -> None:
    """Decodes as the child does."""
    from takeback.fingerprints.edits import Protection
    from takeback.fingerprints.variants import Effort
    from takeback.media.canonical import fingerprint_pixels
    from takeback.media.way import Way

    way = Way(quick, Protection.STRONG, Effort.FULL)
    limits = {"max_pixels": MAX_PIXELS, "most": MOST_FRAMES, "until": time.monotonic() + SECONDS}
    found = fingerprint_pixels(content, **limits, way=way)
    assert found.pdq is not None
    assert len(found.pdq.value) == 32
    assert found.width * found.height <= MAX_PIXELS
    assert len({at for at, _ in found.frames}) <= MOST_FRAMES


def of_film(content: bytes, format_: str) -> None:
    """Decodes as the child does."""
    from takeback.fingerprints.variants import Effort
    from takeback.media.film import fingerprint_film
    from takeback.media.way import Way

    limits = {"max_pixels": MAX_PIXELS, "most": MOST_FRAMES, "until": time.monotonic() + SECONDS}
    found = fingerprint_film(io.BytesIO(content), format_, **limits, way=Way(quick=True, effort=Effort.FIRST))
    assert found.frames
    assert len({at for at, _ in found.frames}) <= MOST_FRAMES


def main() -> None:
    """Fuzzes, with libFuzzer's arguments."""
    import atheris

    with atheris.instrument_imports(include=["takeback.media", "takeback.fingerprints", "PIL"]):
        for name in ("canonical", "film"):
            importlib.import_module(f"takeback.media.{name}")
    import av

    av.logging.set_level(None)  # FFmpeg says much of what is wrong with a film
    logging.disable()
    warnings.simplefilter("ignore")  # and Pillow of what is wrong with a TIFF
    atheris.Setup(sys.argv, decode)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
