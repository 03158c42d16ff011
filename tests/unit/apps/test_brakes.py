"""Limits, networks and the cost of intake, with a clock that a test moves."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from support.exchange_simulator import NOON
from takeback.apps import limits
from takeback.apps.limits import Buckets
from takeback.apps.networks import KEY_LIFE_S, Networks
from takeback.apps.proof import FULL_AT, Load, ProofOfWork
from takeback.clock import ManualClock
from takeback.settings import Settings


def connection(address: str = "", **headers: str) -> Any:
    return SimpleNamespace(headers=headers, client=SimpleNamespace(host=address) if address else None)


def test_a_bucket_fills_again_evenly(monkeypatch: pytest.MonkeyPatch) -> None:
    buckets = Buckets(60)
    assert [buckets.take("a", 0.0) for _ in range(61)] == [0] * 60 + [1]
    assert buckets.take("b", 0.0) == 0
    assert (buckets.take("a", 0.5), buckets.take("a", 1.1), buckets.take("a", 1.2)) == (1, 0, 1)
    assert Buckets(2).take("a", 0.0) == 0
    monkeypatch.setattr(limits, "MOST_BUCKETS", 2)
    small = Buckets(1)
    assert [small.take(key, 0.0) for key in "abcb"] == [0, 0, 0, 60]
    assert small.take("a", 0.0) == 0, "the one longest unused was forgotten"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("93.184.215.14", "93.184.215.250", True),
        ("93.184.215.14", "93.184.216.14", False),
        ("93.184.215.14", "::ffff:93.184.215.1", True),
        ("2606:2800:220::1", "2606:2800:220:ffff::9", True),
        ("2606:2800:220::1", "2606:2800:221::1", False),
    ],
)
def test_neighbours_are_one_network(one: str, other: str, same: bool) -> None:
    networks = Networks(ManualClock(NOON))
    assert (networks.of(connection(one)) == networks.of(connection(other))) is same


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "::1", "fd00::1", "", "unix:", "93.184.215"])
def test_what_says_nothing_of_a_person_is_not_counted(address: str) -> None:
    assert Networks(ManualClock(NOON)).of(connection(address)) is None


def test_the_proxy_s_header_is_believed_only_where_it_is_named() -> None:
    forged = connection("93.184.215.14", **{"x-forwarded-for": "8.8.8.8"})
    plain, behind = Networks(ManualClock(NOON)), Networks(ManualClock(NOON), "X-Forwarded-For")
    assert plain.of(forged) == plain.of(connection("93.184.215.14"))
    said = behind.of(connection("10.0.0.1", **{"x-forwarded-for": "1.1.1.1, 93.184.215.14"}))
    assert said == behind.of(connection(**{"x-forwarded-for": "8.8.8.8,93.184.215.20"})), "the last is the proxy's"
    assert behind.of(connection("93.184.215.14")) is None


def test_after_ten_minutes_nothing_can_be_told_any_more() -> None:
    clock = ManualClock(NOON)
    networks = Networks(clock)
    before = networks.of(connection("93.184.215.14"))
    assert before is not None
    networks.count(before)
    assert networks.counted(before) == 1
    clock.advance(timedelta(seconds=KEY_LIFE_S))
    after = networks.of(connection("93.184.215.14"))
    assert after not in (None, before)
    assert (networks.counted(before), networks.counted(after or b"")) == (0, 0)
    assert b"\x5d\xb8\xd7" not in before


def test_the_work_grows_with_the_load_and_has_an_end() -> None:
    clock = ManualClock(NOON)
    settings = Settings(proof_from_a_minute=10, proof_least_rounds=50, proof_most_rounds=400, network_submissions=20)
    proof = ProofOfWork(settings, clock, Networks(clock), bytes(32))
    asked = []
    for _ in range(10 * FULL_AT * 10):  # a hundred times the load from which work is asked for
        asked.append(proof.rounds(clock.now(), 0))
        proof._load.add(clock.now())
    assert asked[:10] == [0] * 10
    assert asked[10] == 50
    assert asked == sorted(asked)
    assert asked[-1] == 400
    clock.advance(timedelta(minutes=3))
    assert proof.rounds(clock.now(), 0) == 0
    assert proof.rounds(clock.now(), 20) == 400


def test_the_load_is_that_of_the_last_minute() -> None:
    load = Load()
    for second in range(60):
        load.add(NOON + timedelta(seconds=second))
    assert load.a_minute(NOON + timedelta(seconds=59)) == 60
    assert load.a_minute(NOON + timedelta(seconds=90)) == 30
    assert load.a_minute(NOON + timedelta(seconds=150)) == 0
