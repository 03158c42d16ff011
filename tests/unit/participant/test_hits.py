"""Counting hits at a platform: coarse, told once a step, and forgotten after a day or two."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from support.exchange_simulator import ExchangeSimulator, name
from takeback import HashList
from takeback.errors import UnavailableError
from takeback.model.hits import HIT_STEPS, Hits, coarse_hits

DAY = date(2026, 11, 24)


def match(number: int) -> Any:
    return SimpleNamespace(entry=name(number))


@pytest.mark.parametrize(
    ("count", "step"), [(1, 1), (2, 1), (3, 3), (9, 3), (10, 10), (999, 300), (10**6, 10**6), (10**9, 10**6)]
)
def test_counts_are_coarse(count: int, step: int) -> None:
    assert coarse_hits(count) == step
    assert step in HIT_STEPS


def test_a_count_is_told_when_it_has_reached_another_step(tmp_path: Path) -> None:
    exchange = ExchangeSimulator()
    with HashList.open(tmp_path / "list.db", clock=exchange.clock) as hashlist:
        hashlist.sync(exchange)
        assert exchange.counted == []
        hashlist.count_hits([match(1), match(1), match(2)])  # one upload may match by several values
        hashlist.sync(exchange)
        assert exchange.counted == [Hits(name(1), DAY, 1), Hits(name(2), DAY, 1)]
        hashlist.count_hits([match(1)])
        hashlist.sync(exchange)
        assert len(exchange.counted) == 2, "two is no step"
        hashlist.count_hits([match(1)])
        exchange.calls_left = 0
        with pytest.raises(UnavailableError):
            hashlist.sync(exchange)
        exchange.calls_left = None
        hashlist.sync(exchange)
        assert exchange.counted[2:] == [Hits(name(1), DAY, 3)], "what was not delivered is told again"

        exchange.clock.advance(timedelta(days=2))
        hashlist.count_hits([match(2)])
        hashlist.sync(exchange)
        assert exchange.counted[3:] == [Hits(name(2), DAY + timedelta(days=2), 1)]
        (rows,) = hashlist.replica._database.execute("SELECT count(*) FROM hit").fetchone()
        assert rows == 1
