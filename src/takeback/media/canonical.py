"""Bytes to canonical pixels by the rules of spec/canonical-image.md: the same pixels that the person's browser sees.

Runs in the child process only.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

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

from takeback.fingerprints.pdq import ORIENTATIONS, TURNED_SIDEWAYS, UPRIGHT, Layout, pdq_of_rows, projected_pdq
from takeback.fingerprints.plane import Plane
from takeback.fingerprints.types import Fingerprint
from takeback.media.cards import CARD_SIDE, as_card, is_card, is_card_at, is_card_plane
from takeback.media.failures import DamagedError, TooManyPixelsError, UnsupportedFormatError
from takeback.media.found import Found
from takeback.media.moments import QUICK_PER_SECOND
from takeback.media.moving import film_inside, frames_inside, frames_of, moves
from takeback.media.sniff import SNIFF_BYTES, image_format
from takeback.media.way import Way

with suppress(ImportError):  # the extra `heif`
    from pi_heif import register_heif_opener

    register_heif_opener()

#: Rows converted and fed to the hash at a time, so that no second copy of the picture is made.
STRIP_ROWS = 64
_EXIF_ORIENTATION = 0x0112
#: EXIF's orientation → what makes a picture upright.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

#: A JPEG, alone or with further pictures behind it (a map for bright screens, a depth map).
_JPEG = ("JPEG", "MPO")
#: Pixels that the longer and the shorter side of a quick decode keep.
QUICK_LONGER_SIDE, QUICK_SHORTER_SIDE = 1024, 256
#: Formats whose further pictures are frames of an animation, and not other pages or pictures.
_ANIMATED = frozenset({"GIF", "PNG", "WEBP", "AVIF"})


def fingerprint_pixels(content: bytes, *, max_pixels: int, most: int, until: float, way: Way) -> Found:
    """Gives the PDQ fingerprint of a picture file's first frame, and of at most `most` frames where it moves.

    Frames are looked at `until` that moment of the monotonic clock. Where the way is quick, to ask a list, a JPEG's own
    luma is hashed, projected, a few bits away from the canonical value.
    """
    with _opened(content, max_pixels) as image:
        if image.width * image.height > max_pixels:
            raise TooManyPixelsError
        width, height, orientation = image.width, image.height, _orientation(image)
        # A JPEG keeps luma apart, so its decoder need neither scale chroma up nor make colours.
        luma_alone = way.quick and image.format in _JPEG and image.mode in ("RGB", "L")
        scale = quick_scale(width, height) if luma_alone else 1
        if luma_alone:
            image.draft("L", (width // scale, height // scale))
        _load(image)

        picture = _Picture(way, width, height, orientation)
        pdq, *parts = picture.from_luma(image, scale) if luma_alone else picture.canonical(image)
        if image.format in _ANIMATED and moves(image):
            per_second = QUICK_PER_SECOND if way.quick else 1
            frames, complete = frames_of(image, picture.frame, most=most, until=until, per_second=per_second)
            return Found(pdq, frames, width, height, complete, tuple(parts))
    begin = film_inside(content) if image.format in (*_JPEG, "HEIF") else None
    if begin is not None:
        film = frames_inside(content, begin, max_pixels=max_pixels, most=most, until=until, way=way)
        if film is not None:
            return Found(pdq, film.frames, width, height, film.complete, tuple(parts))
    return Found(pdq, (), width, height, parts=tuple(parts))


@dataclass(frozen=True, slots=True)
class _Picture:
    """A picture's size and how it is held, and the way in which it and its frames are hashed; its own hash first."""

    way: Way
    width: int
    height: int
    orientation: int

    def canonical(self, image: Image.Image) -> tuple[Fingerprint, ...]:
        """From all of its colours."""
        plane = self.way.plane(self.width, self.height, self.orientation)
        return self._upload(self._own(image, plane), plane)

    def from_luma(self, image: Image.Image, scale: int) -> tuple[Fingerprint, ...]:
        """From its luma alone, decoded `scale` times smaller."""
        luma, plane = image.tobytes(), self.way.plane(image.width, image.height, self.orientation)
        own = projected_pdq(luma, width=self.width, height=self.height, orientation=self.orientation, scale=scale)
        if plane is not None:
            plane.rows(luma, layout=Layout.GREY8, rows=image.height, stride=image.width)
        return self._upload(own, plane)

    def frame(self, image: Image.Image) -> tuple[Fingerprint, ...]:
        """Of one frame of an animation; of a card its own alone."""
        if not self.way.quick:
            small = Plane(self.width, self.height, side=CARD_SIDE, orientation=self.orientation)
            own = self._own(image, small)
            return (as_card(own) if is_card_plane(small) else own,)
        grey = image.convert("L")
        if is_card(grey):
            return (as_card(self._own(image, None)),)
        plane = self.way.plane(self.width, self.height, self.orientation, frame=True)
        own = self._own(image, plane)
        beside = self.way.beside(own, plane, self._upright, frame=True, left_out=lambda box: is_card_at(grey, box))
        return (own, *beside)

    @property
    def _upright(self) -> tuple[int, int]:
        sideways = self.orientation in TURNED_SIDEWAYS
        return (self.height, self.width) if sideways else (self.width, self.height)

    def _own(self, image: Image.Image, plane: Plane | None) -> Fingerprint:
        memory = None if plane is None else plane.memory
        size = {"width": self.width, "height": self.height, "orientation": self.orientation}
        return pdq_of_rows(_strips(image), **size, layout=Layout.RGB8, plane=memory)

    def _upload(self, own: Fingerprint, plane: Plane | None) -> tuple[Fingerprint, ...]:
        beside = self.way.beside(own, plane, self._upright)
        if self.way.quick and plane is not None and is_card_plane(plane):
            own = as_card(own)
        return (own, *beside)


def upright_and_small(content: bytes, *, max_pixels: int, side: int) -> Image.Image:
    """Gives the first frame of a picture file as a person sees it, its longer side at most so many pixels, in RGB."""
    with _opened(content, max_pixels) as image:
        if image.width * image.height > max_pixels:
            raise TooManyPixelsError
        turn = _TURNS.get(_orientation(image))
        if image.format in _JPEG:
            image.draft("RGB", (side, side))
        _load(image)
        small = image.copy()
        small.thumbnail((side, side))
        small = _rgb(small, image)
        return small if turn is None else small.transpose(turn)


def _opened(content: bytes, max_pixels: int) -> Image.Image:
    format_ = image_format(content[:SNIFF_BYTES])
    if format_ is None or format_ not in Image.OPEN:
        raise UnsupportedFormatError
    Image.MAX_IMAGE_PIXELS = max_pixels // 2  # an error past twice as many: a frame can be larger than the first one
    try:
        return Image.open(io.BytesIO(content), formats=[format_])
    except Image.DecompressionBombError:
        raise TooManyPixelsError from None
    except MemoryError:
        raise
    except Exception as error:  # Pillow's plugins raise many kinds for a bad header
        raise DamagedError from error


def quick_scale(width: int, height: int) -> int:
    """Gives how many times smaller a JPEG of this size in pixels is decoded to ask for it; 8 moves too many bits."""
    longer, shorter = max(width, height), min(width, height)
    return next((s for s in (4, 2) if longer >= s * QUICK_LONGER_SIDE and shorter >= s * QUICK_SHORTER_SIDE), 1)


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
