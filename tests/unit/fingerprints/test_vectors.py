"""spec/vectors: made by others; passed by the core as it runs here, by its portable form, by the readable reference.

`web/tests/pdq.test.ts` holds the two builds for browsers to the same files.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from support import built, vectors
from takeback.fingerprints import reference
from takeback.fingerprints.edits import Protection, edits_of
from takeback.fingerprints.pdq import Layout, pdq_of_plane, pdq_of_rows
from takeback.fingerprints.plane import EDIT_SIDE, Plane
from takeback.fingerprints.scan import within

PDQ: list[dict[str, Any]] = json.loads((vectors.FOLDER / "pdq.json").read_text())
LUMA: list[dict[str, Any]] = json.loads((vectors.FOLDER / "luma.json").read_text())
EDITS: list[dict[str, Any]] = json.loads((vectors.FOLDER / "edits.json").read_text())
SCAN: dict[str, Any] = json.loads((vectors.FOLDER / "scan.json").read_text())


def named(case: dict[str, Any]) -> str:
    return f"{case['width']}x{case['height']} as {case['orientation']}"


def test_the_files_are_what_their_makers_make() -> None:
    assert {name: (vectors.FOLDER / name).read_text() for name in vectors.made()} == vectors.made()


@pytest.fixture(params=["native", "portable"], autouse=True)
def _form(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every test runs with the core that chooses its instructions at run time, and with the one that has no choice."""
    if request.param == "native":
        yield
        return
    with built.in_use(request.getfixturevalue("portable_core")):
        yield


@pytest.mark.parametrize("case", PDQ, ids=named)
def test_the_core(case: dict[str, Any]) -> None:
    pixels = vectors.picture(case["width"], case["height"], case["cell"]).tobytes()
    size = {"width": case["width"], "height": case["height"]}
    made = pdq_of_plane(pixels, **size, layout=Layout.RGB8, orientation=case["orientation"])
    assert (made.hex, made.quality) == (case["pdq"], case["quality"])


@pytest.mark.parametrize("case", [case for case in PDQ if case["orientation"] == 1], ids=named)
def test_the_readable_reference(case: dict[str, Any]) -> None:
    pixels = vectors.picture(case["width"], case["height"], case["cell"]).tolist()
    value, quality = reference.pdq([[reference.luma_of(*pixel) for pixel in row] for row in pixels])
    assert (value.hex(), quality) == (case["pdq"], case["quality"])


@pytest.mark.parametrize("case", EDITS, ids=named)
def test_simulated_edits(case: dict[str, Any]) -> None:
    """Of a plane that is filled by itself, and of one beside the hash. The readable reference made the values."""
    width, height, orientation = case["width"], case["height"], case["orientation"]
    pixels = vectors.picture(width, height, case["cell"]).tobytes()
    alone, beside = (Plane(width, height, side=EDIT_SIDE, orientation=orientation) for _ in range(2))
    alone.rows(pixels, layout=Layout.RGB8, rows=height, stride=3 * width)
    strips = (pixels[at : at + 7 * 3 * width] for at in range(0, len(pixels), 7 * 3 * width))
    pdq_of_rows(strips, width=width, height=height, orientation=orientation, plane=beside.memory)
    upright = (height, width) if orientation >= 5 else (width, height)
    for plane in (alone, beside):
        made = []
        for edit in edits_of(Protection.STRONG, *upright):
            (print_,) = plane.pdq((edit.left, edit.top, edit.right, edit.bottom))
            made.append({"edit": edit.name, "pdq": print_.hex, "quality": print_.quality})
        assert made == case["edits"]


@pytest.mark.parametrize("case", LUMA, ids=lambda case: f"{case['width']}x{case['height']}")
def test_luma_of_films(case: dict[str, Any]) -> None:
    """Black is 16 and white 235; ten bits say four times as much."""
    size = {"width": case["width"], "height": case["height"]}
    levels = vectors.levels(**size, cell=case["cell"])
    kept = {
        Layout.GREY8: (levels * 85).astype("u1"),
        Layout.VIDEO8: (16 + 73 * levels).astype("u1"),
        Layout.VIDEO10: (64 + 292 * levels.astype("u2")).astype("<u2"),
    }
    for layout, plane in kept.items():
        made = pdq_of_plane(plane.tobytes(), **size, layout=layout)
        assert (made.hex, made.quality) == (case["pdq"], case["quality"])


@pytest.mark.parametrize("case", SCAN["queries"], ids=lambda case: f"radius {case['radius']}")
def test_the_scan(case: dict[str, Any]) -> None:
    values = bytes.fromhex("".join(SCAN["values"]))
    assert within(values, bytes.fromhex(case["query"]), case["radius"]) == [tuple(pair) for pair in case["found"]]
