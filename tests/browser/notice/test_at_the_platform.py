"""The letter's other end: the file that the portal writes, sent to a platform's page that has no script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.test_every_screen import violations
from support.notice_page import NoticePage, requests_of
from support.notice_site import NoticeSite
from support.notices import settings
from takeback.participant.notices.texts import texts_of

T = texts_of("en")
SMALL = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NoticeSite]:
    """A platform whose links are those of the letter."""
    pattern = {
        "notice_places": (settings("").notice_places[0].__class__("https://www.instagram.com/p/{id}/", "p/{id}"),)
    }
    with NoticeSite(settings(tmp_path_factory.mktemp("platform"), **pattern)) as running:
        yield running


@pytest.fixture
def plain(chromium: Browser) -> Iterator[Page]:
    """A small phone on which no script runs."""
    context = chromium.new_context(viewport=SMALL, java_script_enabled=False)  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def test_the_portals_letter_is_downloaded_sent_followed_and_taken_back(
    page: NoticePage, plain: Page, site: NoticeSite, tmp_path: Path
) -> None:
    page.made()
    letter = tmp_path / "letter.json"
    page.press("How to send it")
    page.page.get_by_text("On paper, or as a file").click()
    page.saves("Save the letter as a file").save_as(letter)

    plain.goto(f"{site.url}/notice")
    plain.get_by_role("link", name=T["start"]["file"]).click()
    plain.get_by_label(T["file"]["file"]).set_input_files(letter)
    plain.get_by_role("button", name=T["file"]["send"]).click()
    expect(plain.get_by_role("heading", name=T["receipt"]["title"])).to_be_visible()
    number, secret = (plain.locator(f"#{name}").inner_text() for name in ("number", "secret"))
    assert secret not in plain.url

    plain.goto(f"{site.url}/notice/status")
    plain.get_by_label(T["receipt"]["number"]).fill(number.lower())
    plain.get_by_label(T["receipt"]["secret"]).fill(secret.replace("-", " "))
    plain.get_by_role("button", name=T["status"]["look"]).click()
    expect(plain.get_by_text(T["status"]["states"]["open"])).to_be_visible()
    expect(plain.get_by_text(T["status"]["hidden"])).to_be_visible()

    plain.get_by_text(T["withdraw"]["title"]).first.click()
    plain.get_by_label(T["withdraw"]["sure"]).check()
    plain.get_by_role("button", name=T["withdraw"]["title"]).click()
    expect(plain.get_by_text(T["status"]["states"]["withdrawn"])).to_be_visible()


@pytest.mark.parametrize("tag", ["en", "ar"], ids=["light", "dark, right to left"])
def test_every_page_is_for_everyone(chromium: Browser, site: NoticeSite, tag: str) -> None:
    dark, t, base = tag == "ar", texts_of(tag), f"{site.url}/notice/{tag}"
    context = chromium.new_context(viewport=SMALL, color_scheme="dark" if dark else "light")  # type: ignore[arg-type]
    tab = context.new_page()
    asked = requests_of(tab)

    def fits() -> None:
        said = tab.evaluate("[document.documentElement.lang, getComputedStyle(document.body).direction]")
        assert said == [tag, t["direction"]]
        assert violations(tab) == []
        assert tab.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]

    for path in ("", "/file", "/status", "/how"):
        tab.goto(base + path)
        fits()
    # What is wrong stands beside its field, and the keys lead there.
    # The language is chosen in the menu, and the link that was brought along is still there.
    link = f"https://www.instagram.com/p/{'x' * 300}/"
    tab.goto(f"{site.url}/notice/de?link={link}")
    tab.get_by_role("link", name=t["name"], exact=True).click()
    expect(tab.get_by_label(t["places"]["links"])).to_have_value(link)
    for question, answer in (("law", "us-223a"), ("age", "over-18"), ("content", "both"), ("signer", "authorised")):
        tab.get_by_label(t[question]["options"][answer], exact=True).check()
    tab.get_by_label(t["places"]["links"]).fill("https://")
    tab.get_by_role("button", name=t["send"], exact=True).click()
    expect(tab.get_by_role("alert")).to_contain_text(t["problems"]["links"])
    fits()
    tab.get_by_role("alert").get_by_role("link").click()
    assert tab.get_by_label(t["places"]["links"]).get_attribute("aria-invalid") == "true"
    # And what is missing is asked for on the receipt.
    tab.get_by_label(t["places"]["links"]).fill("instagram.com/p/1")
    tab.get_by_role("button", name=t["send"], exact=True).click()
    expect(tab.get_by_role("heading", name=t["missing"]["title"])).to_be_visible()
    fits()
    tab.get_by_role("button", name=t["receipt"]["status"]).click()
    fits()
    assert all(one.startswith(site.url) for one in asked)
    assert context.cookies() == []
    context.close()
