"""Damaged and hostile files in the page: it lives on, soon, and says in plain words what it could not do."""

from __future__ import annotations

import struct
import time
import zlib
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from support import films
from support.pictures import photograph, truncated
from support.portal_page import PortalPage
from support.servers import ClearinghouseServer
from support.worker import BrowserFingerprints
from takeback.fingerprints.types import FingerprintType
from takeback.media import Fingerprinted, Fingerprinter

#: What one such file may take, on a slow machine that does other work, too.
LONGEST_S = 60
#: Sentences that a person may read about such a file.
KIND = (
    "We can find changed copies of it, too.",  # damaged where it does not matter
    "There is too little to see in it",
    "The file looks damaged.",
    "This page cannot open this kind of file yet.",
    "This device cannot look into this film.",
    "It is larger than this page can look at.",
    "This file did not open. Try again, or choose a copy of it. If not, we leave it out.",
)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int) -> bytes:
    """A true PNG of one colour, written row by row: small, whatever it unfolds to."""
    packing = zlib.compressobj(1)
    rows = b"".join(packing.compress(bytes(width + 1)) for _ in range(height)) + packing.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def said_to_measure(jpeg: bytes, side: int) -> bytes:
    """A JPEG whose header claims another size."""
    at = jpeg.index(b"\xff\xc0")
    return jpeg[: at + 5] + struct.pack(">HH", side, side) + jpeg[at + 9 :]


def hostile() -> dict[str, bytes]:
    film = films.film()
    moov = film.index(b"moov") - 4
    return {
        "bomb.png": png(30_000, 30_000),
        "claims-a-lot.jpg": said_to_measure(photograph("rocket.jpg"), 65_000),
        "cut.jpg": truncated(photograph("rocket.jpg"), 0.5),
        "cut.png": truncated(photograph("coffee.png"), 0.5),
        "hundred-hours.mp4": films.said_to_last(film, 100 * 3600),
        "no-moov.mp4": film[:moov],
        "half-a-moov.mp4": film[: moov + 200],
        "empty.jpg": b"",
        "page.jpg": b"<!doctype html><script>fetch('/')</script>",
        "half.heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(500),
        "half.avif": b"\0\0\0\x18ftypavif\0\0\0\0mif1avif" + bytes(500),
        "offsets.tif": b"II*\0" + b"\xff" * 40,
        "zeros.webm": b"\x1aE\xdf\xa3" + bytes(5000),
    }


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("hostile")
    made = []
    for name, content in hostile().items():
        (folder / name).write_bytes(content)
        made.append(folder / name)
    return made


def said_of(page: PortalPage, files: list[Path]) -> list[str]:
    """Chooses the files, waits for the next step, and gives what is said of each."""
    page.begin()
    page.page.get_by_label("Choose pictures").set_input_files([str(file) for file in files])
    expect(page.page.locator("h1")).to_have_text("Check", timeout=LONGEST_S * 1000)
    return page.page.get_by_role("listitem").all_inner_texts()


def test_each_gets_a_kind_sentence(page: PortalPage, files: list[Path]) -> None:
    for file, said in zip(files, said_of(page, files), strict=True):
        assert any(sentence in said for sentence in KIND), (file.name, said)


def test_what_claims_too_much_is_not_unfolded(page: PortalPage, files: list[Path]) -> None:
    large = [file for file in files if file.name in ("bomb.png", "claims-a-lot.jpg")]
    assert ["larger than this page" in said for said in said_of(page, large)] == [True, True]


def test_the_development_files(
    chromium: Browser, portal: ClearinghouseServer, page: PortalPage, test_data: Path
) -> None:
    """One after the other in the workers: soon, and never with another fingerprint than the server's."""
    folder = sorted(file for file in (test_data / "malformed").iterdir() if file.is_file())
    asked = BrowserFingerprints(chromium, portal.url)
    apart, slow = [], []
    with Fingerprinter() as server:
        for file in folder:
            begun = time.monotonic()
            made: dict[str, Any] = asked.as_the_page(file) or {}
            if made.get("kind") == "video":
                assert asked.frames_of(file)[0]["kind"] in ("frames", "codec", "unreadable")
            if time.monotonic() - begun > LONGEST_S:
                slow.append(file.name)
            found = server.fingerprint(file)
            prints = found.fingerprints if isinstance(found, Fingerprinted) else ()
            values = [one.hex for one in prints if one.type is FingerprintType.PDQ]
            if values and "pdq" in made and [made["pdq"]["value"]] != values:
                apart.append((file.name, made["pdq"]["value"], values))
    asked.close()
    assert slow == []
    assert apart == []
    for file, said in zip(folder[:100], said_of(page, folder[:100]), strict=True):
        assert any(sentence in said for sentence in KIND), (file.name, said)


def test_waiting_can_be_stopped(page: PortalPage, tmp_path: Path) -> None:
    """Stop ends the work at once, with the workers that do it, and leads back."""
    (tmp_path / "photograph.png").write_bytes(photograph("hubble_deep_field.jpg"))
    page.begin()
    page.page.get_by_label("Choose pictures").set_input_files([str(tmp_path / "photograph.png")] * 100)
    page.press("Stop")
    page.sees("Choose the pictures")
    page.page.wait_for_function("() => document.querySelectorAll('progress').length === 0")
    assert page.page.workers == []
