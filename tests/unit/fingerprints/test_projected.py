"""The quick hash for asking: the same picture, at most a few bits away, however it is held."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from support.pictures import PHOTOGRAPHS, photograph
from takeback.errors import InvalidInputError
from takeback.fingerprints.pdq import Layout, pdq_of_plane, projected_pdq
from takeback.fingerprints.types import Fingerprint
from takeback.media import Fingerprinted, Fingerprinter

#: Bits by which the quick way may differ over photographs, at the median, the 99th of a hundred, and at most.
MEDIAN, P99, MOST = 0, 4, 8


def apart(one: Fingerprint, other: Fingerprint) -> int:
    return (int(one.hex, 16) ^ int(other.hex, 16)).bit_count()


@settings(max_examples=150, deadline=None)
@given(
    width=st.integers(64, 400),
    height=st.integers(64, 400),
    seed=st.integers(0, 2**32 - 1),
    cell=st.integers(2, 60),
    orientation=st.integers(1, 8),
)
def test_folding_the_filter_moves_next_to_nothing(
    width: int, height: int, seed: int, cell: int, orientation: int
) -> None:
    drawn = np.random.default_rng(seed)
    cells = drawn.integers(0, 200, (height // cell + 1, width // cell + 1), np.uint8)
    grain = drawn.integers(0, 56, (height, width), np.uint8)  # without it, coefficients are equal and rounding decides
    plane = (cells.repeat(cell, 0).repeat(cell, 1)[:height, :width] + grain).tobytes()
    size = {"width": width, "height": height, "orientation": orientation}
    canonical, quick = pdq_of_plane(plane, **size, layout=Layout.GREY8), projected_pdq(plane, **size)
    assert apart(canonical, quick) <= 2
    assert abs((canonical.quality or 0) - (quick.quality or 0)) <= 1


@pytest.mark.parametrize("name", PHOTOGRAPHS)
@pytest.mark.parametrize("orientation", [1, 3, 6])
def test_a_jpeg_is_asked_for_by_what_it_is_listed_by(name: str, orientation: int) -> None:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = orientation
    Image.open(io.BytesIO(photograph(name))).convert("RGB").save(out, "JPEG", quality=85, exif=exif)
    with Fingerprinter() as canonical, Fingerprinter(quick=True) as quick:
        listed, asked = (way.fingerprint(out.getvalue()) for way in (canonical, quick))
    assert isinstance(listed, Fingerprinted)
    assert isinstance(asked, Fingerprinted)
    assert listed.fingerprints[:2] == asked.fingerprints[:2]
    assert apart(listed.fingerprints[2], asked.fingerprints[2]) <= MOST


def test_photographs_stay_within_the_stated_distance(test_data: Path) -> None:
    distances = []
    with Fingerprinter() as canonical, Fingerprinter(quick=True) as quick:
        for file in sorted((test_data / "photos").iterdir()):
            listed, asked = canonical.fingerprint(file), quick.fingerprint(file)
            if isinstance(listed, Fingerprinted) and len(listed.fingerprints) > 2:
                assert isinstance(asked, Fingerprinted)
                distances.append(apart(listed.fingerprints[2], asked.fingerprints[2]))
    distances.sort()
    assert len(distances) > 100
    found = (distances[len(distances) // 2], distances[int(len(distances) * 0.99)], distances[-1])
    assert all(is_ <= may for is_, may in zip(found, (MEDIAN, P99, MOST), strict=True)), found


@pytest.mark.parametrize(
    ("field", "asked"),
    [
        ("width, height", {"width": 0, "height": 5}),
        ("width, height", {"width": 2**20 + 1, "height": 1}),
        ("luma", {"width": 5, "height": 6}),
        ("orientation, layout", {"width": 5, "height": 5, "orientation": 9}),
    ],
)
def test_a_refused_argument_is_named(field: str, asked: dict[str, int]) -> None:
    with pytest.raises(InvalidInputError) as refused:
        projected_pdq(bytes(25), **asked)
    assert refused.value.field == field
