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

_HASH_BYTES = 32
_FORMS = 8


class Layout(IntEnum):
    """How a row's bytes stand: 8 bits a channel. The number is the header's; bytes a pixel are the same number."""

    GREY8 = 1
    RGB8 = 3
    RGBX8 = 4


def pdq_of_rows(
    strips: Iterable[bytes], *, width: int, height: int, layout: Layout = Layout.RGB8, orientation: int = UPRIGHT
) -> Fingerprint:
    """Gives the PDQ fingerprint of a picture that comes in strips of whole rows, top to bottom.

    `width` and `height` are those of the stored rows, in pixels; the fingerprint is that of the picture turned upright.
    """
    state, library = _begun(width, height, orientation)
    stride = width * layout
    for strip in strips:
        rows, rest = divmod(len(strip), stride)
        if rest or library.tb_pdq_rows(state, strip, rows, stride, layout) != 0:
            raise InvalidInputError(
                field="strips", problem="do not hold the rows that were announced.", remedy="Give whole rows."
            )
    return _finished(state, library)


def pdq_of_plane(
    pixels: bytes, *, width: int, height: int, layout: Layout = Layout.RGB8, orientation: int = UPRIGHT
) -> Fingerprint:
    """Gives the PDQ fingerprint of a whole picture: rows without gaps."""
    return pdq_of_rows([pixels], width=width, height=height, layout=layout, orientation=orientation)


def projected_pdq(luma: bytes, *, width: int, height: int, orientation: int = UPRIGHT) -> Fingerprint:
    """Gives the PDQ fingerprint of a plane of luma, one byte a pixel, for asking a list and never for putting on it.

    The same real numbers as `pdq_of_plane` of a grey picture, rounded in another order, many times faster.
    """
    library = core()
    size = library.tb_pdq_plane_size(width, height) if 0 < width < 2**32 and 0 < height < 2**32 else 0
    if not size:
        raise InvalidInputError(field="width, height", problem="cannot be hashed.", remedy="Give a side of 1 to 2^20.")
    if len(luma) != width * height:
        raise InvalidInputError(field="luma", problem="is not width × height bytes.", remedy="Give whole rows.")
    scratch, value = ctypes.create_string_buffer(size), ctypes.create_string_buffer(_HASH_BYTES)
    quality = library.tb_pdq_plane(scratch, luma, width, height, width, orientation, value)
    if quality < 0:
        raise InvalidInputError(field="orientation", problem="is not an EXIF orientation.", remedy="Give 1 to 8.")
    return Fingerprint(FingerprintType.PDQ, value.raw, int(quality))


def dihedral_pdq(pixels: bytes, *, width: int, height: int, layout: Layout = Layout.RGB8) -> tuple[bytes, ...]:
    """Gives the eight hashes that one DCT holds, in the order of `tb_pdq_dihedral`: as stored comes first.

    They are near, and not equal to, the hashes of the turned pictures (mean 6–13 bits): variants to look up, never to
    list.
    """
    state, library = _begun(width, height, UPRIGHT)
    if library.tb_pdq_rows(state, pixels, height, width * layout, layout) != 0:
        raise InvalidInputError(field="pixels", problem="are too many.", remedy="Give height whole rows.")
    _finished(state, library)
    hashes = ctypes.create_string_buffer(_FORMS * _HASH_BYTES)
    library.tb_pdq_dihedral(state, hashes)
    return tuple(hashes.raw[at : at + _HASH_BYTES] for at in range(0, len(hashes.raw), _HASH_BYTES))


def _begun(width: int, height: int, orientation: int) -> tuple[ctypes.Array[ctypes.c_char], ctypes.CDLL]:
    library = core()
    size = library.tb_pdq_state_size(width, height) if 0 < width < 2**32 and 0 < height < 2**32 else 0
    if not size:
        raise InvalidInputError(field="width, height", problem="cannot be hashed.", remedy="Give a side of 1 to 2^20.")
    state = ctypes.create_string_buffer(size)
    if library.tb_pdq_begin(state, width, height, orientation) != 0:
        raise InvalidInputError(field="orientation", problem="is not an EXIF orientation.", remedy="Give 1 to 8.")
    return state, library


def _finished(state: ctypes.Array[ctypes.c_char], library: ctypes.CDLL) -> Fingerprint:
    value = ctypes.create_string_buffer(_HASH_BYTES)
    quality = library.tb_pdq_finish(state, value)
    if quality < 0:
        raise InvalidInputError(field="strips", problem="are missing rows.", remedy="Give height whole rows.")
    return Fingerprint(FingerprintType.PDQ, value.raw, int(quality))
