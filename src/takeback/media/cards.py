"""Whether a frame is a card: a title, a test picture, a countdown, a blank. Runs in the child process only.

Many films show the same cards, so none of them says which film it is. They are left out where a list is asked: what is
not asked cannot be found, whatever stands on the list.
"""

from __future__ import annotations

from PIL import Image, ImageFilter

from takeback.fingerprints.plane import Box, Plane
from takeback.fingerprints.types import Fingerprint, FingerprintType

#: Stands for a card: a value of no quality, which is asked about nowhere.
CARD = Fingerprint(FingerprintType.PDQ, bytes(32), 0)
#: The side of what is looked at, in cells: PDQ's own.
GRID = 64
#: A cell is smooth where it differs from the mean of the four beside it by so many levels of 256 at most, four times.
_SMOOTH_LEVELS = 2
#: From this share of smooth cells on it is a card. Bars of one colour, ramps, a line of text on a ground, a number in a
#: circle have 0.77 and more. Of 42 photographs none had more than 0.64; a scene in a third of a frame, between black
#: bars, has 0.73. What says more (many lines of text, a logo before a photograph) is no card.
SMOOTH_SHARE = 0.75

_MIDDLE = 128
_BESIDE = ImageFilter.Kernel((3, 3), (0, -1, 0, -1, 4, -1, 0, -1, 0), scale=1, offset=_MIDDLE)


def is_card(luma: Image.Image) -> bool:
    """Says it of a picture in grey, whatever its size."""
    small = luma if luma.size == (GRID, GRID) else luma.resize((GRID, GRID), Image.Resampling.BOX)
    inner = small.filter(_BESIDE).crop((1, 1, GRID - 1, GRID - 1))
    smooth = sum(inner.histogram()[_MIDDLE - _SMOOTH_LEVELS : _MIDDLE + _SMOOTH_LEVELS + 1])
    return smooth >= SMOOTH_SHARE * (GRID - 2) ** 2


def is_card_plane(plane: Plane) -> bool:
    """Says it of a full plane."""
    small = plane.shrunk(GRID)
    return is_card(Image.frombuffer("F", (small.width, small.height), small.luma()).convert("L"))


def is_card_at(upright: Image.Image, box: Box) -> bool:
    """Says it of a part of an upright picture in grey: a card may stand in a frame, or between bars."""
    left, top, right, bottom = box
    width, height = upright.size
    part = (round(left * width), round(top * height), round(right * width), round(bottom * height))
    return part[0] < part[2] and part[1] < part[3] and is_card(upright.crop(part))
