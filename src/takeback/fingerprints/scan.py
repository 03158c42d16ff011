"""Every value within a radius, by looking at all of them: simple, exact, and memory-bound."""

from __future__ import annotations

import ctypes

from takeback.fingerprints._native import core

VALUE_BYTES = 32
#: Room for results in the first try; a query with more runs once more with enough.
_FIRST_CAPACITY = 256


def within(values: bytes | bytearray, query: bytes, radius: int) -> list[tuple[int, int]]:
    """Gives (position, distance in bits) of every packed 32-byte value within `radius` of `query`, by position."""
    library, count, capacity = core(), len(values) // VALUE_BYTES, _FIRST_CAPACITY
    packed = (ctypes.c_char * len(values)).from_buffer(values) if isinstance(values, bytearray) else values
    while True:
        positions, distances = (ctypes.c_uint32 * capacity)(), (ctypes.c_uint16 * capacity)()
        found = library.tb_scan_256(packed, count, query, radius, positions, distances, capacity)
        if found <= capacity:
            return list(zip(positions[:found], distances[:found], strict=True))
        capacity = found
