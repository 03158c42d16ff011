"""The page in other languages: its own address, no further request, from right to left, and nothing left English."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from support.languages import ACCENTED, RIGHT_TO_LEFT, plain_words, texts_of
from support.servers import ClearinghouseServer


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 320, "height": 640}, locale="de-DE")
    yield context.new_page()
    context.close()


def test_the_first_page_does_not_look_at_what_the_browser_prefers(page: Page, operated: ClearinghouseServer) -> None:
    page.goto(operated.url)
    assert page.locator("html").get_attribute("lang") == "en"


@pytest.mark.parametrize("scripts", [True, False])
def test_the_switch_leads_to_the_other_language(
    chromium: Browser, operated: ClearinghouseServer, scripts: bool
) -> None:
    context = chromium.new_context(java_script_enabled=scripts)
    page = context.new_page()
    page.goto(operated.url)
    page.get_by_text("Language", exact=True).click()
    page.get_by_role("link", name="Ŕîĝĥţ ţö ļéƒţ").click()
    page.wait_for_url(f"{operated.url}/{RIGHT_TO_LEFT}/")
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert context.cookies() == []
    if scripts:
        assert page.evaluate("history.length") == 2, "about:blank and one entry of ours"
    context.close()


def test_the_switch_is_there_as_long_as_nothing_is_lost_by_it(page: Page, operated: ClearinghouseServer) -> None:
    page.goto(operated.url)
    expect(page.locator("#languages")).to_be_visible()
    page.get_by_role("button", name="Start").click()
    expect(page.locator("#languages")).to_be_hidden()


def test_a_language_costs_no_request(page: Page, operated: ClearinghouseServer) -> None:
    def asked(path: str) -> int:
        page.goto(f"{operated.url}{path}", wait_until="networkidle")  # also what comes after the first screen
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        return int(page.evaluate("performance.getEntriesByType('resource').length"))

    assert asked(f"/{ACCENTED}/") == asked("/")


@pytest.mark.parametrize("tag", [ACCENTED, RIGHT_TO_LEFT])
def test_the_first_screen_is_in_the_language_and_fits(page: Page, operated: ClearinghouseServer, tag: str) -> None:
    page.goto(f"{operated.url}/{tag}/")
    expect(page.get_by_role("heading", level=1)).to_have_text(texts_of(page)["welcome"]["title"])
    said = page.locator("body").inner_text().replace("English", "").replace("Picture help Ruritania", "")
    assert plain_words(said) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
