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
from takeback.fingerprints.pdq import SCALES, Layout, pdq_of_plane, projected_pdq
from takeback.fingerprints.types import Fingerprint
from takeback.media import Fingerprinted, Fingerprinter
from takeback.media.canonical import quick_scale

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


@settings(max_examples=150, deadline=None)
@given(
    columns=st.integers(64, 200),
    rows=st.integers(64, 200),
    missing=st.tuples(st.integers(0, 7), st.integers(0, 7)),
    seed=st.integers(0, 2**32 - 1),
    scale=st.sampled_from(SCALES),
    orientation=st.integers(1, 8),
)
def test_a_smaller_plane_stands_for_the_squares_that_it_covers(
    columns: int, rows: int, missing: tuple[int, int], seed: int, scale: int, orientation: int
) -> None:
    """The weights are summed, and nothing else: a picture of equal squares hashes alike, the last ones cut or not."""
    small = np.random.default_rng(seed).integers(0, 256, (rows, columns), np.uint8)
    width, height = columns * scale - missing[0] % scale, rows * scale - missing[1] % scale
    whole = np.ascontiguousarray(small.repeat(scale, 0).repeat(scale, 1)[:height, :width])
    size = {"width": width, "height": height, "orientation": orientation}
    of_whole, of_small = projected_pdq(whole.tobytes(), **size), projected_pdq(small.tobytes(), **size, scale=scale)
    assert apart(of_whole, of_small) <= 2
    assert abs((of_whole.quality or 0) - (of_small.quality or 0)) <= 1


@pytest.mark.parametrize(
    ("size", "scale"),
    [
        ((2047, 2047), 1),
        ((2048, 1536), 2),
        ((3000, 4000), 2),
        ((4096, 3072), 4),
        ((20_000, 12_000), 4),
        ((4096, 512), 2),
        ((4096, 511), 1),
    ],
)
def test_a_large_jpeg_is_decoded_smaller_and_keeps_1024_pixels(size: tuple[int, int], scale: int) -> None:
    assert quick_scale(*size) == scale
    assert max(size) / scale >= min(1024, max(size))


@pytest.mark.parametrize("name", PHOTOGRAPHS)
@pytest.mark.parametrize("longer_side", [2051, 4099])
def test_decoding_smaller_moves_a_few_bits(name: str, longer_side: int) -> None:
    with Image.open(io.BytesIO(photograph(name))) as image:
        factor = longer_side / max(image.size)
        size = (round(image.width * factor), round(image.height * factor))
        large = io.BytesIO()
        image.convert("RGB").resize(size, Image.Resampling.BICUBIC).save(large, "JPEG", quality=85)
    with Fingerprinter() as canonical, Fingerprinter(quick=True) as quick:
        listed, asked = (way.fingerprint(large.getvalue()) for way in (canonical, quick))
    assert isinstance(listed, Fingerprinted)
    assert isinstance(asked, Fingerprinted)
    assert (asked.width, asked.height) == (listed.width, listed.height) == size
    assert apart(listed.fingerprints[2], asked.fingerprints[2]) <= MOST


def test_a_jpeg_with_a_second_picture_behind_it_is_quick_too() -> None:
    """Phones put maps of brightness and depth there; libraries call that another format."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(photograph("coffee.png"))) as image:
        large = image.convert("RGB").resize((2400, 1600))
        large.save(out, "MPO", save_all=True, append_images=[large.convert("L").resize((600, 400)).convert("RGB")])
    with Fingerprinter() as canonical, Fingerprinter(quick=True) as quick:
        listed, asked = (way.fingerprint(out.getvalue()) for way in (canonical, quick))
    assert isinstance(listed, Fingerprinted)
    assert isinstance(asked, Fingerprinted)
    assert (asked.width, asked.height) == (listed.width, listed.height) == (2400, 1600)
    assert apart(listed.fingerprints[2], asked.fingerprints[2]) <= MOST


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
        ("luma", {"width": 25, "height": 17, "scale": 4}),
        ("scale", {"width": 5, "height": 5, "scale": 3}),
        ("scale", {"width": 5, "height": 5, "scale": 0}),
        ("orientation, layout", {"width": 5, "height": 5, "orientation": 9}),
    ],
)
def test_a_refused_argument_is_named(field: str, asked: dict[str, int]) -> None:
    with pytest.raises(InvalidInputError) as refused:
        projected_pdq(bytes(25), **asked)
    assert refused.value.field == field
