"""How far two perceptual values are apart."""

from __future__ import annotations

#: Largest distance of two PDQ values that is a strong match, in bits (Meta's pdq/README recommends 31).
STRONG_BITS = 31


def hamming(one: bytes, other: bytes) -> int:
    """Gives the number of bits in which two values of the same length differ."""
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()
