"""How near is near enough: the table, row by row, and what a second look changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback.fingerprints.distance import STRONG_BITS
from takeback.fingerprints.variants import VARIANTS
from takeback.matching.thresholds import MOST_BITS, TABLE, Find, Grade, graded

PICTURE, EDIT = None, "centre-10"


@pytest.mark.parametrize(
    ("variant", "edit", "strong", "alone"),
    [
        ("upload", PICTURE, 31, 48),
        ("upload", EDIT, 31, 48),
        ("resized", PICTURE, 31, 48),
        ("mirrored", PICTURE, 31, 48),
        ("turned-90", EDIT, 31, 44),
        ("negative", PICTURE, 31, 48),
        ("negative", EDIT, None, 40),
        ("box-0", PICTURE, 31, 46),
        ("box-0-mirrored", EDIT, None, 36),
        ("window-10", PICTURE, None, 46),
        ("window-left-10", EDIT, None, 40),
        ("padded-5", PICTURE, None, 44),
        ("padded-left-top-5", EDIT, None, 38),
        ("tilted--3", PICTURE, None, 44),
        ("tilted-3-inside", EDIT, None, 38),
    ],
)
def test_the_table(variant: str, edit: str | None, strong: int | None, alone: int) -> None:
    for distance in range(MOST_BITS + 5):
        found = graded([Find(variant, edit, distance)])
        if strong is not None and distance <= strong:
            assert found is not None
            assert (found.grade, found.threshold) == (Grade.STRONG, strong)
        elif distance <= alone:
            assert found is not None
            assert (found.grade, found.threshold) == (Grade.PROBABLE, alone)
        else:
            assert found is None


def test_a_second_look_that_agrees_reaches_further() -> None:
    one, same, another = Find("padded-5", EDIT, 43), Find("padded-5", EDIT, 44), Find("padded-7.5", EDIT, 44)
    assert graded([one]) is None
    assert graded([one, same]) is None
    found = graded([one, another])
    assert found is not None
    assert (found.find, found.grade, found.threshold) == (one, Grade.PROBABLE, 44)
    assert graded([one, Find("padded-7.5", EDIT, 45)]) is None


def test_a_strong_find_counts_before_a_nearer_probable_one() -> None:
    found = graded([Find("padded-5", PICTURE, 4), Find("mirrored", PICTURE, 30)])
    assert found is not None
    assert (found.find.variant, found.grade) == ("mirrored", Grade.STRONG)


FINDS = st.lists(
    st.builds(Find, st.sampled_from(sorted(VARIANTS)), st.sampled_from([PICTURE, EDIT, "square"]), st.integers(0, 60))
)


@given(FINDS)
def test_nothing_beyond_its_threshold_decides(finds: list[Find]) -> None:
    found = graded(finds)
    if found is not None:
        assert found.find in finds
        assert found.find.distance <= found.threshold <= MOST_BITS
        assert found.grade is Grade.PROBABLE or found.find.distance <= STRONG_BITS


@given(FINDS, FINDS)
def test_more_evidence_never_weakens(some: list[Find], more: list[Find]) -> None:
    before, after = graded(some), graded([*some, *more])
    assert before is None or (after is not None and (before.grade is Grade.PROBABLE or after.grade is Grade.STRONG))


def test_every_way_of_looking_has_a_row() -> None:
    assert {variant.kind for variant in VARIANTS.values()} == set(TABLE)
