"""Pictures that move: animations, and photographs that carry a short film. Runs in the child process only."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from fractions import Fraction

from PIL import Image

from takeback.fingerprints.types import Fingerprint
from takeback.media.cards import without_cards
from takeback.media.failures import DamagedError, TooManyPixelsError, UnsupportedFormatError
from takeback.media.found import Found
from takeback.media.moments import Sampler, each_of
from takeback.media.way import Way

#: Brands of the films that phones put behind or inside a photograph.
_FILM_BRANDS = (b"mp4", b"iso", b"avc1", b"qt  ", b"3gp", b"MSNV")
_FTYP_BYTES = range(12, 257)
_MILLISECONDS = 1_000
#: What browsers make of a frame that claims to be shown for less than 20 ms.
_SHORTEST, _INSTEAD = 11, 100


def film_inside(content: bytes) -> int | None:
    """Gives where in a photograph's bytes a film begins: a motion photo (Google's and Samsung's way, JPEG and HEIF)."""
    at = 4
    while (at := content.find(b"ftyp", at + 1)) > 0:
        size = int.from_bytes(content[at - 4 : at], "big")
        if size in _FTYP_BYTES and content[at + 4 : at + 8].startswith(_FILM_BRANDS):
            return at - 4
    return None


def frames_inside(content: bytes, begin: int, *, max_pixels: int, most: int, until: float, way: Way) -> Found | None:
    """Gives the frames of the film that begins there, or None where it cannot be read."""
    try:
        from takeback.media.film import fingerprint_film  # noqa: PLC0415 - the extra `video`, large and seldom needed

        limits = {"max_pixels": max_pixels, "most": most}
        return fingerprint_film(io.BytesIO(content[begin:]), "mov", **limits, until=until, way=way)
    except (ImportError, DamagedError, TooManyPixelsError, UnsupportedFormatError):
        return None


def moves(image: Image.Image) -> bool:
    """Says whether there is more than one frame. Damage behind the first counts as more: `frames_of` tells of it."""
    try:
        return bool(getattr(image, "is_animated", False))
    except Exception:  # noqa: BLE001 - Pillow looks at all frames to count them, and raises many kinds
        return True


def frames_of(
    image: Image.Image,
    fingerprint: Callable[[Image.Image], tuple[Fingerprint, ...]],
    *,
    most: int,
    until: float,
    per_second: int = 1,
) -> tuple[tuple[tuple[int, Fingerprint], ...], bool]:
    """Gives the frames of an animation that are shown at so many moments a second, and whether all of it was seen."""
    sampler = Sampler(fingerprint, most=most, per_second=per_second)
    shown, at, complete = 0, 0, True
    try:
        while True:
            image.seek(at)
            sampler.show(Fraction(shown, _MILLISECONDS), image.copy())
            lasts = int(image.info.get("duration") or 0)
            shown += lasts if lasts >= _SHORTEST else _INSTEAD
            at += 1
            if time.monotonic() > until:
                complete = False
                break
    except EOFError:
        pass
    except Exception:  # noqa: BLE001 - Pillow raises many kinds for bad data, frames too large; what came before counts
        complete = False
    sampler.end()
    return each_of(without_cards(sampler.found)), complete
