"""A film has the same frames and values in the person's browser as on the platform's server, to the last bit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser

from support import films
from support.servers import ClearinghouseServer
from support.worker import BrowserFingerprints
from takeback.fingerprints.distance import hamming
from takeback.fingerprints.types import FingerprintType
from takeback.media import Fingerprinted, Fingerprinter

#: What Chromium decodes; the others are for the server alone (docs/formats.md).
WEBCODECS = [way for way in films.WAYS if not way.endswith((".avi", ".3gp")) and not way.startswith("hevc")]


@pytest.fixture(scope="module")
def browser(chromium: Browser, portal: ClearinghouseServer) -> Iterator[BrowserFingerprints]:
    asked = BrowserFingerprints(chromium, portal.url)
    yield asked
    asked.close()


@pytest.fixture(scope="module")
def server() -> Iterator[Fingerprinter]:
    with Fingerprinter() as fingerprinter:
        yield fingerprinter


def frames(server: Fingerprinter, film: bytes | Path) -> list[dict[str, Any]]:
    made = server.fingerprint(film)
    assert isinstance(made, Fingerprinted)
    prints = [one for one in made.fingerprints if one.type is FingerprintType.VPDQ]
    return [{"value": one.hex, "quality": one.quality, "at": one.at} for one in prints]


@pytest.mark.parametrize("way", WEBCODECS)
def test_no_bit_differs(way: str, browser: BrowserFingerprints, server: Fingerprinter) -> None:
    (made,) = browser.frames_of(films.film(way))
    assert made["kind"] == "frames"
    assert made["complete"]
    assert made["frames"] == frames(server, films.film(way))
    assert [one["at"] for one in made["frames"]] == [0, 1, 2, 3, 4, 5]


def test_cards_are_left_out(browser: BrowserFingerprints, server: Fingerprinter) -> None:
    title = np.zeros((272, 480, 3), np.uint8)
    title[100:140, 60:420:9] = 255
    for scenes, first in ((3, 2), (0, 0)):
        film = films.encoded([title] * 48 + films.scenes(scenes))
        (made,) = browser.frames_of(film)
        assert made["frames"] == frames(server, film)
        assert made["frames"][0]["at"] == first, "a film of nothing else keeps them"


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_film(degrees: int, browser: BrowserFingerprints, server: Fingerprinter) -> None:
    film = films.turned(films.film(seconds=2.5), degrees)
    (made,) = browser.frames_of(film)
    assert made["frames"] == frames(server, film)


@pytest.mark.parametrize("way", ["mpeg4.avi", "mjpeg.avi", "hevc.mp4"])
def test_what_this_browser_cannot_decode_is_said(way: str, browser: BrowserFingerprints) -> None:
    (made,) = browser.frames_of(films.film(way))
    assert made["kind"] in ("codec", "unreadable")


@pytest.mark.parametrize("format_", ["GIF", "PNG", "WEBP"])
def test_an_animation(format_: str, browser: BrowserFingerprints, server: Fingerprinter) -> None:
    animation = films.animation(3.4, format_=format_)
    (made,) = browser.frames_of(animation, type_=f"image/{format_.lower()}")
    assert made["frames"] == frames(server, animation)
    assert len(made["frames"]) == 4


def test_a_long_film_has_its_key_frames(browser: BrowserFingerprints, server: Fingerprinter) -> None:
    """A phone decodes those alone: each is what the server finds near that moment, or a frame of the same scene."""
    film = films.encoded(films.scenes(700, width=160, height=96, fps=1), fps=1, options={"g": "3"})
    (made,) = browser.frames_of(film)
    there = [bytes.fromhex(one["value"]) for one in frames(server, film)]
    assert made["complete"]
    assert 5 < len(made["frames"]) <= 600
    nearest = [min(hamming(bytes.fromhex(one["value"]), value) for value in there) for one in made["frames"]]
    assert max(nearest) <= 10


@pytest.mark.parametrize("keep", [0.3, 0.6])
def test_half_a_film(keep: float, browser: BrowserFingerprints) -> None:
    film = films.film("vp9.webm")
    (made,) = browser.frames_of(film[: int(len(film) * keep)])
    assert made["kind"] == "unreadable" or len(made["frames"]) < 6


def test_the_sample_films(browser: BrowserFingerprints, server: Fingerprinter, test_data: Path) -> None:
    for film in sorted((test_data / "videos").glob("*.[mw]*")):
        if "doorknob" in film.name:
            continue
        (made,) = browser.frames_of(film)
        assert made["kind"] == "frames", film.name
        assert made["frames"] == frames(server, film), film.name
