"""The index follows the replica: at once, change by change, from its file, and anew where the file does not fit."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.exchange_simulator import ExchangeSimulator, name, pdq
from takeback import HashList, Matched, Screen, Unscannable
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.matching import index_file
from takeback.matching.radius import RadiusIndex
from takeback.media import Fingerprinted
from takeback.participant.lists.index import RADII


@pytest.fixture
def exchange() -> ExchangeSimulator:
    return ExchangeSimulator()


@pytest.fixture
def path(tmp_path: Path, exchange: ExchangeSimulator) -> Path:
    """A list of five entries, synced, with its index beside it."""
    exchange.put(name(0), *frames(7))
    for at in range(1, 5):
        exchange.put(name(at), pdq(far(at)))
    with opened(tmp_path / "list.db", exchange) as hashlist:
        hashlist.sync(exchange)
    return tmp_path / "list.db"


def opened(path: Path, exchange: ExchangeSimulator) -> HashList:
    return HashList.open(path, clock=exchange.clock)


def far(at: int) -> int:
    """Values that are far from each other."""
    return int.from_bytes(hashlib.sha256(bytes([at])).digest())


def frames(at: int) -> tuple[Fingerprint, ...]:
    return tuple(
        Fingerprint(FingerprintType.VPDQ, (far(1) ^ at ^ 1 << 100 + 3 * second).to_bytes(32, "big"), 100, second)
        for second in range(3)
    )


def found(hashlist: HashList) -> set[int]:
    """Which of the entries are found by their value."""
    index = hashlist.index.current()
    return {at for at in range(9) if index.within(far(at).to_bytes(32, "big"), of="pdq")}


@pytest.fixture
def hashlist(path: Path, exchange: ExchangeSimulator) -> Iterator[HashList]:
    with opened(path, exchange) as hashlist:
        yield hashlist


def test_it_is_there_after_the_first_sync(path: Path, hashlist: HashList) -> None:
    with RadiusIndex.open(path.with_name("list.db.index")) as index:
        assert len(index) == 7
    assert found(hashlist) == {1, 2, 3, 4}
    assert len(hashlist.index.current().within(frames(7)[0].value, of="vpdq")) == 3


def test_what_is_withdrawn_leaves_no_byte(path: Path, hashlist: HashList, exchange: ExchangeSimulator) -> None:
    """Neither in the file nor in its write-ahead log, nor in the index."""
    value, kept = far(2).to_bytes(32, "big"), far(3).to_bytes(32, "big")
    assert value in path.with_name("list.db.index").read_bytes()
    exchange.withdraw(name(2))
    hashlist.sync(exchange)
    assert found(hashlist) == {1, 3, 4}
    content = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert value not in content
    assert kept in content


def test_another_process_s_changes_are_seen(path: Path, hashlist: HashList, exchange: ExchangeSimulator) -> None:
    assert found(hashlist) == {1, 2, 3, 4}
    held = hashlist.index.current()
    with opened(path, exchange) as other:
        exchange.withdraw(name(1))
        exchange.put(name(5), pdq(far(5)))
        other.sync(exchange)
        assert found(hashlist) == found(other) == {2, 3, 4, 5}
        exchange.put(name(6), pdq(far(6)))
        other.sync(exchange)
        assert found(hashlist) == found(other) == {2, 3, 4, 5, 6}
    assert held.within(far(2).to_bytes(32, "big"), of="pdq"), "whoever still asks the old one gets an answer"


def test_what_a_file_holds_already_is_not_taken_twice(
    path: Path, hashlist: HashList, exchange: ExchangeSimulator
) -> None:
    """A file that was written while entries came may hold more than its stamp says."""
    file = path.with_name("list.db.index")
    with RadiusIndex.open(file) as index:
        stamp = index.stamp
    exchange.put(name(5), pdq(far(5)))
    hashlist.sync(exchange)
    with RadiusIndex.open(file) as index:
        index.merge(file, stamp=stamp)
    assert found(hashlist) == {1, 2, 3, 4, 5}
    assert len(hashlist.index.current()) == 8


def test_a_writer_in_another_process_stops_nobody(path: Path, hashlist: HashList, exchange: ExchangeSimulator) -> None:
    exchange.withdraw(name(1))
    with index_file._new_file(path.with_name("list.db.index")):
        assert found(hashlist) == {1, 2, 3, 4}
        hashlist.sync(exchange)
        assert found(hashlist) == {2, 3, 4}
    exchange.withdraw(name(2))
    hashlist.sync(exchange)
    assert len(hashlist.index.current()) == 5


def test_a_changed_entry_is_found_once(hashlist: HashList, exchange: ExchangeSimulator) -> None:
    exchange.put(name(1), pdq(far(1) ^ 1))
    hashlist.sync(exchange)
    (near,) = hashlist.index.current().within(far(1).to_bytes(32, "big"), of="pdq")
    assert near[1] == 1


@pytest.mark.parametrize("wrong", ["missing", "damaged", "empty", "another's", "other lists"])
def test_a_file_that_does_not_fit_is_made_anew(path: Path, exchange: ExchangeSimulator, wrong: str) -> None:
    file = path.with_name("list.db.index")
    content = bytearray(file.read_bytes())
    if wrong == "missing":
        file.unlink()
    elif wrong == "damaged":
        content[content.index(far(3).to_bytes(32, "big"))] ^= 1
        file.write_bytes(content)
    elif wrong == "empty":
        file.write_bytes(b"")
    elif wrong == "another's":
        path.unlink()  # the list begins again, and the old index is still there
    else:
        with RadiusIndex.open(file) as index, RadiusIndex(RADII | {"more": 1}) as other:
            other.merge(file, stamp=index.stamp)
    with opened(path, exchange) as hashlist:
        hashlist.sync(exchange)
        assert found(hashlist) == {1, 2, 3, 4}
    with RadiusIndex.open(file) as index:
        index.verify()
        assert index.within(far(3).to_bytes(32, "big"), 0, of="pdq")


def test_a_list_that_began_again(hashlist: HashList, exchange: ExchangeSimulator) -> None:
    assert found(hashlist) == {1, 2, 3, 4}
    hashlist.replica.begin_again()
    assert found(hashlist) == set()
    hashlist.sync(exchange)
    assert found(hashlist) == {1, 2, 3, 4}


def test_too_far_behind_to_follow(hashlist: HashList, exchange: ExchangeSimulator) -> None:
    assert found(hashlist) == {1, 2, 3, 4}
    exchange.withdraw(name(2))
    exchange.withdraw(name(3))
    other = opened(hashlist._path, exchange)
    other.index.settle = lambda: None  # type: ignore[method-assign]
    other.sync(exchange)
    other.replica._database.execute("DELETE FROM removed WHERE number < (SELECT max(number) FROM removed)")
    other.close()
    assert found(hashlist) == {1, 4}


def test_md5_alone_is_never_enough(tmp_path: Path, test_data: Path, exchange: ExchangeSimulator) -> None:
    """Two pictures with one MD5: listing one never says the other."""
    folder = test_data / "md5_collisions"
    for suffix in ("jpg", "png"):
        listed, other = sorted(folder.glob(f"*.{suffix}"))
        with opened(tmp_path / suffix, exchange) as hashlist, Screen(hashlist) as screen:
            made, twin = (screen._fingerprinter.fingerprint(one) for one in (listed, other))
            exchange.latest.clear()
            exchange.put(name(1), *exact(made))
            hashlist.sync(exchange)
            assert {one.value for one in exact(made)} & {one.value for one in exact(twin)}, "one MD5"
            assert isinstance(screen.check(listed), Matched)
            assert not isinstance(screen.check(other), Matched)


def exact(made: Fingerprinted | Unscannable) -> list[Fingerprint]:
    """MD5 and SHA-256 of a file, whether or not it could be decoded."""
    prints = made.exact if isinstance(made, Unscannable) else made.fingerprints
    return [one for one in prints if not one.type.perceptual]
