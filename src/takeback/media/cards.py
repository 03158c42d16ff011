"""Whether a frame is a card: a title, a test picture, a countdown, a blank. Runs in the child process only.

Many films show the same cards, so none of them says which film it is: they are neither listed nor asked about
(spec/film.md). A film that shows hardly anything else keeps them: a dark wall is as smooth as what was drawn.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace
from PIL import Image

from takeback.fingerprints.pdq import Layout
from takeback.fingerprints.plane import Box, Plane
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.fingerprints.variants import AS_A_CARD

#: The longest side in pixels of what is looked at.
CARD_SIDE = 96
#: From so many smooth pixels of a thousand on it is a card. Bars of one colour, ramps, a line of text on a ground, a
#: number in a circle have 780 and more. Of 131 photographs none had more than 700; a scene in a third of a frame,
#: between black bars, has 670. What says more (many lines of text, a logo before a photograph) is no card.
SMOOTH_PER_THOUSAND = 750
#: A film keeps its cards where they are more than so many of so many of its moments.
HARDLY_ANYTHING_ELSE = (2, 3)
#: Stands for a card that is left out: a value of no quality, which is listed and asked about nowhere.
_LEFT_OUT = Fingerprint(FingerprintType.PDQ, bytes(32), 0)

Looks = tuple[tuple[int, tuple[Fingerprint, ...]], ...]
"""Seconds into a film, and what was made of the frame: its own value first."""


def as_card(own: Fingerprint) -> Fingerprint:
    """Marks the value of a card."""
    return replace(own, variant=AS_A_CARD.name)


def without_cards(looks: Iterable[tuple[int, tuple[Fingerprint, ...]]]) -> Looks:
    """Leaves cards out of a film's frames, unless it shows hardly anything else."""
    looks = tuple(looks)
    cards = sum(made[0].variant == AS_A_CARD.name for _, made in looks)
    most, of = HARDLY_ANYTHING_ELSE
    kept = cards * of > len(looks) * most

    def shown(own: Fingerprint) -> Fingerprint:
        return own if own.variant is None else replace(own, variant=None) if kept else _LEFT_OUT

    return tuple((seconds, (shown(made[0]), *made[1:])) for seconds, made in looks)


def is_card_plane(plane: Plane) -> bool:
    """Says it of a full plane."""
    small = plane if max(plane.width, plane.height) <= CARD_SIDE else plane.shrunk(CARD_SIDE)
    return small.smooth() >= SMOOTH_PER_THOUSAND


def is_card(luma: Image.Image) -> bool:
    """Says it of a picture in grey, whatever its size."""
    plane = Plane(luma.width, luma.height, side=CARD_SIDE)
    plane.rows(luma.tobytes(), layout=Layout.GREY8, rows=luma.height, stride=luma.width)
    return is_card_plane(plane)


def is_card_at(upright: Image.Image, box: Box) -> bool:
    """Says it of a part of an upright picture in grey: a card may stand in a frame, or between bars."""
    left, top, right, bottom = box
    width, height = upright.size
    part = (round(left * width), round(top * height), round(right * width), round(bottom * height))
    return part[0] < part[2] and part[1] < part[3] and is_card(upright.crop(part))
