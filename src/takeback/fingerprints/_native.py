"""The C core through ctypes: one shared library without a Python ABI, which releases the GIL during calls.

A test holds these signatures against native/include/takeback.h.
"""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from pathlib import Path

from takeback.errors import NativeCoreError

_SUFFIX = {"darwin": ".dylib", "win32": ".dll"}.get(sys.platform, ".so")
LIBRARY = Path(__file__).with_name(f"_core{_SUFFIX}")

_pointer, _size, _u32, _int, _float = (
    ctypes.c_void_p,
    ctypes.c_size_t,
    ctypes.c_uint32,
    ctypes.c_int,
    ctypes.c_float,
)

#: Name → (result, arguments), as the header has them.
SIGNATURES: dict[str, tuple[type | None, list[type]]] = {
    "tb_pdq_state_size": (_size, [_u32, _u32, _int]),
    "tb_pdq_begin": (_int, [_pointer, _u32, _u32, _int]),
    "tb_pdq_rows": (_int, [_pointer, _pointer, _u32, _size, _int]),
    "tb_pdq_finish": (_int, [_pointer, _pointer]),
    "tb_pdq_dihedral": (None, [_pointer, _pointer]),
    "tb_pdq_coefficients": (None, [_pointer, _pointer]),
    "tb_pdq_plane_size": (_size, [_u32, _u32]),
    "tb_pdq_plane": (_int, [_pointer, _pointer, _u32, _u32, _u32, _size, _int, _int, _pointer]),
    "tb_pdq_keep": (None, [_pointer, _pointer]),
    "tb_plane_size": (_size, [_u32, _u32, _u32]),
    "tb_plane_begin": (_int, [_pointer, _u32, _u32, _u32, _int]),
    "tb_plane_rows": (_int, [_pointer, _pointer, _u32, _size, _int]),
    "tb_plane_sides": (None, [_pointer, _pointer]),
    "tb_plane_luma": (None, [_pointer, _pointer]),
    "tb_plane_smooth": (_u32, [_pointer]),
    "tb_plane_shrunk": (_int, [_pointer, _pointer]),
    "tb_plane_tilted": (_int, [_pointer, _pointer, _float, _float]),
    "tb_plane_pdq": (_int, [_pointer, _pointer, _u32, _pointer]),
    "tb_plane_boxes": (_u32, [_pointer, _pointer, _u32]),
    "tb_radius_size": (_size, [_pointer, _pointer, _size, ctypes.c_uint, ctypes.c_uint]),
    "tb_radius_scratch": (_size, [_size]),
    "tb_radius_begin": (
        _int,
        [_pointer, _size, _pointer, _pointer, _size, ctypes.c_uint, ctypes.c_uint, _pointer],
    ),
    "tb_radius_chunk": (None, [_pointer, ctypes.c_uint, _pointer]),
    "tb_radius_check": (_int, [_pointer, _size]),
    "tb_delta_size": (_size, [_u32, _u32]),
    "tb_delta_begin": (None, [_pointer, _u32, _u32]),
    "tb_delta_insert": (_int, [_pointer, _pointer, ctypes.c_uint64]),
    "tb_delta_delete": (_int, [_pointer, ctypes.c_uint64]),
    "tb_delta_count": (_size, [_pointer]),
    "tb_delta_deletions": (_size, [_pointer, _pointer]),
    "tb_radius_within": (_size, [_pointer, _size, _pointer, _pointer, _size, _int, _pointer, _size]),
    "tb_radius_path": (_int, [_int]),
    "tb_radius_live": (_size, [_pointer, _size, _size, _size, _pointer, _pointer]),
    "tb_entries": (_size, [_pointer, _size, _pointer, _size, _pointer]),
    "tb_column": (None, [_pointer, _size, _size, _size, _size, _pointer, _size]),
    "tb_sum_256": (None, [_pointer, _size, _pointer]),
    "tb_scan_256": (_size, [_pointer, _size, _pointer, ctypes.c_uint, _pointer, _pointer, _size]),
}


@cache
def core() -> ctypes.CDLL:
    """Gives the loaded core, or raises NativeCoreError that says what to do."""
    try:
        library = ctypes.CDLL(str(LIBRARY))
        for name, (result, arguments) in SIGNATURES.items():
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
    except (OSError, AttributeError):
        raise NativeCoreError(
            "The C core does not load. Install takeback from a wheel for this platform, or build it with a C compiler "
            "(`pip install .` in a checkout)."
        ) from None
    return library
