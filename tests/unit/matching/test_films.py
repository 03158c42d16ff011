"""When a film shows a listed film: two frames, apart in time and unlike each other."""

from __future__ import annotations

import pytest

from takeback.matching.films import ListedFrame, shows

A, B, NEAR_A = b"\x00" * 32, b"\x55" * 32, b"\x00" * 31 + b"\x01"
FILM: list[ListedFrame] = [(0, A), (1, NEAR_A), (2, B), (5, b"\xaa" * 32)]


@pytest.mark.parametrize(
    ("found", "listed", "shown"),
    [
        ([], FILM, False),
        ([(0, A)], FILM, False),  # a title card stands in many films
        ([(0, A), (1, NEAR_A)], FILM, False),  # the same thing twice
        ([(1, NEAR_A), (2, B)], FILM, False),  # too close: a cut
        ([(0, A), (2, B)], FILM, True),
        (FILM, FILM, True),
        ([(0, A)], [(0, A)], True),  # a film of one picture is a picture
        ([(0, A)], [(0, A), (9, NEAR_A)], True),  # nothing moves in it
        ([], [], False),
    ],
)
def test_the_rule(found: list[ListedFrame], listed: list[ListedFrame], *, shown: bool) -> None:
    assert shows(found, listed) is shown
