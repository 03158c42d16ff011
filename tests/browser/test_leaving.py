"""The way out: it covers first, forgets, and leads back to nothing; and nothing is kept while one is here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from support.portal_page import PortalPage
from support.servers import ROOT, ClearinghouseServer

ASSETS = ROOT / "src" / "takeback" / "apps" / "static" / "portal" / "assets"
#: Ways of keeping something in the browser. None of them is in anything that the page is made of.
KEEPS = re.compile(
    rb"localStorage|sessionStorage|indexedDB|\bcaches\.(?:open|match|has|delete|keys)|document\.cookie|cookieStore|serviceWorker|getDirectory"
    rb"|pushState"
)
ELSEWHERE = "<!doctype html><title>Dull</title><h1>elsewhere</h1>"


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context()
    context.route("https://www.wikipedia.org/", lambda route: route.fulfill(body=ELSEWHERE, content_type="text/html"))
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, portal: ClearinghouseServer) -> PortalPage:
    return PortalPage(context.new_page(), portal.url)


def is_away(page: Page) -> None:
    expect(page.get_by_text("elsewhere")).to_be_visible()
    assert page.url == "https://www.wikipedia.org/"


def test_the_button_leads_away_and_back_leads_to_nothing(page: PortalPage) -> None:
    page.begin()
    assert page.page.evaluate("history.length") == 2, "about:blank and one entry of ours, however far one goes"
    page.page.get_by_role("link", name="Leave this page").click()
    is_away(page.page)
    page.page.go_back()
    assert page.page.url == "about:blank"


def test_shift_three_times_leads_away_from_any_screen(page: PortalPage) -> None:
    page.press("I have six words")
    page.page.get_by_label("Your six words").fill("nobody sees this")
    for _ in range(3):
        page.page.keyboard.press("Shift")
    is_away(page.page)


def test_other_keys_between_are_typing(page: PortalPage) -> None:
    page.press("I have six words")
    page.page.get_by_label("Your six words").press_sequentially("AbCdEf")
    page.page.keyboard.press("Shift")
    page.page.keyboard.press("Shift")
    page.page.keyboard.press("a")
    page.page.keyboard.press("Shift")
    expect(page.page.get_by_label("Your six words")).to_have_value("AbCdEfa")


def test_the_page_is_covered_before_anything_is_asked_for(page: PortalPage) -> None:
    """Whatever the network does: the page is empty in the same turn in which the button is pressed."""
    page.begin()
    left = page.page.evaluate(
        """() => {
          document.getElementById('leave').click();
          return [document.body.innerText, document.title];
        }"""
    )
    assert left == ["", "…"]
    is_away(page.page)


def test_it_leads_away_without_a_network_to_us(page: PortalPage, context: BrowserContext) -> None:
    context.route("**/bye", lambda route: route.abort())
    page.page.get_by_role("link", name="Leave this page").click()
    is_away(page.page)


def test_it_does_not_wait_for_a_slow_answer(page: PortalPage, context: BrowserContext) -> None:
    context.route("**/bye", lambda _: None)  # never answered
    page.page.get_by_role("link", name="Leave this page").click()
    is_away(page.page)


def test_every_tab_leaves(page: PortalPage, context: BrowserContext, portal: ClearinghouseServer) -> None:
    other = PortalPage(context.new_page(), portal.url)
    other.begin()
    page.page.get_by_role("link", name="Leave this page").click()
    is_away(page.page)
    is_away(other.page)


def test_the_browser_throws_away_what_it_kept(chromium: Browser, portal: ClearinghouseServer) -> None:
    """Files of the page in the browser's cache show that somebody was here."""
    context = chromium.new_context()  # without routes, which switch the cache off

    def from_cache() -> list[str]:
        page = PortalPage(context.new_page(), portal.url).page
        entries = "performance.getEntriesByType('resource')"
        return page.evaluate(f"{entries}.filter((one) => one.transferSize === 0).map((one) => one.name)")  # type: ignore[no-any-return]

    page = PortalPage(context.new_page(), portal.url).page
    assert from_cache(), "the test itself works: a second visit finds files in the cache"
    with page.expect_response("**/bye"):
        page.get_by_role("link", name="Leave this page").click()
    assert from_cache() == []
    context.close()


def test_leaving_without_scripts_leads_away_too(chromium: Browser, portal: ClearinghouseServer) -> None:
    context = chromium.new_context(java_script_enabled=False)
    context.route("https://www.wikipedia.org/", lambda route: route.fulfill(body=ELSEWHERE, content_type="text/html"))
    page = context.new_page()
    page.goto(portal.url)
    page.get_by_role("link", name="Leave this page").click()
    is_away(page)
    context.close()


def test_nothing_that_is_built_can_keep_anything() -> None:
    for file in sorted(ASSETS.glob("*.js")):
        assert KEEPS.findall(file.read_bytes()) == [], file.name


def test_nothing_is_kept_in_the_browser(page: PortalPage, context: BrowserContext, tmp_path: Path) -> None:
    page.begin()
    (tmp_path / "note.txt").write_text("no picture")
    page.choose([tmp_path / "note.txt"])
    assert context.cookies() == []
    kept = page.page.evaluate(
        """async () => [
          localStorage.length, sessionStorage.length, (await indexedDB.databases()).length,
          (await caches.keys()).length, (await navigator.serviceWorker.getRegistrations()).length,
        ]"""
    )
    assert kept == [0] * 5
