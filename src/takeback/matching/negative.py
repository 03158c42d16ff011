"""Whether fingerprints are those of a picture that everybody has: a blank frame, a gradient, a logo, a meme.

Values of blank frames, gradients and the like are there from the start (`patterns.json`); others are put on a negative
list by two persons (staff/negative.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from takeback.fingerprints.distance import STRONG_BITS
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.matching.radius import RadiusIndex

#: A picture this near to one on the negative list would match it, in bits.
RADIUS_BITS = STRONG_BITS
#: A film counts where at least this share of its frames are on the negative list: most films hold a blank one.
FRAME_SHARE = 0.5
Value = tuple[FingerprintType, bytes]


class NegativeList:
    """Values to compare with. Safe to use from several threads."""

    def __init__(self, values: Iterable[Value]) -> None:
        all_ = list(values)
        self._exact = frozenset(one for one in all_ if not one[0].perceptual)
        self._near = RadiusIndex.build(b"".join(v for type_, v in all_ if type_.perceptual), radius=RADIUS_BITS)

    def first_in(self, prints: Sequence[Fingerprint]) -> int | None:
        """Gives which fingerprint of an entry makes it one that may not be listed, or None."""
        return self.first_in_each([prints])[0]

    def first_in_each(self, entries: Sequence[Sequence[Fingerprint]]) -> list[int | None]:
        """Gives the same of many entries, with one question to the index."""
        places = [(of, at) for of, prints in enumerate(entries) for at, one in enumerate(prints) if one.type.perceptual]
        found = self._near.within_many([entries[of][at].value for of, at in places]) if places else []
        near: list[set[int]] = [set() for _ in entries]
        for (of, at), finds in zip(places, found, strict=True):
            if finds:
                near[of].add(at)
        return [self._first(prints, ats) for prints, ats in zip(entries, near, strict=True)]

    def _first(self, prints: Sequence[Fingerprint], near: set[int]) -> int | None:
        frames = {at for at in near if prints[at].type is FingerprintType.VPDQ}
        if frames and len(frames) < FRAME_SHARE * sum(one.type is FingerprintType.VPDQ for one in prints):
            near = near - frames
        exact = (at for at, one in enumerate(prints) if (one.type, one.value) in self._exact)
        return min([*near, *exact], default=None)


@cache
def patterns() -> tuple[Value, ...]:
    """Gives the values of the drawings that scripts/write_patterns.py makes."""
    drawn: dict[str, list[str]] = json.loads(Path(__file__).with_name("patterns.json").read_text(encoding="utf-8"))
    return tuple((FingerprintType.PDQ, bytes.fromhex(value)) for values in drawn.values() for value in values)
