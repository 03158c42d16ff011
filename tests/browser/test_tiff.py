"""TIFF: no browser reads it as the server does, so a worker of the page's own does, to the last bit, or declines."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from support import tiffs
from support.pictures import truncated
from support.portal_page import PortalPage
from support.servers import ClearinghouseServer
from support.worker import BrowserFingerprints
from takeback.fingerprints.types import FingerprintType
from takeback.media import Fingerprinted, Fingerprinter

READABLE = tiffs.readable()
DECLINED = tiffs.declined()


@pytest.fixture(scope="module")
def browser(chromium: Browser, portal: ClearinghouseServer) -> Iterator[BrowserFingerprints]:
    asked = BrowserFingerprints(chromium, portal.url)
    yield asked
    asked.close()


@pytest.fixture(scope="module")
def server() -> Iterator[Fingerprinter]:
    with Fingerprinter() as fingerprinter:
        yield fingerprinter


def on_server(server: Fingerprinter, file: bytes | Path) -> dict[str, Any] | None:
    made = server.fingerprint(file)
    prints = made.fingerprints if isinstance(made, Fingerprinted) else ()
    return next(({"value": p.hex, "quality": p.quality} for p in prints if p.type is FingerprintType.PDQ), None)


def test_every_kind_agrees(browser: BrowserFingerprints, server: Fingerprinter) -> None:
    made = browser.of_tiff(*READABLE.values())
    found = {kind: one and one.get("pdq") for kind, one in zip(READABLE, made, strict=True)}
    assert found == {kind: on_server(server, file) for kind, file in READABLE.items()}
    assert None not in found.values()


def test_what_is_not_read_alike_is_declined(browser: BrowserFingerprints) -> None:
    made = browser.of_tiff(*DECLINED.values())
    assert [one and (one["note"], "pdq" in one) for one in made] == [("cannot-read", False)] * len(DECLINED)


def test_the_first_worker_leaves_it_to_that_one(browser: BrowserFingerprints) -> None:
    (made,) = browser.of(READABLE["RGB, raw"])
    assert made is not None
    assert made["note"] == "needs-tiff"


@pytest.mark.parametrize("keep", [0.5, 0.98])
def test_a_part_is_never_taken_for_the_whole(browser: BrowserFingerprints, server: Fingerprinter, keep: float) -> None:
    """What is cut off may be no pixels: another page, a tag. Then the server sees the picture, too."""
    files = [truncated(file, keep) for file in READABLE.values()]
    for file, made in zip(files, browser.of_tiff(*files), strict=True):
        assert made is not None
        assert made.get("pdq") in (None, on_server(server, file))


def test_damaged_files_have_no_fingerprint_of_their_own(browser: BrowserFingerprints, server: Fingerprinter) -> None:
    """One byte changed, anywhere: the page finds what the server finds, or nothing."""
    drawn = random.Random(5)
    files = []
    for file in READABLE.values():
        damaged = bytearray(file)
        damaged[drawn.choice([drawn.randrange(400), drawn.randrange(len(file)), -drawn.randrange(1, 400)])] ^= 16
        files.append(bytes(damaged))
    for file, made in zip(files, browser.of_tiff(*files), strict=True):
        assert made is not None
        assert made.get("pdq") in (None, on_server(server, file))


def test_the_page_fetches_its_reader_and_says_what_it_leaves_alone(
    chromium: Browser, portal: ClearinghouseServer, tmp_path: Path
) -> None:
    scan, fax, broken = (tmp_path / name for name in ("scan.tif", "fax.tif", "broken.tif"))
    scan.write_bytes(READABLE["RGB, LZW, predictor"])
    fax.write_bytes(DECLINED["fax, group 4"])
    broken.write_bytes(truncated(READABLE["RGB, raw"], 0.5))
    context = chromium.new_context()
    page = PortalPage(context.new_page(), portal.url)
    page.begin()
    page.choose([scan, fax, broken])
    said = page.page.get_by_role("listitem")
    expect(said.nth(0)).to_contain_text("We can find changed copies of it, too.")
    expect(said.nth(1)).to_contain_text("This page cannot open this kind of file yet.")
    expect(said.nth(2)).to_contain_text("The file looks damaged.")
    context.close()
