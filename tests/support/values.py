"""256-bit values to search among: kinds that an index could stumble over, and brute force to compare with."""

from __future__ import annotations

from functools import cache

import numpy as np
import pdqhash
from PIL import Image

from support.pictures import PHOTOGRAPHS, photograph

Values = np.ndarray  # (count, 32) of uint8


@cache
def of_photographs() -> Values:
    """PDQ of scikit-image's photographs, in the eight orientations."""
    import io  # noqa: PLC0415

    forms = []
    for name in PHOTOGRAPHS:
        with Image.open(io.BytesIO(photograph(name))) as opened:
            forms += pdqhash.compute_dihedral(np.asarray(opened.convert("RGB").resize((256, 256))))[0]
    return np.packbits(np.asarray(forms, np.uint8), axis=1)


def random(rng: np.random.Generator, count: int) -> Values:
    """Any values."""
    return rng.integers(0, 256, (count, 32), np.uint8)


def balanced(rng: np.random.Generator, count: int) -> Values:
    """As PDQ is: half of the bits are set."""
    order = rng.random((count, 256)).argsort(axis=1)
    return np.packbits((order < 128).astype(np.uint8), axis=1)


def changed(rng: np.random.Generator, values: Values, most: int) -> Values:
    """Each with up to so many bits turned."""
    bits = np.unpackbits(values, axis=1)
    flips = rng.random(bits.shape).argsort(axis=1) < rng.integers(0, most + 1, (len(values), 1))
    return np.packbits(bits ^ flips, axis=1)


def clustered(rng: np.random.Generator, count: int) -> Values:
    """Around photographs' values."""
    return changed(rng, of_photographs()[rng.integers(0, len(of_photographs()), count)], 100)


def equal_chunks(rng: np.random.Generator, count: int) -> Values:
    """Each chunk is one of three: the same few buckets again and again."""
    few = rng.integers(0, 65536, (3, 16), np.uint16)
    chosen = rng.integers(0, 3, (count, 16))
    return np.ascontiguousarray(np.take_along_axis(few, chosen, axis=0)).view(np.uint8).reshape(count, 32)


def duplicates(rng: np.random.Generator, count: int) -> Values:
    """Few values, each many times."""
    return balanced(rng, 40)[rng.integers(0, 40, count)]


KINDS = (random, balanced, clustered, equal_chunks, duplicates)


def distances(values: Values, query: Values) -> np.ndarray:
    """Bits between one value and each of the others."""
    return np.bitwise_count(values.view(np.uint64) ^ query.view(np.uint64)).sum(axis=1)


def near(values: Values, query: Values, radius: int) -> list[tuple[int, int]]:
    """What an index has to find: (position, distance), nearest first."""
    found = distances(values, query)
    return sorted(((int(at), int(found[at])) for at in np.flatnonzero(found <= radius)), key=lambda one: one[::-1])
