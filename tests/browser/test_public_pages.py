"""Pages about the service: no scripts, what the operator says, live names and numbers, and nothing that is markup."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from support.languages import ACCENTED, RIGHT_TO_LEFT, plain_words
from support.servers import ROOT, ClearinghouseServer

PAGES = {
    "help": "Talk to someone now",
    "how": "How it works",
    "services": "Who takes part",
    "questions": "Questions",
    "numbers": "Our numbers",
    "privacy": "Your privacy",
    "imprint": "Who runs this",
}


#: What the operator wrote, in the language in which it was written.
OPERATORS_OWN = [
    "Picture help Ruritania",
    "A <photo> site",
    "Line <b>for</b> all",
    "Chat & talk",
    "An authority",
    "Day and night",
    "The foundation",
    "1 Example Street <script>alert(1)</script>",
    "Whom to ask.",
    "DE",
]


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    """A small phone with scripts off: every page is loaded anew, and nothing is left of the one before."""
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    yield context.new_page()
    context.close()


def shown(page: Page) -> str:
    return page.locator("main").inner_text()


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_linked_from_the_page_without_scripts(
    page: Page, operated: ClearinghouseServer, name: str
) -> None:
    page.goto(operated.url)
    page.get_by_role("link", name="Who can help right now").click()
    if name != "help":
        page.get_by_role("link", name=PAGES[name], exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(PAGES[name])
    expect(page.get_by_role("link", name="Leave this page")).to_be_visible()
    assert page.title() == "Picture help", "the tab says nothing"
    assert page.url == f"{operated.url}/en/{name}"


def test_help_lines_are_the_operators(page: Page, operated: ClearinghouseServer) -> None:
    page.goto(f"{operated.url}/help")
    call = page.get_by_role("link", name="Call")
    assert call.get_attribute("href") == "tel:+442079460000"
    assert page.get_by_role("link", name="Write to Chat & talk").get_attribute("href") == "https://chat.example/now"
    text = shown(page)
    for said in ("In every country", "Line <b>for</b> all", "Day and night", "An authority"):
        assert said in text


def test_legal_texts_are_text(page: Page, operated: ClearinghouseServer) -> None:
    page.goto(f"{operated.url}/imprint")
    assert "1 Example Street <script>alert(1)</script>" in shown(page)
    page.goto(f"{operated.url}/privacy")
    assert "Whom to ask." in shown(page)


def test_services_are_those_that_take_part_now(page: Page, operated: ClearinghouseServer) -> None:
    page.goto(f"{operated.url}/services")
    expect(page.get_by_role("listitem").filter(has_text="A <photo> site")).to_be_visible()


def test_small_numbers_are_not_told(page: Page, operated: ClearinghouseServer) -> None:
    page.goto(f"{operated.url}/numbers")
    assert shown(page).count("Fewer than 10") == 5


def test_it_says_what_a_fingerprint_gives_away(page: Page, operated: ClearinghouseServer) -> None:
    page.goto(f"{operated.url}/how")
    assert "guess blurred shapes" in shown(page)
    assert "revers" not in shown(page)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("tag", [ACCENTED, RIGHT_TO_LEFT])
def test_every_sentence_comes_from_a_catalogue(page: Page, operated: ClearinghouseServer, tag: str, name: str) -> None:
    page.goto(f"{operated.url}/{tag}/{name}")
    assert page.locator("html").get_attribute("dir") == ("rtl" if tag == RIGHT_TO_LEFT else "ltr")
    said = shown(page)
    for own in [*OPERATORS_OWN, *page.locator("summary").all_inner_texts()]:  # countries: their names come from CLDR
        said = said.replace(own, "")
    assert plain_words(said) == []


def test_every_country_has_its_doors_without_scripts(page: Page, operated: ClearinghouseServer) -> None:
    countries = tomllib.loads((ROOT / "web" / "portal" / "data" / "countries.toml").read_text(encoding="utf-8"))
    page.goto(f"{operated.url}/de/help")
    assert page.locator("details.country").count() == len(countries) - 1, "all but the block for everywhere"
    page.get_by_text("Deutschland", exact=True).click()
    there = page.locator("details.country", has=page.get_by_text("Deutschland", exact=True))
    expect(there).to_contain_text(countries["DE"]["emergency"])
    for door in countries["DE"]["door"]:
        expect(there.get_by_text(door["name"], exact=True).first).to_be_visible()


@pytest.mark.parametrize("path", ["", "/en", "/how", "/en/help", "/ar-XB", "/ar-XB/numbers"])
def test_no_page_is_kept_and_none_lets_others_in(page: Page, operated: ClearinghouseServer, path: str) -> None:
    answer = page.request.get(f"{operated.url}{path}")
    assert answer.ok
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "set-cookie" not in answer.headers
    assert "http" not in answer.headers["content-security-policy"], "no other site is let in"


def test_the_logo_is_an_image_and_nothing_else(page: Page, operated: ClearinghouseServer) -> None:
    answer = page.request.get(f"{operated.url}/logo")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    page.goto(f"{operated.url}/how")
    assert page.get_by_role("img", name="Picture help Ruritania").evaluate("(image) => image.naturalWidth") == 9
