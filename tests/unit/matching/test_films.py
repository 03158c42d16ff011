"""When a film shows a listed film: two scenes, one that moves, or all that there is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback.fingerprints.distance import hamming
from takeback.matching.films import (
    APART_SECONDS,
    FRAME_THRESHOLD_BITS,
    MOVES_BITS,
    MOVING_THRESHOLD_BITS,
    SCENES_THRESHOLD_BITS,
    UNLIKE_BITS,
    ListedFrame,
    Sighting,
    moving,
    shown,
    still,
)


def bits(*ones: range) -> bytes:
    """A value with these bits set."""
    return sum(1 << bit for part in ones for bit in part).to_bytes(32, "big")


def flipped(value: bytes, count: int, first: int = 0) -> bytes:
    """The value with so many bits turned over."""
    return (int.from_bytes(value, "big") ^ (((1 << count) - 1) << first)).to_bytes(32, "big")


A, B = bits(range(128)), bits(range(64, 192))
NEAR_A = flipped(A, UNLIKE_BITS - 1, first=200)
FILM: list[ListedFrame] = [(0, A), (1, NEAR_A), (2, B), (5, bits(range(0, 256, 2)))]
STANDS_STILL: list[ListedFrame] = [(0, A), (9, NEAR_A)]


def seen(*frames: tuple[bytes, ListedFrame]) -> list[Sighting]:
    return [Sighting(frame, listed, hamming(frame, listed[1])) for frame, listed in frames]


def all_seen(frames: list[bytes], listed: list[ListedFrame]) -> list[Sighting]:
    return seen(*((frame, one) for frame in frames for one in listed))


MOVED_A = flipped(A, MOVES_BITS, first=210)
FAR_A, FAR_B = (flipped(one, SCENES_THRESHOLD_BITS) for one in (A, B))
CASES = {
    "nothing": ([], FILM, None),
    "a title card that stands for long": ([A, flipped(A, MOVES_BITS - 1, first=210)], [(0, A), *FILM[2:]], None),
    "a scene that moves slowly": ([A, MOVED_A], [(0, A), *FILM[2:]], (False, 40, (1, 3))),
    "two frames, too close in time": ([NEAR_A, B], [(1, NEAR_A), (2, B), FILM[3]], None),
    "two frames, too alike": ([A, flipped(A, 1)], [(0, A), (3, flipped(A, 1)), *FILM[2:]], None),
    "two scenes": ([A, B], FILM, (True, 31, (3, 4))),
    "two scenes, far": ([FAR_A, FAR_B], FILM, (False, 48, (2, 4))),
    "two scenes, one far": ([A, FAR_B], FILM, (False, 48, (3, 4))),
    "two scenes, too far": ([flipped(FAR_A, 1, first=60), flipped(FAR_B, 1, first=60)], FILM, None),
    "one frame near two that are far": ([bits(range(32, 160))], [(0, A), (3, bits(range(32, 192))), *FILM[3:]], None),
    "a film of one picture": ([A], [(0, A)], (True, 31, (1, 1))),
    "a film in which nothing moves": ([A], STANDS_STILL, (True, 31, (2, 2))),
    "a film in which nothing moves, far": ([FAR_A], STANDS_STILL, None),
}


@pytest.mark.parametrize(("frames", "listed", "what"), CASES.values(), ids=CASES)
def test_the_rule(
    frames: list[bytes], listed: list[ListedFrame], what: tuple[bool, int, tuple[int, int]] | None
) -> None:
    film = shown(all_seen(frames, listed), listed)
    assert (film and (film.strong, film.threshold, film.frames)) == what


def test_one_frame_is_enough_where_the_upload_moves() -> None:
    (sighting,) = seen((A, FILM[0]))
    assert shown([sighting], FILM) is None
    film = shown([replace(sighting, moves=True)], FILM)
    assert film is not None
    assert (film.strong, film.threshold, film.frames) == (False, 40, (1, 4))
    assert shown([replace(sighting, moves=True, distance=MOVING_THRESHOLD_BITS + 1)], FILM) is None


C = bits(range(0, 256, 2))


@pytest.mark.parametrize(
    ("frames", "moves"),
    [
        ([], []),
        ([(0, A)], [False]),  # a picture
        ([(0, A), (0, B), (0, C)], [True, True, True]),
        ([(0, A), (0, flipped(A, MOVES_BITS - 1)), (0, C)], [False, False, True]),
        ([(0, A), (0, A), (0, B), (1, C), (1, C)], [False, False, True, False, False]),
        ([(0, A), (3, B), (4, C)], [False, False, True]),  # what was shown between is not known
    ],
)
def test_what_moves(frames: list[tuple[int, bytes]], moves: list[bool]) -> None:
    assert moving(frames) == moves


def test_a_picture_may_be_a_still_and_is_never_more() -> None:
    film = still(all_seen([flipped(A, 7)], FILM), FILM)
    assert film is not None
    assert (film.strong, film.threshold, film.distance, film.frames) == (False, 31, 7, (1, 4))
    assert still(all_seen([flipped(A, FRAME_THRESHOLD_BITS + 1)], FILM), FILM) is None


VALUES = st.integers(0, 2**256 - 1).map(lambda number: number.to_bytes(32, "big"))
FRAMES = st.lists(st.tuples(st.integers(0, 20), VALUES), min_size=1, max_size=8, unique_by=lambda one: one[1])


@given(FRAMES, st.data())
def test_the_whole_film_is_always_shown_and_more_evidence_takes_nothing_away(
    listed: list[ListedFrame], data: st.DataObject
) -> None:
    frames = [value for _, value in listed]
    whole = shown(all_seen(frames, listed), listed)
    assert whole is not None
    assert whole.strong
    assert whole.distance == 0
    assert whole.frames == (len(listed), len(listed))
    part = shown(all_seen(data.draw(st.lists(st.sampled_from(frames), unique=True)), listed), listed)
    assert part is None or not part.strong or whole.strong


@given(FRAMES, FRAMES)
def test_what_is_strong_has_two_scenes_or_is_all_there_is(listed: list[ListedFrame], other: list[ListedFrame]) -> None:
    sightings = [one for one in all_seen([value for _, value in other], listed) if one.distance <= 31]
    film = shown(sightings, listed)
    if film is not None and film.strong:
        found = {one.listed for one in sightings}
        apart = [
            (one, two)
            for one in found
            for two in found
            if one[0] - two[0] >= APART_SECONDS and hamming(one[1], two[1]) >= UNLIKE_BITS
        ]
        alone = all(abs(one[0] - two[0]) < APART_SECONDS or hamming(one[1], two[1]) < UNLIKE_BITS
                    for one in listed for two in listed)  # fmt: skip
        assert apart or alone
