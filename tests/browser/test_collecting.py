"""A browser that collects all the time what nobody uses: nothing that somebody still waits for may go with it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Worker, expect

from support import films, tiffs
from support.browsers import QUIET
from support.pictures import photograph
from support.portal_page import PortalPage
from support.servers import ClearinghouseServer


@pytest.fixture
def collecting(chromium: Browser, portal: ClearinghouseServer) -> Iterator[PortalPage]:
    """The page in a browser of its own, whose workers collect between any two things that they do."""

    def collect(worker: Worker) -> None:
        worker.evaluate("void setInterval(gc, 0)")

    flags = [*QUIET, "--js-flags=--expose-gc"]
    browser = chromium.browser_type.launch(executable_path=shutil.which("chromium"), args=flags)
    tab = browser.new_page()
    tab.on("worker", collect)
    yield PortalPage(tab, portal.url)
    browser.close()


def test_every_file_comes_to_its_end(collecting: PortalPage, tmp_path: Path) -> None:
    files = {
        "a.png": photograph("chelsea.png"),
        "b.jpg": photograph("rocket.jpg"),
        "c.tiff": tiffs.readable()["RGB, deflate"],
        "d.mp4": films.film("h264.mp4", 2.5),
        "e.webm": films.film("vp8.webm", 2.5),
        "f.gif": films.animation(2.5),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    collecting.begin()
    collecting.choose([tmp_path / name for name in files])
    expect(collecting.page.get_by_text("We can find changed copies of it")).to_have_count(len(files))
