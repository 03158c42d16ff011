"""Figures by month: small months are put together, and few are nothing."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from takeback.clearinghouse.transparency import Period, periods
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
        Period("2026-03", "2026-04", 10, 50, None),
        Period("2026-05", "2026-05", 20, 0, 12.0),
    )
    assert periods([*few, outcome(may)]) == (Period("2026-03", "2026-05", 10, 46, None),)
    assert periods(few[:9]) == ()


@given(st.lists(st.builds(outcome, st.dates(date(2026, 1, 1), date(2027, 6, 1)), removed_after=st.none() | st.just(3))))
def test_no_period_is_of_few(judged: list[Outcome]) -> None:
    made = periods(judged)
    assert all(one.judged >= SMALLEST_GROUP for one in made)
    assert sum(one.judged for one in made) <= len(judged)
    assert bool(made) is (len(judged) >= SMALLEST_GROUP)
    ends = [month for one in made for month in (one.first, one.last)]
    assert ends == sorted(ends)


@given(st.dictionaries(st.text(max_size=3).filter(lambda name: name != "other"), st.integers(0, 60)))
def test_no_cell_is_of_few(cells: dict[str, int]) -> None:
    shown = merged(cells)
    assert all(count >= SMALLEST_GROUP and count % SMALLEST_GROUP == 0 for count in shown.values())
    assert sum(shown.values()) <= sum(cells.values())
