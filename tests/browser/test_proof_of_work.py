"""While very much comes in, the page works before it sends, in a worker, and the person sees nothing but sending."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser

from support.pictures import photograph
from support.portal_page import PortalPage
from support.servers import ClearinghouseServer
from support.submissions import make

PROXY = "x-real-address"
ADDRESS = {PROXY: "93.184.215.14"}


@pytest.fixture
def flooded(tmp_path: Path) -> Iterator[ClearinghouseServer]:
    """A service that asks for the most work from the second submission of a network on."""
    server = ClearinghouseServer(tmp_path / "flooded")
    with server.settings.open("a", encoding="utf-8") as file:
        file.write(f'proxy_address_header = "{PROXY}"\nnetwork_submissions = 1\n')
    server.start()
    yield server
    server.stop()


def test_the_page_does_the_work_that_is_asked_for(
    chromium: Browser, flooded: ClearinghouseServer, tmp_path: Path
) -> None:
    (tmp_path / "picture.jpg").write_bytes(photograph("rocket.jpg"))
    context = chromium.new_context(viewport={"width": 320, "height": 640}, extra_http_headers=ADDRESS)
    page = PortalPage(context.new_page(), flooded.url)
    page.begin()
    page.choose([tmp_path / "picture.jpg"])
    with httpx2.Client(base_url=flooded.url, headers=ADDRESS) as others:
        assert others.post("/v1/submissions", json=make(1, 1).body).status_code == 201
        assert others.post("/v1/submissions", json=make(2, 1).body).status_code == 429
    answers: list[tuple[int, bool]] = []
    page.page.on(
        "response",
        lambda answer: (
            answers.append((answer.status, "takeback-proof" in answer.request.headers))
            if answer.url.endswith("/v1/submissions")
            else None
        ),
    )
    page.send()
    assert answers == [(429, False), (201, True)]
    assert len(page.words().split()) == 6
    context.close()
