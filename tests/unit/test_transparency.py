"""Figures by month: small months are put together, and few are nothing."""

from __future__ import annotations

from datetime import date, timedelta
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback.clearinghouse.transparency import DAY_STEPS, PERCENT_STEP, Period, periods
from takeback.model.public_log import SMALLEST_GROUP, merged
from takeback.storage.outcomes import Outcome

LISTED = date(2026, 1, 1)


def outcome(on: date, *, removed_after: int | None = None, confirmed: int = 1, wrong: int = 0) -> Outcome:
    removed = None if removed_after is None else LISTED + timedelta(days=removed_after)
    return Outcome(LISTED, on, removed, confirmed, wrong)


def test_months_that_are_too_small_are_put_together() -> None:
    march, april, may = date(2026, 3, 9), date(2026, 4, 9), date(2026, 5, 9)
    few = [outcome(march, removed_after=2) for _ in range(6)] + [outcome(april, confirmed=0, wrong=2) for _ in range(6)]
    enough = [outcome(may, removed_after=days) for days in range(25)]
    assert periods([*enough, *few]) == (
        Period("2026-03", "2026-04", 10, None, None),
        Period("2026-05", "2026-05", 20, None, 14),
    )
    assert periods([*few, outcome(may)]) == (Period("2026-03", "2026-05", 10, None, None),)
    assert periods(few[:9]) == ()


@pytest.mark.parametrize(
    ("right", "wrong", "shown"),
    [
        (13, 1, None),
        (1, 13, None),
        (9, 10, None),
        (10, 9, None),
        (10, 10, 50),
        (200, 10, 5),
        (18, 12, 40),
        (10, 390, 100),
    ],
)
def test_a_share_is_of_enough_on_either_side(right: int, wrong: int, shown: int | None) -> None:
    """Of ten judged, 7 % would say: one of fourteen."""
    judged = [outcome(LISTED)] * right + [outcome(LISTED, confirmed=0, wrong=1)] * wrong
    assert [one.wrong_percent for one in periods(judged)] == [shown]


@pytest.mark.parametrize(("days", "shown"), [(0, 1), (2, 2), (4, 7), (31, 60), (366, 730), (1_000, 1_095)])
def test_the_middle_is_told_in_coarse_steps(days: int, shown: int) -> None:
    removed, kept = outcome(LISTED, removed_after=days), outcome(LISTED)
    assert [one.days_to_removal for one in periods([removed] * 10 + [kept] * 5)] == [shown]
    assert [one.days_to_removal for one in periods([removed] * 9 + [kept] * 5)] == [None]


_OUTCOMES = st.builds(
    outcome,
    st.dates(date(2026, 1, 1), date(2026, 6, 1)),
    removed_after=st.none() | st.integers(0, 400),
    confirmed=st.integers(0, 2),
    wrong=st.integers(0, 2),
)


@given(st.lists(st.tuples(_OUTCOMES, st.integers(1, 15)), max_size=20))
def test_no_number_is_of_few(groups: list[tuple[Outcome, int]]) -> None:
    judged = [one for one, times in groups for _ in range(times)]
    made = periods(judged)
    for one in made:
        inside = [other for other in judged if one.first <= f"{other.judged_on:%Y-%m}" <= one.last]
        wrong = sum(other.wrong > other.confirmed for other in inside)
        days = sorted((other.removed_on - other.listed_on).days for other in inside if other.removed_on)
        assert 0 <= len(inside) - one.judged < SMALLEST_GROUP
        assert one.judged >= SMALLEST_GROUP
        assert one.judged % SMALLEST_GROUP == 0
        enough = min(wrong, len(inside) - wrong) >= SMALLEST_GROUP
        assert (one.wrong_percent is not None) is enough
        if one.wrong_percent is not None:
            assert one.wrong_percent % PERCENT_STEP == 0
            assert 0 <= one.wrong_percent - 100 * wrong / len(inside) < PERCENT_STEP
        assert (one.days_to_removal is not None) is (len(days) >= SMALLEST_GROUP)
        if one.days_to_removal is not None:
            assert one.days_to_removal in DAY_STEPS or one.days_to_removal % 365 == 0
            assert one.days_to_removal >= median(days), "never better than it is"
    assert sum(one.judged for one in made) <= len(judged)
    assert bool(made) is (len(judged) >= SMALLEST_GROUP)
    ends = [month for one in made for month in (one.first, one.last)]
    assert ends == sorted(ends)


@given(st.dictionaries(st.text(max_size=3).filter(lambda name: name != "other"), st.integers(0, 60)))
def test_no_cell_is_of_few(cells: dict[str, int]) -> None:
    shown = merged(cells)
    assert all(count >= SMALLEST_GROUP and count % SMALLEST_GROUP == 0 for count in shown.values())
    assert sum(shown.values()) <= sum(cells.values())
