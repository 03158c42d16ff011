"""What a receipt tells."""

from __future__ import annotations

import pytest

from takeback.model.receipt import coarse


@pytest.mark.parametrize(("count", "said"), [(0, 0), (1, 1), (2, 1), (3, 3), (9, 3), (10, 10), (5_000, 1_000)])
def test_finds_are_counted_in_steps(count: int, said: int) -> None:
    assert coarse(count) == said
