"""What the operator decides in one file, as people meet it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from support.pictures import photograph
from support.portal_page import PortalPage
from support.servers import ClearinghouseServer


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context()
    yield context
    context.close()


@pytest.fixture
def cautious(tmp_path: Path, in_pseudo_languages: Path) -> Iterator[ClearinghouseServer]:
    """A service without stronger protection, whose first page is in another language."""
    (tmp_path / "portal.toml").write_text('language = "en-XA"\nstronger_protection = false\n', encoding="utf-8")
    server = ClearinghouseServer(
        tmp_path, portal_dir=str(in_pseudo_languages), portal_file=str(tmp_path / "portal.toml")
    )
    server.start()
    yield server
    server.stop()


def test_the_way_out_leads_where_the_operator_says(context: BrowserContext, operated: ClearinghouseServer) -> None:
    context.route("https://dull.example/", lambda route: route.fulfill(body="<h1>dull</h1>", content_type="text/html"))
    page = PortalPage(context.new_page(), operated.url).page
    page.get_by_role("link", name="Leave this page").click()
    expect(page.get_by_role("heading", name="dull")).to_be_visible()


def test_the_operator_chooses_the_language_of_the_first_page(
    context: BrowserContext, cautious: ClearinghouseServer
) -> None:
    page = context.new_page()
    page.goto(cautious.url)
    assert page.locator("html").get_attribute("lang") == "en-XA"
    page.goto(f"{cautious.url}/how")
    assert page.locator("html").get_attribute("lang") == "en-XA"


def test_without_stronger_protection_nothing_more_is_sent(
    context: BrowserContext, cautious: ClearinghouseServer, tmp_path: Path
) -> None:
    (tmp_path / "rocket.jpg").write_bytes(photograph("rocket.jpg"))
    page = PortalPage(context.new_page(), f"{cautious.url}/en")
    page.begin()
    page.choose([tmp_path / "rocket.jpg"])
    expect(page.page.get_by_text("Stronger protection")).to_have_count(0)
    with page.page.expect_request("**/v1/submissions") as sending:
        page.send()
    (entry,) = json.loads(sending.value.post_data or "")["entries"]
    assert [one["type"] for one in entry["fingerprints"]] == ["md5", "sha256", "pdq"]
