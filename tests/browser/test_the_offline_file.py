"""The page as one file: opened from a disk, without a network; what it saves is sent later from the page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from support import films
from support.members import brought
from support.pictures import photograph
from support.portal_page import PortalPage
from support.servers import ClearinghouseServer
from takeback.model.channel import Channel

WAY_OUT = """(address) => Promise.all([
  fetch(address, {mode: 'no-cors'}).then(() => 'out', () => 'blocked'),
  new Promise((done) => {
    const image = new Image();
    image.onload = () => done('out');
    image.onerror = () => done('blocked');
    image.src = address + '/icon';
  }),
])"""


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 320, "height": 640})
    yield context
    context.close()


@pytest.fixture
def file(context: BrowserContext, portal: ClearinghouseServer, tmp_path: Path) -> Path:
    """The file as somebody saves it from the page."""
    page = PortalPage(context.new_page(), portal.url)
    page.press("This page as a file")
    with page.page.expect_download() as download:
        page.press("Save the page")
    saved = tmp_path / download.value.suggested_filename
    download.value.save_as(saved)
    assert saved.name == "picture-help.html"
    return saved


def test_it_needs_nothing_beside_itself(file: Path) -> None:
    html = file.read_text(encoding="utf-8")
    assert "connect-src 'none'" in html
    assert not re.search(r"<(script|link|img)[^>]+(src|href)=", html)


def test_fingerprints_are_made_from_the_file_and_sent_later(
    context: BrowserContext, file: Path, portal: ClearinghouseServer, tmp_path: Path
) -> None:
    pictures = [tmp_path / "rocket.jpg", tmp_path / "clip.mp4"]
    pictures[0].write_bytes(photograph("rocket.jpg"))
    pictures[1].write_bytes(films.film(seconds=2.5))
    context.set_offline(True)
    requests: list[str] = []
    context.on("request", lambda request: requests.append(request.url))
    page = PortalPage(context.new_page(), file.as_uri())
    page.begin()
    page.choose(pictures)
    expect(page.page.get_by_text("We can find changed copies of it, too.")).to_have_count(2)
    page.press("Next")
    page.page.get_by_label("I agree that these fingerprints are sent").check()
    with page.page.expect_download() as download:
        page.press("Save the fingerprints as a file")
    page.sees("It is done")
    expect(page.page.get_by_text("Nothing is sent yet.")).to_be_visible()
    words = page.words()
    saved = tmp_path / "saved.json"
    download.value.save_as(saved)
    assert words not in saved.read_text(encoding="utf-8")
    assert [url for url in requests if not url.startswith(("file:", "blob:", "data:"))] == []
    assert page.page.evaluate(WAY_OUT, portal.url) == ["blocked", "blocked"]

    context.set_offline(False)
    page = PortalPage(context.new_page(), portal.url)
    page.press("This page as a file")
    with page.page.expect_request("**/v1/submissions") as sent:
        page.page.get_by_label("Choose the file with fingerprints").set_input_files(saved)
        page.page.get_by_label("I agree that these fingerprints are sent").check()
        page.press("Send")
    assert json.loads(sent.value.post_data or "") == json.loads(saved.read_text(encoding="utf-8"))
    expect(page.page.get_by_text("It is sent.")).to_be_visible()
    # An operator who is handed the file takes in the same: nothing of it is new.
    assert brought(portal, saved, Channel.HELPLINE) == {"entries": 2, "new": 0}
    page.press("I have six words")
    page.page.get_by_label("Your six words").fill(words)
    page.press("Open")
    expect(page.page.get_by_role("listitem")).to_have_count(2)


def test_another_file_is_not_sent(context: BrowserContext, portal: ClearinghouseServer, tmp_path: Path) -> None:
    page = PortalPage(context.new_page(), portal.url)
    page.press("This page as a file")
    for content in ("{}", "no json", '{"age":"under-18","entries":[]}', '{"age":"x","entries":[{}]}'):
        (tmp_path / "other.json").write_text(content, encoding="utf-8")
        page.page.get_by_label("Choose the file with fingerprints").set_input_files(tmp_path / "other.json")
        expect(page.page.get_by_text("This is not a file with fingerprints of ours.")).to_be_visible()
    assert page.page.evaluate("document.documentElement.scrollWidth") <= 320
