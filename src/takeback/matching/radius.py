"""Radius look-up over packed 256-bit values. A faster index will replace what is behind this interface, not it."""

from __future__ import annotations

from dataclasses import dataclass

from takeback.fingerprints.scan import VALUE_BYTES, within


@dataclass(frozen=True, slots=True)
class RadiusIndex:
    """Values in the order in which they were given; a position is an index into it."""

    values: bytes = b""

    def __len__(self) -> int:
        return len(self.values) // VALUE_BYTES

    def value_at(self, position: int) -> bytes:
        """Gives one value."""
        return self.values[position * VALUE_BYTES : (position + 1) * VALUE_BYTES]

    def within(self, value: bytes, radius: int) -> list[tuple[int, int]]:
        """Gives (position, distance in bits) of everything within `radius` bits, by position. Exact."""
        return within(self.values, value, radius) if self.values else []
