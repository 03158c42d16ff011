"""When a film shows a listed film. Pure.

Found frames are evidence by how little else would show them:

- *Two scenes*: two listed frames, apart in time and unlike each other. Few unrelated films share two; every excerpt
  and every longer film that holds them is found.
- *A scene that moves*: one listed frame, where the upload does not stand still. A title or a logo does, and two
  unrelated films do not film the same movement.
- *One picture*: of a listed film that has no two scenes (it is short, or nothing moves in it) one frame is the
  evidence, as with a picture. Of others a picture may be a still: a reason for a person to look, never more.

Cards are neither listed nor asked about (`media/cards.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from takeback.fingerprints.distance import hamming

#: Seconds into the listed film, and the value: one listed frame.
ListedFrame = tuple[int, bytes]

#: Largest distance at which a frame shows a listed one, in bits: that of pictures.
FRAME_THRESHOLD_BITS = 31
#: The same where two scenes have to be found, and where one has to move.
SCENES_THRESHOLD_BITS = 48
MOVING_THRESHOLD_BITS = 40
#: How far apart two found frames must at least stand in the listed film.
APART_SECONDS = 2
#: How unlike each other they must at least be, in bits.
UNLIKE_BITS = 31
#: How far the upload's frames of a scene that moves must at least differ, in bits. Encoding moves a still one less.
MOVES_BITS = 10
#: Frames further apart in the upload are not beside each other, in seconds.
BESIDE_SECONDS = 1


@dataclass(frozen=True, slots=True)
class Sighting:
    """A frame of the upload, by its own value, is near a listed one; `moves` where the upload does not stand still."""

    frame: bytes
    listed: ListedFrame
    distance: int
    moves: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """An upload shows a listed film, or a frame of it.

    `distance` is the nearest frame's; `frames` how many listed frames are within `threshold` bits, and how many there
    are. `strong` where two scenes, or all that there is, are within that of pictures.
    """

    distance: int
    threshold: int
    frames: tuple[int, int]
    strong: bool


def moving(frames: Sequence[tuple[int, bytes]]) -> list[bool]:
    """Says of each of an upload's frames (second, value), in their order, whether all beside it differ from it."""
    beside = [
        abs(one[0] - other[0]) <= BESIDE_SECONDS and hamming(one[1], other[1]) >= MOVES_BITS
        for one, other in pairwise(frames)
    ]
    if not beside:  # a picture
        return [False for _ in frames]
    return [before and after for before, after in zip([True, *beside], [*beside, True], strict=True)]


def still(sightings: Sequence[Sighting], listed: Collection[ListedFrame]) -> Shown | None:
    """Gives what it amounts to that a picture is near frames of a listed film."""
    near = _within(sightings, FRAME_THRESHOLD_BITS)
    return _shown(near, listed, FRAME_THRESHOLD_BITS, strong=False) if near else None


def shown(sightings: Sequence[Sighting], listed: Collection[ListedFrame]) -> Shown | None:
    """Gives what the sightings of one listed film's frames in a film amount to, or None where they are not enough."""
    near = _within(sightings, FRAME_THRESHOLD_BITS)
    if near and (_two_scenes(near) or not _has_pair(listed)):
        return _shown(near, listed, FRAME_THRESHOLD_BITS, strong=True)
    some = _within(sightings, MOVING_THRESHOLD_BITS)
    if _moves(some):
        return _shown(some, listed, MOVING_THRESHOLD_BITS, strong=False)
    far = _within(sightings, SCENES_THRESHOLD_BITS)
    if _two_scenes(far):
        return _shown(far, listed, SCENES_THRESHOLD_BITS, strong=False)
    return None


def _within(sightings: Sequence[Sighting], threshold: int) -> list[Sighting]:
    return [one for one in sightings if one.distance <= threshold]


def _two_scenes(sightings: Sequence[Sighting]) -> bool:
    """Each frame of the upload speaks for the listed frame that it is nearest to: one frame is no two scenes."""
    nearest: dict[bytes, Sighting] = {}
    for one in sightings:
        if one.frame not in nearest or one.distance < nearest[one.frame].distance:
            nearest[one.frame] = one
    return _has_pair({one.listed for one in nearest.values()})


def _moves(sightings: Sequence[Sighting]) -> bool:
    """Whether one of them moves, or those that show the same listed frame differ among themselves."""
    finders: dict[ListedFrame, set[bytes]] = {}
    for one in sightings:
        finders.setdefault(one.listed, set()).add(one.frame)
    slowly = (hamming(*pair) >= MOVES_BITS for frames in finders.values() for pair in combinations(frames, 2))
    return any(one.moves for one in sightings) or any(slowly)


def _has_pair(frames: Collection[ListedFrame]) -> bool:
    return any(
        abs(one[0] - other[0]) >= APART_SECONDS and hamming(one[1], other[1]) >= UNLIKE_BITS
        for one, other in combinations(frames, 2)
    )


def _shown(sightings: Sequence[Sighting], listed: Collection[ListedFrame], threshold: int, *, strong: bool) -> Shown:
    count = len({one.listed for one in sightings}), len(listed)
    return Shown(min(one.distance for one in sightings), threshold, count, strong)
