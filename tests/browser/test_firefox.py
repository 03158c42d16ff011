"""Debian's Firefox: pictures to the last bit, films to a few bits, for its WebCodecs hand out colours alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from support import films, tiffs
from support.firefox import firefox
from support.pictures import PHOTOGRAPHS, photograph
from support.servers import ClearinghouseServer
from support.worker import BrowserFingerprints
from takeback.fingerprints.distance import hamming
from takeback.fingerprints.types import FingerprintType
from takeback.media import Fingerprinted, Fingerprinter

MOST_BITS = 4

pytestmark = pytest.mark.skipif(not shutil.which("firefox-esr"), reason="`scripts/setup firefox` installs it")


@pytest.fixture(scope="module")
def browser(portal: ClearinghouseServer) -> Iterator[BrowserFingerprints]:
    with firefox() as page:
        yield BrowserFingerprints(page, portal.url)


@pytest.fixture(scope="module")
def server() -> Iterator[Fingerprinter]:
    with Fingerprinter() as fingerprinter:
        yield fingerprinter


def on_server(server: Fingerprinter, file: bytes, kind: FingerprintType) -> list[dict[str, Any]]:
    made = server.fingerprint(file)
    assert isinstance(made, Fingerprinted)
    return [{"value": one.hex, "quality": one.quality, "at": one.at} for one in made.fingerprints if one.type is kind]


def test_photographs_agree(browser: BrowserFingerprints, server: Fingerprinter) -> None:
    files = [photograph(name) for name in PHOTOGRAPHS]
    made = [one and one["pdq"]["value"] for one in browser.of(*files)]
    assert made == [on_server(server, file, FingerprintType.PDQ)[0]["value"] for file in files]


def test_tiffs_agree(browser: BrowserFingerprints, server: Fingerprinter) -> None:
    files = list(tiffs.readable().values())
    made = [one and one["pdq"]["value"] for one in browser.of_tiff(*files)]
    assert made == [on_server(server, file, FingerprintType.PDQ)[0]["value"] for file in files]


@pytest.mark.parametrize("way", ["h264.mp4", "vp8.webm", "vp9.webm", "av1.mp4"])
def test_films_are_near(browser: BrowserFingerprints, server: Fingerprinter, way: str) -> None:
    (made,) = browser.frames_of(films.film(way))
    there = on_server(server, films.film(way), FingerprintType.VPDQ)
    assert [one["at"] for one in made["frames"]] == [one["at"] for one in there]
    apart = [
        hamming(bytes.fromhex(one["value"]), bytes.fromhex(other["value"]))
        for one, other in zip(made["frames"], there, strict=True)
    ]
    assert max(apart) <= MOST_BITS


def test_full_range_is_not_guessed(browser: BrowserFingerprints) -> None:
    """This Firefox takes 0 to 255 for 16 to 235: the page lets it show such a film instead."""
    (made,) = browser.frames_of(films.film("h264-full-range.mov"))
    assert made["kind"] == "codec"
