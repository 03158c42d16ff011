"""When a film shows a listed film. Pure.

One frame is not enough: title cards and blank walls stand in many films. Two frames that are found, apart in time and
unlike each other, are; so is every excerpt and every longer film that holds them.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import combinations

from takeback.fingerprints.distance import hamming

#: Seconds into the listed film, and the value: one listed frame.
ListedFrame = tuple[int, bytes]

#: Largest distance at which a frame shows a listed one, in bits: that of pictures.
FRAME_THRESHOLD_BITS = 31
#: How far apart two found frames must at least stand in the listed film.
APART_SECONDS = 2
#: How unlike each other they must at least be, in bits.
UNLIKE_BITS = 31


def shows(found: Collection[ListedFrame], listed: Collection[ListedFrame]) -> bool:
    """Says whether the listed frames that were found in a film make it that listed film.

    A listed film that has no two such frames (it is short, or nothing moves in it) is shown where one frame is: the
    evidence is then that of a picture.
    """
    return bool(found) and (_has_pair(found) or not _has_pair(listed))


def _has_pair(frames: Collection[ListedFrame]) -> bool:
    return any(
        abs(one[0] - other[0]) >= APART_SECONDS and hamming(one[1], other[1]) >= UNLIKE_BITS
        for one, other in combinations(frames, 2)
    )
