"""A picture's luma, upright and small: its parts, turns and tilts are hashed from it without decoding again."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Sequence

from takeback.errors import InvalidInputError
from takeback.fingerprints._native import core
from takeback.fingerprints.pdq import FORMS, HASH_BYTES, UPRIGHT, Layout, Rows, pointer_to
from takeback.fingerprints.types import Fingerprint, FingerprintType

#: A part of an upright picture: left, top, right, bottom in fractions of its sides. Beyond it, its edge goes on.
Box = tuple[float, float, float, float]
WHOLE: Box = (0.0, 0.0, 1.0, 1.0)

#: Two of the eight forms of one DCT. The order is that of `tb_pdq_dihedral`: as it stands, turned by 90, 180 and 270
#: degrees, mirrored top to bottom and left to right, and along either diagonal.
AS_IT_STANDS, MIRRORED = 0, 5
ALL_FORMS = tuple(range(FORMS))

#: Longest side in pixels of a plane that simulated edits are made from (spec/edits.md).
EDIT_SIDE = 512
#: Longest side in pixels of a plane in which boxes are looked for.
BOX_SIDE = 768


class Plane:
    """Filled with the rows of a picture that is held as `orientation` says, then asked for hashes; by one thread."""

    def __init__(self, width: int, height: int, *, side: int, orientation: int = UPRIGHT) -> None:
        self._core = core()
        size = self._core.tb_plane_size(width, height, side) if 0 < width < 2**32 and 0 < height < 2**32 else 0
        if not size:
            raise InvalidInputError(
                field="width, height", problem="cannot be hashed.", remedy="Give a side of 1 to 2^20."
            )
        self.memory = ctypes.create_string_buffer(size)
        if self._core.tb_plane_begin(self.memory, width, height, side, orientation) != 0:
            raise InvalidInputError(field="orientation", problem="is not an EXIF orientation.", remedy="Give 1 to 8.")
        sides = (ctypes.c_uint32 * 2)()
        self._core.tb_plane_sides(self.memory, sides)
        self.width, self.height = sides
        """Pixels of the small, upright plane."""

    def rows(self, pixels: Rows, *, layout: Layout, rows: int, stride: int) -> None:
        """Takes further rows, `stride` bytes apart."""
        if self._core.tb_plane_rows(self.memory, pointer_to(pixels), rows, stride, layout) != 0:
            raise InvalidInputError(field="rows", problem="are too many.", remedy="Give height whole rows.")

    def pdq(self, box: Box = WHOLE, forms: Sequence[int] = (AS_IT_STANDS,)) -> tuple[Fingerprint, ...]:
        """Gives the PDQ of a part, as if it were a picture of its own, in each of these forms of the eight."""
        hashes = ctypes.create_string_buffer(FORMS * HASH_BYTES)
        mask = sum(1 << form for form in forms)
        quality = self._core.tb_plane_pdq(self.memory, (ctypes.c_float * 4)(*box), mask, hashes)
        if quality < 0:
            raise InvalidInputError(
                field="box", problem="is empty, or rows are missing.", remedy="Give all rows first."
            )
        starts, raw = (HASH_BYTES * form for form in forms), hashes.raw
        return tuple(Fingerprint(FingerprintType.PDQ, raw[at : at + HASH_BYTES], quality) for at in starts)

    def luma(self) -> bytes:
        """Gives its pixels, row by row, as 32-bit floats from 0 to 255."""
        luma = (ctypes.c_float * (self.width * self.height))()
        self._core.tb_plane_luma(self.memory, luma)
        return bytes(luma)

    def boxes(self, most: int) -> list[Box]:
        """Gives where pictures may stand in it (screenshots, borders, collages): at most `most`, likeliest first."""
        found = (ctypes.c_float * (4 * most))()
        count = self._core.tb_plane_boxes(self.memory, found, most)
        return [(found[at], found[at + 1], found[at + 2], found[at + 3]) for at in range(0, 4 * count, 4)]

    def smooth(self) -> int:
        """Gives how many of a thousand pixels are smooth, as spec/film.md says it."""
        return int(self._core.tb_plane_smooth(self.memory))

    def shrunk(self, side: int) -> Plane:
        """Gives the same, no side longer than `side` pixels."""
        small = Plane(self.width, self.height, side=side)
        if self._core.tb_plane_shrunk(self.memory, small.memory) != 0:
            raise InvalidInputError(field="plane", problem="is missing rows.", remedy="Give all rows first.")
        return small

    def tilted(self, degrees: float) -> Plane:
        """Gives the same, turned about its middle: what is seen turns against the clock. The edge goes on."""
        turned = Plane(self.width, self.height, side=max(self.width, self.height))
        cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        if self._core.tb_plane_tilted(self.memory, turned.memory, cosine, sine) != 0:
            raise InvalidInputError(field="plane", problem="is missing rows.", remedy="Give all rows first.")
        return turned
