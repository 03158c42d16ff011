"""What a list is asked about one upload: not its hash alone, but those of what it may have been made from.

Whoever posts a picture again turns it, frames it, takes a screenshot of it, cuts it or tilts it. Each variant undoes
one such change on the small plane of the upload. Which kinds count how far is the policy's business
(`matching/policy.py`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from msgspec.structs import replace

from takeback.fingerprints.plane import ALL_FORMS, AS_IT_STANDS, MIRRORED, WHOLE, Box, Plane
from takeback.fingerprints.types import Fingerprint


class Effort(StrEnum):
    """How much is tried for each upload.

    plain: its own hash, as other software does. first: also turned, mirrored, as a negative, and pictures found inside
    it (screenshots, borders, collages). full: also its parts, what it may have been cut from, and tilts.
    """

    PLAIN = "plain"
    FIRST = "first"
    FULL = "full"


class VariantKind(StrEnum):
    """What a variant undoes."""

    UPLOAD = "upload"
    CARD = "card"
    TURNED = "turned"
    NEGATIVE = "negative"
    BOX = "box"
    WINDOW = "window"
    PADDED = "padded"
    TILTED = "tilted"


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to look at an upload."""

    name: str
    kind: VariantKind


#: The forms of one DCT, in the order of `Plane.pdq`. The first is the upload, as it would be at a large size.
#: Degrees are those by which it is turned before it is looked at, against the clock.
_FORMS = (
    Variant("resized", VariantKind.UPLOAD),
    Variant("turned-90", VariantKind.TURNED),
    Variant("turned-180", VariantKind.TURNED),
    Variant("turned-270", VariantKind.TURNED),
    Variant("upside-down", VariantKind.TURNED),
    Variant("mirrored", VariantKind.TURNED),
    Variant("transposed", VariantKind.TURNED),
    Variant("transversed", VariantKind.TURNED),
)
_NEGATIVE = Variant("negative", VariantKind.NEGATIVE)

_ONE, _TWO = (AS_IT_STANDS,), (AS_IT_STANDS, MIRRORED)

#: Boxes that are asked about; `first` and frames of films take the likeliest.
_MOST_BOXES = 32
_FIRST_BOXES = 16
_FRAME_BOXES = 8
_BOXES = tuple(Variant(f"box-{at}", VariantKind.BOX) for at in range(_MOST_BOXES))
_MIRRORED_BOXES = tuple(Variant(f"box-{at}-mirrored", VariantKind.BOX) for at in range(_MOST_BOXES))

#: Longest side in pixels of the plane that everything but boxes is hashed from: four pixels a sample are enough.
_SIDE = 256


#: Which ends of the sides move together, and what of them is called so: left, top, right, bottom.
_ENDS = {
    "": (1, 1, 1, 1),
    "left-": (1, 0, 0, 0),
    "top-": (0, 1, 0, 0),
    "right-": (0, 0, 1, 0),
    "bottom-": (0, 0, 0, 1),
    "left-top-": (1, 1, 0, 0),
    "left-bottom-": (1, 0, 0, 1),
    "right-top-": (0, 1, 1, 0),
    "right-bottom-": (0, 0, 1, 1),
    "across-": (1, 0, 1, 0),
    "down-": (0, 1, 0, 1),
}
_SIDES, _CORNERS, _BOTH = list(_ENDS)[1:5], list(_ENDS)[5:9], list(_ENDS)[9:]


def _moved(kind: VariantKind, ends: Iterable[str], *per_cents: float) -> tuple[tuple[Variant, Box], ...]:
    """Parts of the upload that end so many per cent of a side further in; paddings further out."""
    inward = -1 if kind is VariantKind.PADDED else 1
    return tuple(
        (Variant(f"{kind.value}-{end}{per_cent:g}", kind), (left * by, top * by, 1 - right * by, 1 - bottom * by))
        for end in ends
        for left, top, right, bottom in (_ENDS[end],)
        for per_cent in per_cents
        for by in (inward * per_cent / 100,)
    )


#: Parts of the upload, where more stands on it than on the listed picture; and more than it, where it was cut: a
#: picture that lost 30 per cent at one side is 43 per cent of the rest short.
_PARTS = (
    *_moved(VariantKind.WINDOW, [""], 2.5, 5, 10, 15),
    *_moved(VariantKind.WINDOW, _SIDES, 5, 10, 20),
    *_moved(VariantKind.WINDOW, _CORNERS, 10),
    *_moved(VariantKind.WINDOW, _BOTH, 10, 15),
    *_moved(VariantKind.PADDED, [""], 2, 5, 7.5, 10, 15),
    *_moved(VariantKind.PADDED, _SIDES, 2.5, 5, 7.5, 10, 15, 25, 43),
    *_moved(VariantKind.PADDED, [*_CORNERS, *_BOTH], 5, 10),
)
#: Of a film's frames: what a cut film may have been, as it stands and mirrored. There are many frames to find it by.
_FRAME_PARTS = frozenset({"padded-2", "padded-5", "padded-7.5", "padded-10", "padded-15"})
#: Degrees against the clock, and how much of what was tilted is asked about: all of it, what has no corner missing, and
#: with a margin.
_TILTS = tuple(
    (Variant(f"tilted-{degrees:g}{way}", VariantKind.TILTED), degrees, way)
    for size in (1.5, 3, 5, 7, 10)
    for degrees in (size, -size)
    for way in ("", "-inside", "-padded")
    if not (way == "-inside" and size < 3) and not (way == "-padded" and size not in (3, 5))  # noqa: PLR2004
)

#: The upload itself, by its own hash.
UPLOAD = Variant("upload", VariantKind.UPLOAD)
#: The same, where it is a card (`media/cards.py`): no still of any film.
AS_A_CARD = Variant("card", VariantKind.CARD)
#: Every variant by its name.
VARIANTS: dict[str, Variant] = {
    one.name: one
    for one in (
        UPLOAD,
        AS_A_CARD,
        *_FORMS,
        _NEGATIVE,
        *_BOXES,
        *_MIRRORED_BOXES,
        *(variant for variant, _ in _PARTS),
        *(variant for variant, _, _ in _TILTS),
    )
}


_WHOLE = frozenset({VariantKind.UPLOAD, VariantKind.CARD, VariantKind.TURNED, VariantKind.NEGATIVE})


def is_part(print_: Fingerprint) -> bool:
    """Says whether it is of a part of a picture: an edit, or a variant that is not the whole upload."""
    kind = VARIANTS[print_.variant or UPLOAD.name].kind
    return print_.edit is not None or kind not in _WHOLE


def variants_of(
    own: Fingerprint,
    plane: Plane,
    effort: Effort,
    *,
    frame: bool = False,
    left_out: Callable[[Box], bool] = lambda _: False,
) -> Iterator[Fingerprint]:
    """Gives the variants that `effort` asks for, of an upload whose own PDQ is `own`; of a film's frame, fewer.

    Boxes that are `left_out` are not asked about.
    """
    if effort is Effort.PLAIN:
        return
    full = effort is Effort.FULL
    thorough = full and not frame
    small = plane.shrunk(_SIDE)
    for variant, form in zip(_FORMS, small.pdq(WHOLE, ALL_FORMS), strict=True):
        yield replace(form, variant=variant.name)
    yield replace(own, value=bytes(byte ^ 0xFF for byte in own.value), variant=_NEGATIVE.name)
    most = _MOST_BOXES if thorough else _FRAME_BOXES if frame and not full else _FIRST_BOXES
    boxes = [box for box in plane.boxes(most) if not left_out(box)]
    for at, box in enumerate(boxes):
        forms = plane.pdq(box, _TWO if full else _ONE)
        for form, names in zip(forms, (_BOXES, _MIRRORED_BOXES), strict=False):
            yield replace(form, variant=names[at].name)
    if thorough:
        yield from _parts_and_tilts(small)
    elif full:
        for variant, box in _PARTS:
            if variant.name in _FRAME_PARTS:
                for form in small.pdq(box, _TWO):
                    yield replace(form, variant=variant.name)


def _parts_and_tilts(small: Plane) -> Iterator[Fingerprint]:
    for variant, box in _PARTS:
        yield replace(small.pdq(box)[0], variant=variant.name)
    tilted: dict[float, Plane] = {}
    for variant, degrees, way in _TILTS:
        plane = tilted.get(degrees) or tilted.setdefault(degrees, small.tilted(degrees))
        box = WHOLE if not way else _inside(plane, degrees) if way == "-inside" else _margin(degrees)
        yield replace(plane.pdq(box)[0], variant=variant.name)


def _inside(plane: Plane, degrees: float) -> Box:
    """The largest part of the same shape that holds nothing from beyond the edge."""
    angle, longer = math.radians(abs(degrees)), max(plane.width, plane.height) / min(plane.width, plane.height)
    margin = (1 - 1 / (math.cos(angle) + math.sin(angle) * longer)) / 2
    return (margin, margin, 1 - margin, 1 - margin)


def _margin(degrees: float) -> Box:
    """As much around it as a picture loses that is tilted and cut straight."""
    margin = math.tan(math.radians(abs(degrees))) / 2
    return (-margin, -margin, 1 + margin, 1 + margin)
