"""PDQ of a picture's pixels, by the C core (Meta, "TMK+PDQF and PDQ", 2019; bit for bit what `pdqhash` computes)."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from enum import IntEnum

from takeback.errors import InvalidInputError
from takeback.fingerprints._native import core
from takeback.fingerprints.types import Fingerprint, FingerprintType

#: The eight ways to hold a picture: EXIF orientation (CIPA DC-008, tag 0x0112). 1 is as stored.
UPRIGHT = 1
ORIENTATIONS = range(1, 9)
#: Those that change width and height.
TURNED_SIDEWAYS = range(5, 9)

#: How many times smaller than the picture a plane may be: what a JPEG decoder gives for less work.
SCALES = (1, 2, 4, 8)

#: Bytes, or memory that may be written, such as a decoder's plane.
Rows = bytes | bytearray | memoryview

HASH_BYTES = 32
#: The ways to turn and mirror a picture.
FORMS = 8
_KEPT = 16


class Layout(IntEnum):
    """How a row's bytes stand: 8 bits a channel. The numbers are the header's.

    VIDEO8 is luma as films keep it: 16 is black and 235 white (ITU-R BT.709). VIDEO10 is four times that in two bytes,
    the lower first.
    """

    GREY8 = 1
    VIDEO8 = 2
    RGB8 = 3
    RGBX8 = 4
    VIDEO10 = 5

    @property
    def pixel_bytes(self) -> int:
        """Bytes of one pixel."""
        return {Layout.VIDEO8: 1, Layout.VIDEO10: 2}.get(self, self.value)


def pdq_of_rows(
    strips: Iterable[bytes],
    *,
    width: int,
    height: int,
    layout: Layout = Layout.RGB8,
    orientation: int = UPRIGHT,
    plane: ctypes.Array[ctypes.c_char] | None = None,
) -> Fingerprint:
    """Gives the PDQ fingerprint of a picture that comes in strips of whole rows, top to bottom.

    `width` and `height` are those of the stored rows, in pixels; the fingerprint is that of the picture turned upright.
    `plane`, the memory of a `Plane` of the same size and orientation, is filled on the way.
    """
    state, library = _begun(width, height, orientation)
    if plane is not None:
        library.tb_pdq_keep(state, plane)
    stride = width * layout.pixel_bytes
    for strip in strips:
        rows, rest = divmod(len(strip), stride)
        if rest or library.tb_pdq_rows(state, strip, rows, stride, layout) != 0:
            raise InvalidInputError(
                field="strips", problem="do not hold the rows that were announced.", remedy="Give whole rows."
            )
    return _finished(state, library)


def pdq_of_plane(
    pixels: Rows,
    *,
    width: int,
    height: int,
    layout: Layout = Layout.RGB8,
    orientation: int = UPRIGHT,
    stride: int | None = None,
) -> Fingerprint:
    """Gives the PDQ fingerprint of a whole picture, whose rows are `stride` bytes apart (without gaps, if not said)."""
    state, library = _begun(width, height, orientation)
    stride = stride or width * layout.pixel_bytes
    if _size(pixels) < height * stride or stride < width * layout.pixel_bytes:
        raise InvalidInputError(field="pixels", problem="are too few.", remedy="Give height whole rows.")
    library.tb_pdq_rows(state, pointer_to(pixels), height, stride, layout)
    return _finished(state, library)


def projected_pdq(
    luma: Rows,
    *,
    width: int,
    height: int,
    layout: Layout = Layout.GREY8,
    orientation: int = UPRIGHT,
    stride: int | None = None,
    scale: int = 1,
) -> Fingerprint:
    """Gives the PDQ fingerprint of a plane of luma (GREY8 or VIDEO8), for asking a list and never for putting on it.

    The same real numbers as `pdq_of_plane` of a grey picture, rounded in another order, many times faster. The plane
    may be `scale` times smaller than the picture of `width` × `height` (1, 2, 4 or 8, sides rounded up: a JPEG's scaled
    decode); that moves a few bits more.
    """
    if scale not in SCALES:
        raise InvalidInputError(field="scale", problem="is not a JPEG decoder's.", remedy="Give 1, 2, 4 or 8.")
    plane_width, plane_height = -(-width // scale), -(-height // scale)
    stride = stride or plane_width
    library = core()
    size = library.tb_pdq_plane_size(width, height) if 0 < width < 2**32 and 0 < height < 2**32 else 0
    if not size:
        raise InvalidInputError(field="width, height", problem="cannot be hashed.", remedy="Give a side of 1 to 2^20.")
    if _size(luma) < plane_height * stride or stride < plane_width:
        raise InvalidInputError(field="luma", problem="is too small.", remedy="Give height whole rows.")
    scratch, value = ctypes.create_string_buffer(size), ctypes.create_string_buffer(HASH_BYTES)
    quality = library.tb_pdq_plane(scratch, pointer_to(luma), width, height, scale, stride, layout, orientation, value)
    if quality < 0:
        raise InvalidInputError(
            field="orientation, layout", problem="are not known.", remedy="Give an EXIF orientation, 1 to 8, and luma."
        )
    return Fingerprint(FingerprintType.PDQ, value.raw, int(quality))


def dihedral_pdq(pixels: bytes, *, width: int, height: int, layout: Layout = Layout.RGB8) -> tuple[bytes, ...]:
    """Gives the eight hashes that one DCT holds, in the order of `tb_pdq_dihedral`: as stored comes first.

    They are near, and not equal to, the hashes of the turned pictures (mean 6–13 bits): variants to look up, never to
    list.
    """
    state, library = _hashed(pixels, width, height, layout)
    hashes = ctypes.create_string_buffer(FORMS * HASH_BYTES)
    library.tb_pdq_dihedral(state, hashes)
    return tuple(hashes.raw[at : at + HASH_BYTES] for at in range(0, len(hashes.raw), HASH_BYTES))


def pdq_coefficients(
    pixels: bytes, *, width: int, height: int, layout: Layout = Layout.RGB8
) -> tuple[tuple[float, ...], ...]:
    """Gives the 16 rows of 16 DCT coefficients that the hash is made of: a bit is set above their lower median.

    The first is bit 0. How far a coefficient lies from the median says how easily its bit changes.
    """
    state, library = _hashed(pixels, width, height, layout)
    coefficients = (ctypes.c_float * _KEPT**2)()
    library.tb_pdq_coefficients(state, coefficients)
    return tuple(tuple(coefficients[at : at + _KEPT]) for at in range(0, _KEPT**2, _KEPT))


def _hashed(pixels: bytes, width: int, height: int, layout: Layout) -> tuple[ctypes.Array[ctypes.c_char], ctypes.CDLL]:
    """The state after a whole picture, for what may be asked of it besides its hash."""
    state, library = _begun(width, height, UPRIGHT)
    stride = width * layout.pixel_bytes
    if len(pixels) < height * stride:
        raise InvalidInputError(field="pixels", problem="are too few.", remedy="Give height whole rows.")
    library.tb_pdq_rows(state, pixels, height, stride, layout)
    _finished(state, library)
    return state, library


def _size(rows: Rows) -> int:
    return memoryview(rows).nbytes


def pointer_to(rows: Rows) -> object:
    """Gives what ctypes takes as a pointer to the bytes, without a copy of them."""
    return rows if isinstance(rows, bytes) else (ctypes.c_char * _size(rows)).from_buffer(rows)


def _begun(width: int, height: int, orientation: int) -> tuple[ctypes.Array[ctypes.c_char], ctypes.CDLL]:
    if orientation not in ORIENTATIONS:
        raise InvalidInputError(field="orientation", problem="is not an EXIF orientation.", remedy="Give 1 to 8.")
    library, known = core(), 0 < width < 2**32 and 0 < height < 2**32
    size = library.tb_pdq_state_size(width, height, orientation) if known else 0
    if not size:
        raise InvalidInputError(field="width, height", problem="cannot be hashed.", remedy="Give a side of 1 to 2^20.")
    state = ctypes.create_string_buffer(size)
    library.tb_pdq_begin(state, width, height, orientation)
    return state, library


def _finished(state: ctypes.Array[ctypes.c_char], library: ctypes.CDLL) -> Fingerprint:
    value = ctypes.create_string_buffer(HASH_BYTES)
    quality = library.tb_pdq_finish(state, value)
    if quality < 0:
        raise InvalidInputError(field="strips", problem="are missing rows.", remedy="Give height whole rows.")
    return Fingerprint(FingerprintType.PDQ, value.raw, int(quality))
