"""The set of simulated edits: parts of the picture, each with a name of its own."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.servers import ROOT
from takeback.fingerprints.edits import EDIT_NAMES, Edit, Protection, edits_of
from takeback.fingerprints.types import EDIT_NAME
from takeback.wire.intake import MAX_PDQ_PER_ENTRY

TABLE = json.loads((ROOT / "spec" / "edits.json").read_text())
SIDES = st.integers(1, 100_000)


@given(st.sampled_from(Protection), SIDES, SIDES)
def test_an_edit_is_a_part_of_the_picture_and_not_all_of_it(protection: Protection, width: int, height: int) -> None:
    edits = edits_of(protection, width, height)
    assert len({edit.name for edit in edits}) == len(edits) < MAX_PDQ_PER_ENTRY
    for edit in edits:
        assert 0 <= edit.left < edit.right <= 1
        assert 0 <= edit.top < edit.bottom <= 1
        assert (edit.left, edit.top, edit.right, edit.bottom) != (0, 0, 1, 1)
        assert edit.name in EDIT_NAMES
        assert re.fullmatch(EDIT_NAME, edit.name)


@given(SIDES, SIDES)
def test_more_protection_keeps_what_less_has(width: int, height: int) -> None:
    plain, usual, strong = (edits_of(protection, width, height) for protection in Protection)
    assert plain == ()
    assert strong[: len(usual)] == usual


@pytest.mark.parametrize(("width", "height"), [(400, 300), (300, 400), (4000, 1)])
def test_the_square_is_square_and_in_the_middle(width: int, height: int) -> None:
    (square,) = (edit for edit in edits_of(Protection.USUAL, width, height) if edit.name == "square")
    assert (square.right - square.left) * width == pytest.approx(min(width, height))
    assert (square.bottom - square.top) * height == pytest.approx(min(width, height))
    assert square.left == pytest.approx(1 - square.right)
    assert "square" not in {edit.name for edit in edits_of(Protection.STRONG, 300, 300)}


@given(SIDES, SIDES)
def test_the_table_that_the_page_reads_says_the_same(width: int, height: int) -> None:
    """Read as web/fingerprints/edits.ts reads it."""
    across, down = (max(0, side - other) / 2 / side for side, other in ((width, height), (height, width)))
    square = {"left": across, "top": down, "right": 1 - across, "bottom": 1 - down}
    rows = [row for row in TABLE["edits"] if width != height or "square" not in row]
    for protection in (Protection.USUAL, Protection.STRONG):
        expected = [
            Edit(row["name"], **(square if "square" in row else {side: row[side] for side in square}))
            for row in rows
            if protection is Protection.STRONG or row["protection"] == "usual"
        ]
        assert list(edits_of(protection, width, height)) == expected
