"""The small plane: hashes of a picture's parts, without decoding again."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageOps

from support.pictures import PHOTOGRAPHS, photograph
from takeback.errors import InvalidInputError
from takeback.fingerprints.distance import hamming
from takeback.fingerprints.pdq import Layout, pdq_of_plane, pdq_of_rows
from takeback.fingerprints.plane import ALL_FORMS, BOX_SIDE, EDIT_SIDE, WHOLE, Box, Plane

#: Bits between the hash of a part of a plane and that of the same part as a picture of its own: at the median, and but
#: for what is all fine texture, where the reference's half pixel counts.
USUALLY, NEAR = 12, 24


def luma(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture.convert("L"))


def plane_of(pixels: np.ndarray, side: int = EDIT_SIDE, orientation: int = 1) -> Plane:
    height, width = pixels.shape
    plane = Plane(width, height, side=side, orientation=orientation)
    plane.rows(pixels.tobytes(), layout=Layout.GREY8, rows=height, stride=width)
    return plane


def canonical(pixels: np.ndarray) -> bytes:
    height, width = pixels.shape
    return pdq_of_plane(pixels.tobytes(), width=width, height=height, layout=Layout.GREY8).value


@pytest.fixture(scope="module")
def photographs() -> list[Image.Image]:
    return [Image.open(io.BytesIO(photograph(name))).convert("RGB") for name in PHOTOGRAPHS]


@pytest.mark.parametrize("box", [WHOLE, (0.1, 0.05, 0.9, 0.7), (0.25, 0.25, 1.0, 1.0)])
def test_a_part_has_the_hash_that_it_would_have_alone(photographs: list[Image.Image], box: Box) -> None:
    apart = []
    for picture in photographs:
        pixels = luma(picture)
        height, width = pixels.shape
        left, top, right, bottom = (round(at * side) for at, side in zip(box, (width, height) * 2, strict=True))
        part = np.ascontiguousarray(pixels[top:bottom, left:right])
        exact = (left / width, top / height, right / width, bottom / height)
        apart.append(hamming(plane_of(pixels).pdq(exact)[0].value, canonical(part)))
    apart.sort()
    assert apart[len(apart) // 2] <= USUALLY
    assert apart[-3] <= NEAR


@settings(max_examples=60, deadline=None)
@given(
    width=st.integers(100, 300),  # in smaller ones coefficients are equal, and rounding decides
    height=st.integers(100, 300),
    side=st.integers(90, 400),
    orientation=st.integers(1, 8),
    seed=st.integers(0, 2**32 - 1),
)
def test_an_orientation_is_a_turn_and_nothing_else(
    width: int, height: int, side: int, orientation: int, seed: int
) -> None:
    stored = np.random.default_rng(seed).integers(0, 256, (height, width), np.uint8)
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = Image.fromarray(stored)
    picture.info["exif"] = exif.tobytes()
    turned, upright = plane_of(stored, side, orientation), plane_of(np.asarray(ImageOps.exif_transpose(picture)), side)
    assert (turned.width, turned.height) == (upright.width, upright.height)
    assert max(turned.width, turned.height) <= side
    for one, other in zip(turned.pdq(WHOLE, ALL_FORMS), upright.pdq(WHOLE, ALL_FORMS), strict=True):
        assert hamming(one.value, other.value) <= 16  # the same numbers, summed the other way round
        assert abs((one.quality or 0) - (other.quality or 0)) <= 1


@settings(max_examples=40, deadline=None)
@given(strip=st.integers(1, 90), seed=st.integers(0, 2**32 - 1), orientation=st.integers(1, 8))
def test_it_fills_beside_the_hash_from_strips_of_any_height(strip: int, seed: int, orientation: int) -> None:
    pixels = np.random.default_rng(seed).integers(0, 256, (90, 120), np.uint8)
    size = {"width": 120, "height": 90, "orientation": orientation}
    plane = Plane(**size, side=50)
    strips = (pixels[top : top + strip].tobytes() for top in range(0, 90, strip))
    beside = pdq_of_rows(strips, **size, layout=Layout.GREY8, plane=plane.memory)
    assert beside.value == pdq_of_plane(pixels.tobytes(), **size, layout=Layout.GREY8).value
    assert plane.pdq() == plane_of(pixels, 50, orientation).pdq()


def test_the_eight_forms_are_the_turned_pictures(photographs: list[Image.Image]) -> None:
    turns = (
        lambda p: p,
        lambda p: np.rot90(p, 1),
        lambda p: np.rot90(p, 2),
        lambda p: np.rot90(p, 3),
        lambda p: p[::-1],
        lambda p: p[:, ::-1],
        np.transpose,
        lambda p: np.transpose(p[::-1, ::-1]),
    )
    for picture in photographs:
        forms = plane_of(luma(picture)).pdq(WHOLE, ALL_FORMS)
        turned = [plane_of(np.ascontiguousarray(turn(luma(picture)))).pdq()[0] for turn in turns]
        for form, one in enumerate(turned):
            nearest = min(range(8), key=lambda at: hamming(forms[at].value, one.value))
            assert hamming(forms[nearest].value, one.value) <= 8, form


def test_what_lies_beyond_the_edge_is_the_edge(photographs: list[Image.Image]) -> None:
    pixels = luma(photographs[0])
    height, width = pixels.shape
    wider = np.pad(pixels, ((height // 10,) * 2, (width // 10,) * 2), mode="edge")
    padded = plane_of(pixels).pdq((-0.1, -0.1, 1.1, 1.1))[0].value
    assert hamming(padded, canonical(wider)) <= NEAR
    assert hamming(padded, canonical(pixels)) > 31


def test_a_tilt_is_undone_by_the_opposite_one(photographs: list[Image.Image]) -> None:
    inner: Box = (0.1, 0.1, 0.9, 0.9)
    for picture in photographs:
        tilted = picture.rotate(4, Image.Resampling.BICUBIC)
        straight = plane_of(luma(tilted)).tilted(-4).pdq(inner)[0].value
        assert hamming(straight, plane_of(luma(picture)).pdq(inner)[0].value) <= NEAR


def test_shrinking_keeps_the_picture(photographs: list[Image.Image]) -> None:
    plane = plane_of(luma(photographs[0]), BOX_SIDE)
    small = plane.shrunk(128)
    assert max(small.width, small.height) == 128
    assert hamming(small.pdq()[0].value, plane.pdq()[0].value) <= 8


def framed(picture: Image.Image) -> tuple[Image.Image, Box]:
    """A picture with bars and text around it, as a phone's screen shows it, and where it stands there."""
    screen, (width, height) = Image.new("RGB", (1080, 1920), (18, 18, 18)), (1080, 1920)
    inner = picture.resize((900, round(900 * picture.height / picture.width)))
    left, top = 90, 400
    screen.paste(inner, (left, top))
    pen = ImageDraw.Draw(screen)
    pen.rectangle((0, 0, width, 90), fill=(40, 40, 40))
    for line in range(4):
        pen.text((60, top + inner.height + 60 + 50 * line), "some words that were said about it", fill="white")
    return screen, (left / width, top / height, (left + 900) / width, (top + inner.height) / height)


def test_a_picture_inside_a_screenshot_is_found(photographs: list[Image.Image]) -> None:
    found = 0
    for picture in photographs:
        screen, where = framed(picture)
        plane = plane_of(luma(screen), BOX_SIDE)
        wanted = plane.pdq(where)[0].value
        found += any(hamming(plane.pdq(box)[0].value, wanted) <= 31 for box in plane.boxes(16))
    assert found >= len(photographs) - 1  # the night sky is dark on dark


@settings(max_examples=40, deadline=None)
@given(width=st.integers(1, 200), height=st.integers(1, 200), cell=st.integers(1, 90), seed=st.integers(0, 2**32 - 1))
def test_boxes_lie_inside_and_are_no_more_than_asked_for(width: int, height: int, cell: int, seed: int) -> None:
    cells = np.random.default_rng(seed).integers(0, 256, (height // cell + 1, width // cell + 1), np.uint8)
    plane = plane_of(cells.repeat(cell, 0).repeat(cell, 1)[:height, :width], BOX_SIDE)
    boxes = plane.boxes(7)
    assert len(boxes) <= 7
    for left, top, right, bottom in boxes:
        assert 0 <= left < right <= 1
        assert 0 <= top < bottom <= 1


@pytest.mark.parametrize("box", [(0.5, 0, 0.5, 1), (0.6, 0, 0.5, 1), (0, 0, float("nan"), 1), (-9.0, 0, 1, 1)])
def test_an_empty_part_is_refused(box: Box) -> None:
    with pytest.raises(InvalidInputError, match="box"):
        plane_of(np.zeros((8, 8), np.uint8)).pdq(box)


def test_missing_rows_are_told() -> None:
    with pytest.raises(InvalidInputError, match="rows"):
        Plane(8, 8, side=8).pdq()
    assert Plane(80, 80, side=80).boxes(3) == []
