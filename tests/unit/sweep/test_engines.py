"""One suite for every engine: each shard comes back once, and one that kills its worker costs nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from support.inline_engine import report
from takeback.model.sweep import Item, Report, Shard
from takeback.sweep.engines import Engine, Lost
from takeback.sweep.engines.dask import DaskEngine
from takeback.sweep.engines.local import LocalEngine
from takeback.sweep.engines.ray import RayEngine

#: Dask's event loop stands still for good when a warning of its own is made an error in it.
pytestmark = pytest.mark.filterwarnings("default")


@pytest.fixture(params=["local", "dask", "ray"], scope="module")
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if request.param == "ray" and find_spec("ray") is None:
        pytest.skip("Ray is not installed: 490 MiB that only who runs it has")
    made: Engine = {"local": LocalEngine, "dask": DaskEngine, "ray": RayEngine}[request.param](workers=2)
    yield made
    made.close()


def shard(number: int, key: str = "x") -> Shard:
    return Shard(number, (Item(key, 7),))


def test_each_shard_comes_back_once_and_workers_stay(engine: Engine) -> None:
    assert engine.workers == 2
    for _ in range(2):
        given = [shard(number) for number in range(9)]
        outcomes = list(engine.run(iter(given), report))
        assert sorted(one.shard for one in outcomes if isinstance(one, Report)) == list(range(9))
    assert list(engine.run([], report)) == []


def test_a_dead_worker_and_a_failure_cost_their_shard_alone(engine: Engine) -> None:
    given = [shard(number, {4: "die", 6: "fail"}.get(number, "x")) for number in range(9)]
    outcomes = list(engine.run(given, report))
    lost = {one.shard.number: one.why for one in outcomes if isinstance(one, Lost)}
    assert lost == {4: "worker-died", 6: "worker-failed"}
    assert sorted(one.shard for one in outcomes if isinstance(one, Report)) == [0, 1, 2, 3, 5, 7, 8]


def test_shards_are_taken_as_there_is_room(engine: Engine) -> None:
    taken = list[int]()

    def given() -> Iterator[Shard]:
        for number in range(50):
            taken.append(number)
            yield shard(number)

    outcomes = engine.run(given(), report)
    next(outcomes)
    assert len(taken) < 20
    assert len(list(outcomes)) == 49
