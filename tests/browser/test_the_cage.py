"""The worker that opens pictures cannot talk to anybody, and the page only to its own server."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Worker

from support.pictures import photograph
from support.portal_page import PortalPage
from support.servers import ClearinghouseServer
from support.worker import another_script

WAYS_OUT = {
    "fetch": "fetch(`${address}/health`).then(() => 'out', () => 'blocked')",
    "fetch without cors": "fetch(`${address}/health`, {mode: 'no-cors'}).then(() => 'out', () => 'blocked')",
    "XMLHttpRequest": """new Promise((done) => {
        const asked = new XMLHttpRequest();
        asked.onload = () => done('out');
        asked.onerror = () => done('blocked');
        asked.open('GET', `${address}/health`);
        asked.send();
    })""",
    "WebSocket": """new Promise((done) => {
        try {
            const socket = new WebSocket(address.replace('http', 'ws'));
            socket.onopen = () => done('out');
            socket.onerror = () => done('blocked');
        } catch { done('blocked'); }
    })""",
    "EventSource": """new Promise((done) => {
        const source = new EventSource(`${address}/health`);
        source.onopen = () => done('out');
        source.onerror = () => done('blocked');
    })""",
    "import": f"import(`${{address}}{another_script()}`).then(() => 'out', () => 'blocked')",
}


@pytest.fixture
def worker(page: PortalPage, tmp_path: Path) -> Worker:
    """The worker as it stands while it opens pictures."""
    picture = tmp_path / "picture.png"
    picture.write_bytes(photograph("coffee.png"))
    page.begin()
    with page.page.expect_worker() as started:
        page.page.get_by_label("Choose pictures").set_input_files([str(picture)] * 100)
    return started.value


def test_the_worker_that_opens_pictures_has_no_way_out(worker: Worker, portal: ClearinghouseServer) -> None:
    other = portal.url.replace("127.0.0.1", "localhost")  # another origin that does answer
    answers = {
        (way, address): worker.evaluate(f"(address) => {script}", address)
        for way, script in WAYS_OUT.items()
        for address in (portal.url, other)
    }
    assert [way for way, answer in answers.items() if answer != "blocked"] == []
    assert worker.evaluate("typeof caches === 'undefined' || caches.keys().then((keys) => keys.length)") in (True, 0)


def test_the_page_reaches_its_own_server_alone(page: PortalPage, portal: ClearinghouseServer) -> None:
    other = portal.url.replace("127.0.0.1", "localhost")
    reached = page.page.evaluate(f"(address) => {WAYS_OUT['fetch']}", portal.url)
    assert reached == "out", "the test itself works: its own server can be asked"
    assert {page.page.evaluate(f"(address) => {way}", other) for way in WAYS_OUT.values()} == {"blocked"}


@pytest.mark.parametrize(
    "sink",
    [
        "document.body.innerHTML = '<b>x</b>'",
        "document.createElement('script').text = '1'",
        "document.createElement('script').src = '/assets/x.js'",
        "new Worker('/assets/x.js')",
    ],
)
def test_text_never_becomes_code(page: PortalPage, sink: str) -> None:
    """Trusted Types: every sink that makes code or markup of a string throws."""
    thrown = page.page.evaluate(f"() => {{ try {{ {sink}; return 'made'; }} catch (error) {{ return error.name; }} }}")
    assert thrown == "TypeError"


def test_the_page_cannot_be_framed_or_kept(page: PortalPage, portal: ClearinghouseServer) -> None:
    headers = page.page.request.get(portal.url).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in headers


def test_leaving_covers_the_page_at_once(page: PortalPage) -> None:
    page.page.route(
        "**/*wikipedia*/**", lambda route: route.fulfill(body="<h1>elsewhere</h1>", content_type="text/html")
    )
    page.begin()
    page.page.get_by_role("link", name="Leave this page").click()
    page.page.wait_for_url("**wikipedia**")
    page.page.go_back()
    assert "picture" not in (page.page.text_content("body") or "").lower() or page.page.url.startswith("about:")
