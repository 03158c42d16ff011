"""Whether a PDQ value says enough about a picture to be on a list.

A true PDQ value sets about half of its bits, since each stands for "above the median". Blank frames, gradients and
made-up values do not, or repeat themselves, and would match pictures that have nothing to do with their own.
"""

from __future__ import annotations

import struct

from takeback.fingerprints.types import Fingerprint

#: The reference discards what it rates below this (Meta's pdq/README; protocols call it quality ≥ 50).
MIN_PDQ_QUALITY = 50

#: Parts of a picture, on the list or of an upload, say less than a picture, and what says little is near to too much.
MIN_PART_QUALITY = 70

#: Frames of one film that may be listed: ten minutes, one a second; longer films are thinned (spec/film.md).
MAX_FILM_FRAMES = 600

#: Bits that may be set, of 256.
MIN_BITS_SET = 96
MAX_BITS_SET = 160
#: Different 16-bit words that a value must at least have, of 16.
MIN_DIFFERENT_WORDS = 5
_WORDS = struct.Struct("16H")


def says_enough(pdq: Fingerprint, *, part: bool = False) -> bool:
    """Says whether a PDQ value, of a picture or of a part of one, may be listed and is worth asking a list about."""
    least = MIN_PART_QUALITY if part else MIN_PDQ_QUALITY
    return pdq.quality is not None and pdq.quality >= least and says_too_little(pdq.value) is None


def says_too_little(pdq: bytes) -> str | None:
    """Gives why a 32-byte PDQ value must not be listed, or None when it may."""
    bits = int.from_bytes(pdq, "big").bit_count()
    if not MIN_BITS_SET <= bits <= MAX_BITS_SET:
        return "its bits are far from half ones"
    if len(set(_WORDS.unpack(pdq))) < MIN_DIFFERENT_WORDS:
        return "it repeats a pattern"
    return None
