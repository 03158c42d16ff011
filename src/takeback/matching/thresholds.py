"""How near is near enough, as a table: for each way of looking at an upload, and for what it is near on the list.

A *strong* find is as good as what platforms act on today: the upload itself, turned, or found inside a screenshot,
within the distance that Meta recommends. A *probable* one is for a person to look at: further away, or made by cutting,
padding or tilting the upload. Paddings and tilts are smooth and come nearer to one another than pictures do, and so do
parts of pictures, so those are kept closer, unless a second look at the same entry agrees (docs/recall.md has the
measurements).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from takeback.fingerprints.distance import STRONG_BITS
from takeback.fingerprints.variants import VARIANTS, VariantKind

#: Largest distance that is a match at all, in bits.
MOST_BITS = 48


class Grade(StrEnum):
    """How good a match is. A platform may act on strong ones, as far as tier and evidence allow; it looks at others."""

    STRONG = "strong"
    PROBABLE = "probable"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Largest distances in bits: strong (None: never), probable alone, probable when a second look agrees."""

    strong: int | None
    alone: int
    agreed: int


#: How the upload was looked at → what it is near: a listed picture; a simulated edit of one.
TABLE: dict[VariantKind, tuple[Thresholds, Thresholds]] = {
    VariantKind.UPLOAD: (Thresholds(STRONG_BITS, 48, 48), Thresholds(STRONG_BITS, 48, 48)),
    VariantKind.CARD: (Thresholds(STRONG_BITS, 48, 48), Thresholds(STRONG_BITS, 48, 48)),
    VariantKind.TURNED: (Thresholds(STRONG_BITS, 48, 48), Thresholds(STRONG_BITS, 44, 48)),
    VariantKind.NEGATIVE: (Thresholds(STRONG_BITS, 48, 48), Thresholds(None, 40, 44)),
    VariantKind.BOX: (Thresholds(STRONG_BITS, 46, 48), Thresholds(None, 36, 40)),
    VariantKind.WINDOW: (Thresholds(None, 46, 48), Thresholds(None, 40, 44)),
    VariantKind.PADDED: (Thresholds(None, 44, 48), Thresholds(None, 38, 44)),
    VariantKind.TILTED: (Thresholds(None, 44, 48), Thresholds(None, 38, 44)),
}


@dataclass(frozen=True, slots=True)
class Find:
    """One look at an upload is near one listed value of an entry: `distance` bits from it."""

    variant: str
    edit: str | None
    distance: int


@dataclass(frozen=True, slots=True)
class Graded:
    """The find that decides, its grade, and the threshold in bits that it kept."""

    find: Find
    grade: Grade
    threshold: int


def graded(finds: list[Find]) -> Graded | None:
    """Gives what all finds of one entry amount to, or None: the strong one that is nearest, else the probable one."""
    agreed = len({(find.variant, find.edit) for find in finds if find.distance <= thresholds_of(find).agreed}) > 1
    best: Graded | None = None
    for find in sorted(finds, key=lambda one: one.distance):
        thresholds = thresholds_of(find)
        if thresholds.strong is not None and find.distance <= thresholds.strong:
            return Graded(find, Grade.STRONG, thresholds.strong)
        most = thresholds.agreed if agreed else thresholds.alone
        if best is None and find.distance <= most:
            best = Graded(find, Grade.PROBABLE, most)
    return best


def thresholds_of(find: Find) -> Thresholds:
    """Gives the row of the table."""
    picture, edit = TABLE[VARIANTS[find.variant].kind]
    return picture if find.edit is None else edit
