"""The notice maker on a small phone that is somewhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from support.notice_page import NoticePage
from support.servers import ClearinghouseServer


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    made = chromium.new_context(viewport={"width": 320, "height": 640}, locale="en-GB", timezone_id="Europe/Kyiv")
    made.grant_permissions(["clipboard-write"])
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, portal: ClearinghouseServer) -> NoticePage:
    return NoticePage(context.new_page(), portal.url)
