"""The simulated edits of a picture: which parts of it have a PDQ value of their own beside the picture's.

A crop moves every bit of a PDQ value, so the person's own device makes the values of the crops that people make most.
The set is fixed: page, server and command line make the same values. A name always means the same part; a part that
changes gets another name, and names stay known here after a newer set has left them out.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

#: Grows with every change of the set.
EDITS_VERSION = 1


class Protection(StrEnum):
    """How many simulated edits a picture's fingerprints cover: none, the usual few, or the most."""

    PLAIN = "plain"
    USUAL = "usual"
    STRONG = "strong"


@dataclass(frozen=True, slots=True)
class Edit:
    """The part of an upright picture that is kept: fractions of its sides, from the left and from the top."""

    name: str
    left: float
    top: float
    right: float
    bottom: float


def _cut(name: str, per_cent: int, *, left: int = 0, top: int = 0, right: int = 0, bottom: int = 0) -> Edit:
    """Cuts so many times `per_cent` per cent of a side off at each end."""
    share = per_cent / 100
    return Edit(f"{name}-{per_cent}", left * share, top * share, 1 - right * share, 1 - bottom * share)


def _centre(per_cent: int) -> Edit:
    """Cuts `per_cent` per cent of each side off, half of it at either end."""
    margin = per_cent / 200
    return Edit(f"centre-{per_cent}", margin, margin, 1 - margin, 1 - margin)


def _sides(per_cent: int) -> tuple[Edit, ...]:
    return tuple(_cut(side, per_cent, **{side: 1}) for side in ("left", "top", "right", "bottom"))


def _corners(per_cent: int) -> tuple[Edit, ...]:
    return tuple(
        _cut(f"{across}-{down}", per_cent, **{across: 1, down: 1})
        for across in ("left", "right")
        for down in ("top", "bottom")
    )


#: The square in the middle. Which part that is depends on the picture, and of a square picture it is none.
_SQUARE = "square"
_USUAL = (_centre(10), _centre(20), _centre(30))
#: Chosen by what they find beside the usual ones (bench/recall): an upload that holds more than an edit is asked about
#: by its own parts, so the edits lie inside what people leave of a picture.
_STRONG = (
    _centre(40),
    Edit("narrow-40", 0.2, 0.0, 0.8, 1.0),
    *_sides(10),
    *_sides(25),
    *_corners(20),
)

#: Every name that any set has ever had.
EDIT_NAMES = frozenset({_SQUARE, *(edit.name for edit in (*_USUAL, *_STRONG))})


def edits_of(protection: Protection, width: int, height: int) -> tuple[Edit, ...]:
    """Gives the edits of an upright picture of this size in pixels, always in the same order."""
    if protection is Protection.PLAIN:
        return ()
    usual = (*_USUAL, *_square(width, height))
    return usual if protection is Protection.USUAL else (*usual, *_STRONG)


def _square(width: int, height: int) -> tuple[Edit, ...]:
    if width == height:
        return ()
    side = min(width, height)
    across, down = (width - side) / 2 / width, (height - side) / 2 / height
    return (Edit(_SQUARE, across, down, 1 - across, 1 - down),)
