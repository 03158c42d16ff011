"""The radius index finds what brute force finds: always, at every radius, on every instruction set."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from support import values as made
from support.values import Values, near
from takeback.errors import InvalidInputError, NotFoundError
from takeback.fingerprints._native import core
from takeback.matching import layers
from takeback.matching.radius import RadiusIndex

PATHS = {"portable": 1, "neon": 2, "avx2": 3, "avx512": 4}
#: More than the walk at 48 bits is worth its buckets from, of each parity.
COUNT = 24_000


@pytest.fixture(params=PATHS)
def path(request: pytest.FixtureRequest) -> int:
    if core().tb_radius_path(PATHS[request.param]) < 0:
        pytest.skip(f"this processor has no {request.param}: not tested here")
    return PATHS[request.param]


@pytest.mark.parametrize("kind", made.KINDS)
def test_every_radius_of_every_kind(path: int, kind: Callable[[np.random.Generator, int], Values]) -> None:
    rng = np.random.default_rng(3)
    values = kind(rng, COUNT)
    with RadiusIndex(path=path) as index:
        index.insert_many(values.tobytes(), range(COUNT))
        radii = list(range(49)) * 2
        queries = np.concatenate(
            [made.changed(rng, values[rng.integers(0, COUNT, 80)], 50), kind(rng, 9), made.random(rng, 9)]
        )
        found = index.within_many(queries.tobytes(), radii)  # each with a radius of its own
        for query, radius, one in zip(queries, radii, found, strict=True):
            assert one == near(values, query, radius)
            assert index.within(query.tobytes(), radius) == one
        for radius in range(49):  # a hit at exactly this distance, alone and as the last of a batch
            listed = values[rng.integers(0, COUNT)]
            bits = np.unpackbits(listed)
            bits[rng.choice(256, radius, replace=False)] ^= 1
            query = np.packbits(bits)
            assert (expected := near(values, query, radius))
            assert index.within(query.tobytes(), radius) == expected
            assert index.within_many([queries[0].tobytes(), query.tobytes()], radius)[1] == expected
        for query in queries[:3]:
            for radius in (*range(49), 63, 64, 79, 96, 200, 256):
                assert index.within(query.tobytes(), radius) == near(values, query, radius)


@pytest.mark.parametrize("most", [0, 1, 7, 14])
def test_a_list_of_a_small_radius_is_smaller_and_answers_any(path: int, most: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    values = made.random(rng, COUNT)
    queries = np.concatenate([made.changed(rng, values[:60], most + 2), made.random(rng, 5)])
    with RadiusIndex({"small": most, "wide": 31}, path=path) as index:
        for name in ("small", "wide"):
            index.insert_many(values.tobytes(), range(COUNT), of=name)
        small, wide = (sum(one.size for one in index._lists[name].layers) for name in ("small", "wide"))
        assert small < wide
        index.merge(tmp_path / "index")
        for radius in (0, most // 2, most, most + 1, 31):
            found = index.within_many(queries.tobytes(), radius, of="small")
            assert found == [near(values, query, radius) for query in queries]
    with RadiusIndex.open(tmp_path / "index") as index:
        index.verify()
        assert index.within_many(queries.tobytes(), of="small") == [near(values, query, most) for query in queries]


def test_what_is_built_is_not_built_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    values = made.random(np.random.default_rng(6), COUNT)
    with RadiusIndex.build(values.tobytes()) as index:
        with monkeypatch.context() as unbuilt:
            unbuilt.setattr(layers, "build", None)
            index.merge(tmp_path / "index")
        index.delete(3)
        index.merge(tmp_path / "index")
        assert index.within(values[3].tobytes(), 0) == []
        assert values[3].tobytes() not in (tmp_path / "index").read_bytes()


def test_the_best_path_is_one_of_them() -> None:
    assert core().tb_radius_path(0) in PATHS.values()
    assert core().tb_radius_path(9) == -1


VALUE = st.binary(min_size=32, max_size=32) | st.integers(0, 255).map(lambda byte: bytes([byte]) * 32)


@settings(max_examples=200, deadline=None)
@given(st.lists(VALUE, max_size=3), VALUE, st.integers(0, 256))
def test_none_one_and_two(listed: list[bytes], query: bytes, radius: int) -> None:
    values = np.frombuffer(b"".join(listed), np.uint8).reshape(-1, 32)
    with RadiusIndex.build(values.tobytes()) as index:
        assert len(index) == len(listed)
        assert index.within(query, radius) == near(values, np.frombuffer(query, np.uint8), radius)
        assert index.within_many([]) == []


def test_threads_and_batches_say_the_same() -> None:
    rng = np.random.default_rng(5)
    values = made.clustered(rng, COUNT)
    queries = made.changed(rng, values[:300], 40)
    with RadiusIndex.build(values.tobytes()) as index:
        together = index.within_many(queries.tobytes(), 31, threads=4)
        assert together == index.within_many([query.tobytes() for query in queries], [31] * 300)
        assert together == [index.within(query.tobytes()) for query in queries]
        assert together == [near(values, query, 31) for query in queries]


def test_more_than_there_is_room_for() -> None:
    values = np.zeros((3 * layers.FOUND_EACH, 32), np.uint8)
    with RadiusIndex.build(values.tobytes()) as index:
        assert index.within(bytes(32), 0) == [(at, 0) for at in range(len(values))]


def test_ids_are_the_caller_s() -> None:
    ids = [2**63 - 1, 0, 7, 7]
    with RadiusIndex.build(bytes(32 * 4), ids) as index:
        assert index.within(bytes(32), 0) == [(number, 0) for number in sorted(ids)]
        index.delete(7)
        assert index.within(bytes(32), 0) == [(0, 0), (2**63 - 1, 0)]
        index.merge()
        assert index.within(bytes(32), 0) == [(0, 0), (2**63 - 1, 0)]


def test_lists_have_radii_of_their_own() -> None:
    with RadiusIndex({"near": 8, "far": 40}) as index:
        index.insert(b"\xff\xff" + bytes(30), 1, of="near")
        index.insert(b"\xff\xff" + bytes(30), 2, of="far")
        index.insert(bytes(32), 3, of="near")
        assert index.within_lists(bytes(32)) == {"near": [(3, 0)], "far": [(2, 16)]}
        assert index.within(bytes(32), 16, of="near") == [(3, 0), (1, 16)]
        index.delete(3, of="far")
        assert index.within(bytes(32), of="near") == [(3, 0)]


class Changing(RuleBasedStateMachine):
    """Any sequence of changes, folds and merges, against a plain list."""

    def __init__(self) -> None:
        super().__init__()
        self.index, self.model = RadiusIndex(), list[tuple[bytes, int]]()

    @rule(number=st.integers(0, 5), seed=st.integers(0, 3))
    def insert(self, number: int, seed: int) -> None:
        self.index.insert(bytes([seed]) * 32, number)
        self.model.append((bytes([seed]) * 32, number))

    @rule(number=st.integers(0, 5), count=st.integers(0, 12))
    def insert_many(self, number: int, count: int) -> None:
        values = [bytes([at % 5]) * 32 for at in range(count)]
        self.index.insert_many(b"".join(values), [number] * count)
        self.model += [(value, number) for value in values]

    @rule(number=st.integers(0, 5))
    def delete(self, number: int) -> None:
        self.index.delete(number)
        self.model = [(value, kept) for value, kept in self.model if kept != number]

    @rule()
    def fold(self) -> None:
        self.index._lists["only"].fold()

    @rule()
    def merge(self) -> None:
        self.index.merge()
        assert len(self.index._lists["only"].layers) <= 3  # of each parity one, and the delta

    @invariant()
    def finds_what_there_is(self) -> None:
        for query in (bytes(32), b"\3" * 32):
            expected = [
                (number, (int.from_bytes(value) ^ int.from_bytes(query)).bit_count()) for value, number in self.model
            ]
            assert self.index.within(query, 64) == sorted(
                (one for one in expected if one[1] <= 64), key=lambda one: one[::-1]
            )
        assert len(self.index) == len(self.model)

    def teardown(self) -> None:
        self.index.close()


def test_any_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "DELTA_VALUES", 4)  # full after four, and folded in the background
    machine = Changing.TestCase()
    machine.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
    machine.runTest()


def test_there_are_never_many_layers() -> None:
    rng = np.random.default_rng(6)
    values = made.random(rng, 50_000)
    with RadiusIndex() as index:
        for at, value in enumerate(values):
            index.insert(value.tobytes(), at)
        index._lists["only"].wait()
        assert len(index._lists["only"].layers) < 12
        for query in values[::5000]:
            assert index.within(query.tobytes(), 40) == near(values, query, 40)


def test_changes_count_at_once_while_everything_is_built_anew() -> None:
    values = made.balanced(np.random.default_rng(7), 60_000)
    with RadiusIndex.build(values.tobytes()) as index:
        done, merges, changes = threading.Event(), list[int](), 0

        def merge() -> None:
            while not done.is_set():
                index.merge()
                merges.append(changes)

        merging = threading.Thread(target=merge)
        merging.start()
        while len(merges) < 4 or changes <= 10:
            gone, new = values[changes % 60_000].tobytes(), 10**9 + changes
            index.delete(changes)
            assert changes not in [number for number, _ in index.within(gone, 0)]
            index.insert(gone, new)
            assert (new, 0) in index.within(gone, 0)
            changes += 1
        done.set()
        merging.join()
        assert len(index) == 60_000


@pytest.mark.parametrize(
    ("ask", "field"),
    [
        (lambda index: index.within(bytes(31)), "value"),
        (lambda index: index.within(bytes(32), -1), "radius"),
        (lambda index: index.within(bytes(32), 257), "radius"),
        (lambda index: index.within_many(bytes(33)), "value"),
        (lambda index: index.within_many(bytes(64), [1]), "radii"),
        (lambda index: index.insert(bytes(33), 1), "value"),
        (lambda index: index.insert(bytes(32), 2**63), "ids"),
        (lambda index: index.insert(bytes(32), -1), "ids"),
        (lambda index: index.insert_many(bytes(32), [2**63]), "ids"),
        (lambda index: index.insert_many(bytes(32), [-1]), "ids"),
        (lambda index: index.insert_many(bytes(32), [1, 2]), "values"),
        (lambda index: index.delete(-1), "ids"),
    ],
)
def test_bad_input_is_named(ask: Callable[[RadiusIndex], object], field: str) -> None:
    with RadiusIndex() as index, pytest.raises(InvalidInputError) as raised:
        ask(index)
    assert raised.value.field == field


def test_a_list_that_is_not_there() -> None:
    index = RadiusIndex()
    with pytest.raises(NotFoundError):
        index.insert(bytes(32), 1, of="other")
    index.close()
    with pytest.raises(NotFoundError):
        index.within(bytes(32))
