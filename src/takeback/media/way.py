"""What is made of a picture beside its own hash: to put it on a list, or to ask a list about it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass

from msgspec.structs import replace

from takeback.fingerprints.edits import Protection, edits_of
from takeback.fingerprints.evidence import says_enough
from takeback.fingerprints.plane import BOX_SIDE, EDIT_SIDE, Box, Plane
from takeback.fingerprints.types import Fingerprint
from takeback.fingerprints.variants import Effort, variants_of

#: Longest side in pixels of a film's frame in which boxes are looked for, but for full effort: there are many frames.
_FRAME_SIDE = 512


@dataclass(frozen=True, slots=True)
class Way:
    """`quick` asks a list, with this `effort`; otherwise values are canonical, with the edits of this `protection`."""

    quick: bool = False
    protection: Protection = Protection.PLAIN
    effort: Effort = Effort.PLAIN

    def as_json(self) -> str:
        """Gives it as a word for the child's command line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, word: str) -> Way:
        """The other way round."""
        given = json.loads(word)
        return cls(given["quick"], Protection(given["protection"]), Effort(given["effort"]))

    def plane(self, width: int, height: int, orientation: int, *, frame: bool = False) -> Plane | None:
        """Gives the small plane to fill with the picture's stored rows, or None where nothing is made from it."""
        if self.quick and self.effort is not Effort.PLAIN:
            small = frame and self.effort is not Effort.FULL
            return Plane(width, height, side=_FRAME_SIDE if small else BOX_SIDE, orientation=orientation)
        if not self.quick and self.protection is not Protection.PLAIN and not frame:
            return Plane(width, height, side=EDIT_SIDE, orientation=orientation)
        return None

    def beside(
        self,
        own: Fingerprint,
        plane: Plane | None,
        upright: tuple[int, int],
        *,
        frame: bool = False,
        left_out: Callable[[Box], bool] = lambda _: False,
    ) -> tuple[Fingerprint, ...]:
        """Gives the hashes beside the picture's own: variants of it, or its edits; `upright` is its size in pixels.

        Pictures inside it that are `left_out` are not looked at.
        """
        if plane is None or (frame and not says_enough(own)):  # a frame's variants stand behind its own value
            return ()
        if self.quick:
            return tuple(variants_of(own, plane, self.effort, frame=frame, left_out=left_out))
        return tuple(
            replace(plane.pdq((edit.left, edit.top, edit.right, edit.bottom))[0], edit=edit.name)
            for edit in edits_of(self.protection, *upright)
        )
