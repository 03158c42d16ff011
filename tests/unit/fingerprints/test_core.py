"""The C core against the reference implementation, and its door against its header."""

from __future__ import annotations

import csv
import ctypes
import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pdqhash
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from support.pictures import PHOTOGRAPHS, photograph
from support.servers import ROOT
from takeback.errors import InvalidInputError
from takeback.fingerprints._native import SIGNATURES
from takeback.fingerprints.pdq import Layout, dihedral_pdq, pdq_coefficients, pdq_of_plane, pdq_of_rows
from takeback.fingerprints.scan import within
from takeback.media import Fingerprinted, Fingerprinter

#: Bits between our value and any published one, and the quality from which that holds (Meta's own tests: 10 and 80).
TOLERANCE, FROM_QUALITY = 10, 80

_C_TYPES = {
    "float": ctypes.c_float,
    "size_t": ctypes.c_size_t,
    "uint32_t": ctypes.c_uint32,
    "uint64_t": ctypes.c_uint64,
    "unsigned": ctypes.c_uint,
    "int": ctypes.c_int,
    "void": None,
}


def reference(pixels: np.ndarray) -> tuple[str, int]:
    """What `pdqhash`, Meta's own code, computes."""
    bits, quality = pdqhash.compute(np.ascontiguousarray(pixels))
    return f"{int(''.join(map(str, bits)), 2):064x}", int(quality)


def drawn(width: int, height: int, seed: int, smooth: int) -> np.ndarray:
    """Noise, from fine to soft."""
    noise = np.random.default_rng(seed).integers(0, 256, (height // smooth + 1, width // smooth + 1, 3), np.uint8)
    return noise.repeat(smooth, 0).repeat(smooth, 1)[:height, :width]


def cut(pixels: np.ndarray, rows: list[int]) -> list[bytes]:
    """The picture in strips of so many rows each, the pattern repeated."""
    strips, top, at = [], 0, 0
    while top < len(pixels):
        strips.append(pixels[top : top + rows[at % len(rows)]].tobytes())
        top += rows[at % len(rows)]
        at += 1
    return strips


@settings(max_examples=150, deadline=None)
@given(
    width=st.integers(5, 400),
    height=st.integers(5, 400),
    seed=st.integers(0, 2**32 - 1),
    smooth=st.integers(1, 60),
    rows=st.lists(st.integers(1, 90), min_size=1, max_size=6),
)
def test_any_size_in_any_strips_is_what_the_reference_computes(
    width: int, height: int, seed: int, smooth: int, rows: list[int]
) -> None:
    pixels = drawn(width, height, seed, smooth)
    made = pdq_of_rows(cut(pixels, rows), width=width, height=height)
    assert (made.hex, made.quality) == reference(pixels)


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_photographs(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(photograph(name))
    pixels = np.asarray(Image.open(file).convert("RGB"))
    height, width, _ = pixels.shape
    rgbx = np.dstack([pixels, np.full((height, width), 7, np.uint8)])
    expected = reference(pixels)
    for given_pixels, layout in ((pixels, Layout.RGB8), (rgbx, Layout.RGBX8)):
        made = pdq_of_plane(given_pixels.tobytes(), width=width, height=height, layout=layout)
        assert (made.hex, made.quality) == expected


def test_grey_is_a_colour_picture_of_equal_channels() -> None:
    grey = drawn(200, 130, 1, 9)[:, :, 0]
    size = {"width": 200, "height": 130}
    colour = pdq_of_plane(np.dstack([grey] * 3).tobytes(), **size)
    assert pdq_of_plane(grey.tobytes(), **size, layout=Layout.GREY8) == colour


def test_the_eight_forms_of_one_dct() -> None:
    """As stored comes first; the others are what Meta's own code derives from the same DCT."""
    pixels = drawn(320, 240, 5, 20)
    made = dihedral_pdq(pixels.tobytes(), width=320, height=240)
    forms, _ = pdqhash.compute_dihedral(np.ascontiguousarray(pixels))
    assert [value.hex() for value in made] == [f"{int(''.join(map(str, bits)), 2):064x}" for bits in forms]


@pytest.mark.parametrize(("width", "height"), [(320, 240), (64, 64), (51, 300)])
def test_the_coefficients_are_the_reference_floats(width: int, height: int) -> None:
    pixels = drawn(width, height, 6, 20)
    made = np.array(pdq_coefficients(pixels.tobytes(), width=width, height=height), np.float32)
    floats, _ = pdqhash.compute_float(np.ascontiguousarray(pixels))
    assert np.array_equal(made.ravel()[::-1], np.asarray(floats, np.float32).ravel())
    above = made.ravel() > np.sort(made.ravel())[127]
    value = sum(1 << int(bit) for bit in np.flatnonzero(above))
    assert f"{value:064x}" == pdq_of_plane(pixels.tobytes(), width=width, height=height).hex


def test_a_picture_without_a_hash_has_no_coefficients() -> None:
    assert pdq_coefficients(bytes(4 * 9 * 3), width=4, height=9) == ((0.0,) * 16,) * 16


@pytest.mark.parametrize("of_one_dct", [dihedral_pdq, pdq_coefficients])
def test_too_few_pixels_are_refused(of_one_dct: Callable[..., object]) -> None:
    with pytest.raises(InvalidInputError, match="pixels"):
        of_one_dct(bytes(9 * 9 * 3 - 1), width=9, height=9)


@pytest.mark.parametrize(
    ("field", "asked"),
    [
        ("width, height", {"width": 0, "height": 5}),
        ("width, height", {"width": 5, "height": 2**20 + 1}),
        ("width, height", {"width": -1, "height": 5}),
        ("orientation", {"width": 5, "height": 5, "orientation": 9}),
        ("orientation", {"width": 5, "height": 5, "orientation": 0}),
        ("strips", {"width": 5, "height": 6}),
        ("strips", {"width": 5, "height": 4}),
        ("strips", {"width": 6, "height": 5}),
    ],
)
def test_a_refused_argument_is_named(field: str, asked: dict[str, int]) -> None:
    with pytest.raises(InvalidInputError) as refused:
        pdq_of_rows([bytes(5 * 5 * 3)], **asked)
    assert refused.value.field == field


@settings(max_examples=100, deadline=None)
@given(
    values=st.lists(st.binary(min_size=32, max_size=32), max_size=40),
    flips=st.lists(st.sets(st.integers(0, 255), max_size=40), max_size=300),
    query=st.binary(min_size=32, max_size=32),
    radius=st.integers(0, 256),
)
def test_the_scan_finds_exactly_what_is_near(
    values: list[bytes], flips: list[set[int]], query: bytes, radius: int
) -> None:
    near = [(int.from_bytes(query, "big") ^ sum(1 << bit for bit in flip)).to_bytes(32, "big") for flip in flips]
    everything = values + near
    whole = int.from_bytes(query, "big")
    expected = [(at, (int.from_bytes(value, "big") ^ whole).bit_count()) for at, value in enumerate(everything)]
    assert within(b"".join(everything), query, radius) == [pair for pair in expected if pair[1] <= radius]


def test_the_door_has_the_shape_of_the_header() -> None:
    header = re.sub(r"/\*.*?\*/", "", (ROOT / "native/include/takeback.h").read_text(), flags=re.DOTALL)
    declared = {}
    for result, name, arguments in re.findall(r"TB_API ([\w ]+?) (\w+)\((.*?)\);", header, flags=re.DOTALL):
        kinds = []
        for argument in arguments.split(","):
            pointer = "*" in argument or "[" in argument
            kinds.append(ctypes.c_void_p if pointer else _C_TYPES[argument.split()[0]])
        declared[name] = (_C_TYPES[result], kinds)
    assert declared == SIGNATURES


def test_published_hashes(test_data: Path) -> None:
    """Each picture is within Meta's tolerance of a value that Meta has published for it."""
    folder = test_data / "pdq_reference"
    published = defaultdict(set)
    with (folder / "published_hashes.tsv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            published[row["file"]].add(int(row["pdq_hex"], 16))
    nearest = {}
    with Fingerprinter() as fingerprinter:
        for file, values in published.items():
            made = fingerprinter.fingerprint(folder / file)
            assert isinstance(made, Fingerprinted)
            for pdq in (one for one in made.fingerprints if one.quality is not None and one.quality >= FROM_QUALITY):
                nearest[file] = min((int(pdq.hex, 16) ^ value).bit_count() for value in values)
    assert nearest
    assert {file: bits for file, bits in nearest.items() if bits > TOLERANCE} == {}
