"""Bytes to canonical pixels by the rules of spec/canonical-image.md: the same pixels that the person's browser sees.

Runs in the child process only.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import suppress

# The decoders of the formats that are read, and no others.
from PIL import (  # noqa: F401 - each registers itself
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from takeback.fingerprints.pdq import ORIENTATIONS, UPRIGHT, Layout, pdq_of_rows, projected_pdq
from takeback.fingerprints.types import Fingerprint
from takeback.media.failures import DamagedError, TooManyPixelsError, UnsupportedFormatError
from takeback.media.found import Found
from takeback.media.moving import film_inside, frames_inside, frames_of
from takeback.media.sniff import SNIFF_BYTES, image_format

with suppress(ImportError):  # the extra `heif`
    from pi_heif import register_heif_opener

    register_heif_opener()

#: Rows converted and fed to the hash at a time, so that no second copy of the picture is made.
STRIP_ROWS = 64
_EXIF_ORIENTATION = 0x0112


#: Formats whose further pictures are frames of an animation, and not other pages or pictures.
_ANIMATED = frozenset({"GIF", "PNG", "WEBP", "AVIF"})


def fingerprint_pixels(content: bytes, *, max_pixels: int, most: int, until: float, quick: bool = False) -> Found:
    """Gives the PDQ fingerprint of a picture file's first frame, and of at most `most` frames where it moves.

    Frames are looked at `until` that moment of the monotonic clock. `quick` is for asking a list: a JPEG's own luma is
    hashed, projected, a few bits away from the canonical value.
    """
    with _opened(content) as image:
        if image.width * image.height > max_pixels:
            raise TooManyPixelsError
        # A JPEG keeps luma apart, so its decoder need neither scale chroma up nor make colours.
        luma_alone = quick and image.format == "JPEG" and image.mode in ("RGB", "L")
        if luma_alone:
            image.draft("L", image.size)
        _load(image)
        width, height, orientation = image.width, image.height, _orientation(image)

        def canonical(frame: Image.Image) -> Fingerprint:
            return pdq_of_rows(_strips(frame), width=width, height=height, layout=Layout.RGB8, orientation=orientation)

        pdq = (
            projected_pdq(image.tobytes(), width=width, height=height, orientation=orientation)
            if luma_alone
            else canonical(image)
        )
        if image.format in _ANIMATED and getattr(image, "is_animated", False):
            frames, complete = frames_of(image, canonical, most=most, until=until)
            return Found(pdq, frames, width, height, complete)
    begin = film_inside(content) if image.format in ("JPEG", "HEIF") else None
    if begin is not None:
        film = frames_inside(content, begin, max_pixels=max_pixels, most=most, until=until, quick=quick)
        if film is not None:
            return Found(pdq, film.frames, width, height, film.complete)
    return Found(pdq, (), width, height)


def _opened(content: bytes) -> Image.Image:
    format_ = image_format(content[:SNIFF_BYTES])
    if format_ is None or format_ not in Image.OPEN:
        raise UnsupportedFormatError
    Image.MAX_IMAGE_PIXELS = None  # our own limit is checked right after the header
    try:
        return Image.open(io.BytesIO(content), formats=[format_])
    except MemoryError:
        raise
    except Exception as error:  # Pillow's plugins raise many kinds for a bad header
        raise DamagedError from error


def _load(image: Image.Image) -> None:
    try:
        image.load()
    except MemoryError:
        raise
    except Exception as error:  # and as many for bad data
        raise DamagedError from error


def _orientation(image: Image.Image) -> int:
    """EXIF alone counts: not XMP, and not a text chunk."""
    exif = Image.Exif()
    try:
        exif.load(image.info.get("exif", b""))
        orientation = exif.get(_EXIF_ORIENTATION, UPRIGHT)
    except Exception:  # noqa: BLE001 - damaged EXIF means that nothing is known
        return UPRIGHT
    return orientation if orientation in ORIENTATIONS else UPRIGHT


def _strips(image: Image.Image) -> Iterator[bytes]:
    for top in range(0, image.height, STRIP_ROWS):
        strip = image.crop((0, top, image.width, min(top + STRIP_ROWS, image.height)))
        yield _rgb(strip, image).tobytes()


def _rgb(strip: Image.Image, image: Image.Image) -> Image.Image:
    if strip.mode.startswith("I;16"):
        return _high_bytes(strip).convert("RGB")
    if strip.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in image.info:
        strip.info = image.info
        return _over_white(strip.convert("RGBA"))
    return strip if strip.mode == "RGB" else strip.convert("RGB")


def _high_bytes(strip: Image.Image) -> Image.Image:
    """16-bit grey to 8 by dropping the low byte; Pillow's own conversion would clip."""
    pixels = strip.tobytes()
    first = 0 if strip.mode.endswith("B") else 1
    return Image.frombytes("L", strip.size, pixels[first::2])


def _over_white(strip: Image.Image) -> Image.Image:
    """Each channel becomes round(channel × alpha / 255) + 255 − alpha; ImageChops.multiply would cut off."""
    white = Image.new("RGB", strip.size, "white")
    return Image.composite(strip.convert("RGB"), white, strip.getchannel("A"))
