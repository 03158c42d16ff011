"""The claim of native/src/pdq_luma.c: whole numbers and one division give the reference's luma, for every colour."""

from __future__ import annotations

import numpy as np


def test_every_colour_has_the_reference_luma() -> None:
    green, blue = np.meshgrid(np.arange(256.0), np.arange(256.0))
    for red in np.arange(256.0):
        reference = ((0.299 * red + 0.587 * green) + 0.114 * blue).astype(np.float32)
        whole = (299 * red + 587 * green + 114 * blue).astype(np.float32)
        assert np.array_equal(reference, whole / np.float32(1000))
