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


def _centre(cut: int) -> Edit:
    """Cuts `cut` per cent of each side off, half of it at either end."""
    margin = cut / 200
    return Edit(f"centre-{cut}", margin, margin, 1 - margin, 1 - margin)


def _one_sided(cut: int) -> tuple[Edit, ...]:
    """Cuts `cut` per cent off at one side alone."""
    share = cut / 100
    return (
        Edit(f"left-{cut}", share, 0, 1, 1),
        Edit(f"right-{cut}", 0, 0, 1 - share, 1),
        Edit(f"top-{cut}", 0, share, 1, 1),
        Edit(f"bottom-{cut}", 0, 0, 1, 1 - share),
    )


#: The square in the middle. Which part that is depends on the picture, and of a square picture it is none.
_SQUARE = "square"
_USUAL = (_centre(10), _centre(20), _centre(30))
_STRONG = (_centre(5), _centre(40), *_one_sided(10), *_one_sided(20), *_one_sided(30))

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
