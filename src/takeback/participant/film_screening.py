"""Frames of listed films in an upload: look-ups here, what they amount to in `matching/films.py`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from takeback.fingerprints.scan import within
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.fingerprints.variants import AS_A_CARD, UPLOAD, VARIANTS, VariantKind
from takeback.matching.films import (
    FRAME_THRESHOLD_BITS,
    SCENES_THRESHOLD_BITS,
    ListedFrame,
    Shown,
    Sighting,
    moving,
    shown,
    still,
)

#: What a still may have been made into, and is looked for among the frames of listed films.
_OF_STILLS = frozenset({VariantKind.UPLOAD, VariantKind.TURNED, VariantKind.BOX})
#: What comes near to other smooth things is kept closer, in bits, where two scenes have to be found.
_SMOOTH, _SMOOTH_BITS = frozenset({VariantKind.PADDED, VariantKind.TILTED}), 44
#: Values and the radius of each in bits → for each value the rows of the entries with a frame within it.
Near = Callable[[Sequence[bytes], Sequence[int]], list[set[int]]]
#: A row → its entry's frames; none where it has gone meanwhile.
FramesOf = Callable[[int], Sequence[ListedFrame]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One look-up: the value of the upload's picture or frame, and what the list is asked for with it.

    `value` may be the picture's own, or that of the picture turned, cut out of what stands around it, and so on.
    `moves` is what `films.moving` says.
    """

    picture: bytes
    value: bytes
    radius: int
    is_frame: bool = False
    moves: bool = False

    @classmethod
    def all_of(cls, prints: Sequence[Fingerprint]) -> list[Asked]:
        """Gives the look-ups of an upload: each picture and frame is followed by its variants."""
        own = [(one.at or 0, one.value) for one in prints if one.type is FingerprintType.VPDQ and one.variant is None]
        moves, frame, asked = iter(moving(own)), None, list[Asked]()
        still = all(one.variant != AS_A_CARD.name for one in prints)
        for one in prints:
            if still and one.type is FingerprintType.PDQ and VARIANTS[one.variant or UPLOAD.name].kind in _OF_STILLS:
                asked.append(cls(one.value, one.value, FRAME_THRESHOLD_BITS))
            elif one.type is FingerprintType.VPDQ and one.variant is None:
                frame = cls(one.value, one.value, SCENES_THRESHOLD_BITS, is_frame=True, moves=next(moves))
                asked.append(frame)
            elif one.type is FingerprintType.VPDQ and frame is not None:
                smooth = VARIANTS[one.variant or UPLOAD.name].kind in _SMOOTH
                radius = _SMOOTH_BITS if smooth else SCENES_THRESHOLD_BITS
                asked.append(replace(frame, value=one.value, radius=radius))
        return asked


def films_shown(asked: Sequence[Asked], near: Near, frames_of: FramesOf) -> Iterator[tuple[int, Shown]]:
    """Gives the rows of the listed films that an upload shows, or shows a still of, and how."""
    by_row: dict[int, list[Asked]] = defaultdict(list)
    rows = near([one.value for one in asked], [one.radius for one in asked]) if asked else []
    for one, found in zip(asked, rows, strict=True):
        for row in found:
            by_row[row].append(one)
    for row, finders in by_row.items():
        listed = list(frames_of(row))
        frames = _sightings([one for one in finders if one.is_frame], listed)
        pictures = _sightings([one for one in finders if not one.is_frame], listed)
        film = shown(frames, listed) or still(pictures, listed)
        if film is not None:
            yield row, film


def _sightings(finders: Sequence[Asked], listed: Sequence[ListedFrame]) -> list[Sighting]:
    packed = b"".join(value for _, value in listed)
    return [
        Sighting(one.picture, listed[at], distance, one.moves)
        for one in finders
        for at, distance in within(packed, one.value, one.radius)
    ]
