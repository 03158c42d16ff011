"""Files against the list: what matches, how, and what the match allows."""

from __future__ import annotations

import io
import random
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from PIL import Image, ImageDraw

from support import films
from support.exchange_simulator import ExchangeSimulator, md5, name, pdq, sha256
from support.pictures import half_size_jpeg, photograph, truncated
from takeback import Clear, HashList, Matched, Screen, StaleListError, Unscannable
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.fingerprints.variants import Effort
from takeback.media import Fingerprinted, Fingerprinter
from takeback.model.tier import StrongestAction, Tier

PICTURE = photograph("coffee.png")


@pytest.fixture(scope="module")
def prints() -> tuple[Fingerprint, ...]:
    with Fingerprinter() as fingerprinter:
        made = fingerprinter.fingerprint(PICTURE)
    assert isinstance(made, Fingerprinted)
    return made.fingerprints


@pytest.fixture
def exchange() -> ExchangeSimulator:
    return ExchangeSimulator()


@pytest.fixture
def hashlist(tmp_path: Path, exchange: ExchangeSimulator) -> Iterator[HashList]:
    with HashList.open(tmp_path / "list.db", clock=exchange.clock) as opened:
        yield opened


@pytest.fixture
def screen(hashlist: HashList) -> Iterator[Screen]:
    with Screen(hashlist) as made:
        yield made


def test_the_same_file_a_changed_copy_and_another_picture(
    screen: Screen, hashlist: HashList, exchange: ExchangeSimulator, prints: tuple[Fingerprint, ...]
) -> None:
    exchange.put(name(1), *prints)
    hashlist.sync(exchange)

    same = screen.check(PICTURE)
    assert isinstance(same, Matched)
    assert (same.matches[0].type, same.matches[0].distance) == (FingerprintType.SHA256, 0)

    copy = screen.check(half_size_jpeg(PICTURE))
    assert isinstance(copy, Matched)
    assert copy.matches[0].type is FingerprintType.PDQ
    assert 0 < copy.matches[0].distance <= copy.matches[0].threshold == 31

    other = screen.check(photograph("rocket.jpg"))
    assert isinstance(other, Clear)
    assert FingerprintType.PDQ in other.checked


def test_a_list_that_was_never_synced_answers_nothing(screen: Screen) -> None:
    with pytest.raises(StaleListError):
        screen.check(PICTURE)


def test_what_cannot_be_read_is_said_and_still_found_byte_for_byte(
    screen: Screen, hashlist: HashList, exchange: ExchangeSimulator
) -> None:
    broken = truncated(PICTURE)
    hashlist.sync(exchange)
    assert isinstance(screen.check(broken), Unscannable)
    with Fingerprinter() as fingerprinter:
        made = fingerprinter.fingerprint(broken)
    assert isinstance(made, Unscannable)
    exchange.put(name(1), *made.exact)
    hashlist.sync(exchange)
    assert isinstance(screen.check(broken), Matched)


def test_a_withdrawal_counts_at_once(screen: Screen, hashlist: HashList, exchange: ExchangeSimulator) -> None:
    exchange.put(name(1), pdq(5))
    hashlist.sync(exchange)
    assert isinstance(screen.check((pdq(4),)), Matched)
    exchange.withdraw(name(1))
    hashlist.sync(exchange)
    assert screen.check((pdq(4),)) == Clear((FingerprintType.PDQ,))


def test_another_process_s_sync_is_seen(tmp_path: Path, screen: Screen, exchange: ExchangeSimulator) -> None:
    with HashList.open(tmp_path / "list.db", clock=exchange.clock) as syncing:
        syncing.sync(exchange)
        assert isinstance(screen.check((pdq(4),)), Clear)
        exchange.put(name(1), pdq(5))
        syncing.sync(exchange)
        assert isinstance(screen.check((pdq(4),)), Matched)


CASES = [
    # fingerprints of the entry, its tier, what the file has, best type or None, what is allowed
    ([sha256(1), md5(1), pdq(0)], Tier.CONFIRMED, [sha256(1)], "sha256", StrongestAction.REMOVE),
    ([sha256(1), md5(1), pdq(0)], Tier.SUBMITTED, [sha256(1)], "sha256", StrongestAction.HOLD),
    ([sha256(1), md5(1), pdq(0)], Tier.CONFIRMED, [pdq(0)], "pdq", StrongestAction.HOLD),
    ([sha256(1), md5(1), pdq(0)], Tier.CONFIRMED, [pdq(2**31 - 1)], "pdq", StrongestAction.HOLD),
    ([sha256(1), md5(1), pdq(0)], Tier.CONFIRMED, [pdq(2**48 - 1)], "pdq", StrongestAction.HOLD),  # probable
    ([sha256(1), md5(1), pdq(0)], Tier.CONFIRMED, [pdq(2**49 - 1)], None, None),
    ([md5(1), pdq(0)], Tier.CONFIRMED, [md5(1), pdq(2**32 - 1)], "pdq", StrongestAction.HOLD),  # probable is no family
    ([sha256(1), md5(1)], Tier.CONFIRMED, [md5(1), sha256(2)], None, None),  # an MD5 collision is no match
    ([md5(1)], Tier.CONFIRMED, [md5(1)], "md5", StrongestAction.HOLD),
    ([md5(1), pdq(0)], Tier.CONFIRMED, [md5(1), pdq(3)], "pdq", StrongestAction.REMOVE),  # two families
    ([md5(1), pdq(0)], Tier.CORROBORATED, [md5(1), pdq(3)], "pdq", StrongestAction.HOLD),
]


@pytest.mark.parametrize(("listed", "tier", "found", "best", "allowed"), CASES)
def test_what_a_find_allows(
    screen: Screen,
    hashlist: HashList,
    exchange: ExchangeSimulator,
    listed: list[Fingerprint],
    tier: Tier,
    found: list[Fingerprint],
    best: str | None,
    allowed: StrongestAction | None,
) -> None:
    exchange.put(name(1), *listed, tier=tier)
    hashlist.sync(exchange)
    result = screen.check(tuple(found))
    if best is None:
        assert isinstance(result, Clear)
    else:
        assert isinstance(result, Matched)
        assert [(match.type.value, match.action) for match in result.matches] == [(best, allowed)]


def test_the_strongest_match_comes_first(screen: Screen, hashlist: HashList, exchange: ExchangeSimulator) -> None:
    exchange.put(name(1), md5(1))
    exchange.put(name(2), pdq(0b111))
    exchange.put(name(3), pdq(0b1))
    exchange.put(name(4), sha256(1))
    hashlist.sync(exchange)
    result = screen.check((md5(1), sha256(1), pdq(0)))
    assert isinstance(result, Matched)
    assert [match.entry for match in result.matches] == [name(4), name(3), name(2), name(1)]


@pytest.fixture(scope="module")
def film_prints() -> tuple[Fingerprint, ...]:
    with Fingerprinter() as fingerprinter:
        made = fingerprinter.fingerprint(films.film(seconds=6.5))
    assert isinstance(made, Fingerprinted)
    return made.fingerprints


@pytest.fixture
def film_screen(
    screen: Screen, hashlist: HashList, exchange: ExchangeSimulator, film_prints: tuple[Fingerprint, ...]
) -> Screen:
    exchange.put(name(1), *film_prints, tier=Tier.VERIFIED)
    hashlist.sync(exchange)
    return screen


def smaller(seconds: slice, fps: int = 24) -> bytes:
    """A part of the film at two thirds of its size, encoded anew as VP9."""
    frames = films.scenes(6.5)[seconds.start * fps : seconds.stop * fps]
    small = [np.asarray(Image.fromarray(one).resize((320, 182))) for one in frames]
    return films.encoded(small, *films.WAYS["vp9.webm"])


@pytest.mark.parametrize("part", [slice(0, 6), slice(1, 5), slice(2, 6)], ids=["whole", "excerpt", "end"])
def test_a_film_that_was_encoded_anew_or_cut_is_held(film_screen: Screen, part: slice) -> None:
    found = film_screen.check(smaller(part))
    assert isinstance(found, Matched)
    (match,) = found.matches
    assert (match.type, match.threshold, match.action) == (FingerprintType.VPDQ, 31, StrongestAction.HOLD)
    assert match.frames is not None
    assert 2 <= match.frames[0] <= match.frames[1] == 6


def test_the_listed_film_itself_is_its_bytes(film_screen: Screen) -> None:
    found = film_screen.check(films.film(seconds=6.5))
    assert isinstance(found, Matched)
    assert found.matches[0].type is FingerprintType.SHA256
    assert found.matches[0].frames == (6, 6)


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_film_that_was_cut_is_found_at_full_effort(
    film_screen: Screen, hashlist: HashList, *, mirrored: bool
) -> None:
    """A tenth of each side is gone."""
    cut = [one[14:-14, 24:-24] for one in films.scenes(6.5)]
    upload = films.encoded([one[:, ::-1] if mirrored else one for one in cut])
    assert isinstance(film_screen.check(upload), Clear)
    with Screen(hashlist, effort=Effort.FULL) as thorough:
        found = thorough.check(upload)
    assert isinstance(found, Matched)
    (match,) = found.matches
    assert (match.type, match.threshold, match.action) == (FingerprintType.VPDQ, 40, StrongestAction.HOLD)


def rest(seconds: float) -> list[np.ndarray]:
    """Another film, in which nothing moves."""
    picture = Image.open(io.BytesIO(photograph("rocket.jpg"))).convert("RGB").resize((480, 272))
    return [np.asarray(picture)] * int(seconds * 24)


def test_a_film_that_shares_a_scene_is_held(film_screen: Screen) -> None:
    """A second and a quarter of the listed film, then another one."""
    found = film_screen.check(films.encoded([*films.scenes(6.5)[:30], *rest(4)]))
    assert isinstance(found, Matched)
    (match,) = found.matches
    assert match.action is StrongestAction.HOLD
    assert match.frames is not None
    assert match.frames[0] <= 2


def test_a_film_that_shares_what_stands_still_is_clear(film_screen: Screen) -> None:
    """A logo, a title over a photograph: it says nothing of the film that it stands before."""
    found = film_screen.check(films.encoded([*[films.scenes(6.5)[24]] * 48, *rest(4)]))
    assert isinstance(found, Clear)
    assert FingerprintType.VPDQ in found.checked


def test_a_still_of_a_listed_film_is_held(film_screen: Screen) -> None:
    out = io.BytesIO()
    Image.fromarray(films.scenes(6.5)[2 * 24]).resize((360, 204)).save(out, "JPEG")
    found = film_screen.check(out.getvalue())
    assert isinstance(found, Matched)
    (match,) = found.matches
    assert (match.type, match.action, match.frames) == (FingerprintType.VPDQ, StrongestAction.HOLD, (1, 6))


def test_a_film_that_shows_a_listed_picture_is_held(
    screen: Screen, hashlist: HashList, exchange: ExchangeSimulator, prints: tuple[Fingerprint, ...]
) -> None:
    exchange.put(name(1), *prints, tier=Tier.VERIFIED)
    hashlist.sync(exchange)
    shown = np.asarray(Image.open(io.BytesIO(PICTURE)).convert("RGB").resize((450, 300)))
    found = screen.check(films.encoded([*[np.zeros_like(shown)] * 24, *[shown] * 24]))
    assert isinstance(found, Matched)
    (match,) = found.matches
    assert (match.type, match.action) == (FingerprintType.PDQ, StrongestAction.HOLD)


def test_threads_may_ask_while_one_syncs(screen: Screen, hashlist: HashList, exchange: ExchangeSimulator) -> None:
    """While entries come and go, a find is always one of the entry that has the value."""
    drawn = random.Random(8)
    values = {name(number): drawn.getrandbits(256) for number in range(1, 9)}  # far from each other
    found: list[tuple[str, set[str]]] = []
    hashlist.sync(exchange)
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            for entry, value in values.items():
                result = screen.check((pdq(value),))
                if isinstance(result, Matched):
                    found.append((entry, {match.entry for match in result.matches}))

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for round_ in range(60):
            for at, (entry, value) in enumerate(values.items()):
                if (at + round_) % 3:
                    exchange.put(entry, pdq(value))
                else:
                    exchange.withdraw(entry)
            hashlist.sync(exchange)
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert found
    assert [(asked, entries) for asked, entries in found if entries != {asked}] == []


def test_a_picture_of_a_card_is_no_still_of_a_film(hashlist: HashList, exchange: ExchangeSimulator) -> None:
    """Many films show the same title; a listed one is not found by it, a listed picture of it is."""
    card = Image.new("RGB", (480, 272), "navy")
    ImageDraw.Draw(card).text((150, 110), "The End", fill="white", font_size=48)
    out = io.BytesIO()
    card.save(out, "PNG")
    with Fingerprinter() as fingerprinter:
        made = fingerprinter.fingerprint(out.getvalue())
    assert isinstance(made, Fingerprinted)
    own = made.fingerprints[2]
    exchange.put(name(1), replace(own, type=FingerprintType.VPDQ, at=0))
    hashlist.sync(exchange)
    with Screen(hashlist) as screen:
        assert isinstance(screen.check(out.getvalue()), Clear)
        exchange.put(name(2), own)
        hashlist.sync(exchange)
        found = screen.check(out.getvalue())
    assert isinstance(found, Matched)
    assert [(match.entry, match.variant) for match in found.matches] == [(name(2), "card")]
