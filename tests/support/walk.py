"""The whole path in a real browser, step by step: what `make demo CHECK=1` does and the browser journey tells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser

from support.browsers import chromium
from support.portal_page import PortalPage
from support.site_page import SitePage
from support.waiting import eventually


def walk_the_path(*, portal: str, site: str, password: str, pictures: Path, copies: Path) -> Iterator[str]:
    """Walks and yields a sentence for each step that held; raises AssertionError at the first that does not."""
    with chromium() as browser:
        yield from walk(browser, portal=portal, site=site, password=password, pictures=pictures, copies=copies)


def walk(browser: Browser, *, portal: str, site: str, password: str, pictures: Path, copies: Path) -> Iterator[str]:
    """Walks in a browser that already runs. One of the copies may hang in the site's gallery from the start."""
    chosen = sorted(pictures.iterdir())
    person = PortalPage(browser.new_context().new_page(), portal)
    public = SitePage(browser.new_context().new_page(), site)
    moderator = SitePage(browser.new_context().new_page(), site)
    before = public.shown()
    yield f"the photo site shows {before} pictures"

    person.begin()
    person.choose(chosen)
    yield f"the page made the fingerprints of {len(chosen)} pictures on the device"
    person.send()
    words = person.words()
    assert len(words.split()) == 6
    yield "the fingerprints were sent, and six words came back"

    person.look()
    person.waits_to_read("Fetched by 1 of 1 service.")
    yield "the photo site has fetched the list"
    moderator.sign_in(password)
    eventually(lambda: moderator.held() == before - public.shown(), because="old copies leave the gallery")
    held = moderator.held()
    yield f"{held} old copy that was already out there is held"

    for copy in sorted(copies.iterdir()):
        assert "being checked" in public.upload(copy), f"{copy.name} was not held"
    assert public.shown() == before - held
    yield "half-size, re-encoded copies are held and seen by nobody"

    moderator.confirm_all()
    person.waits_to_read("Found and removed on at least 1 service.")
    yield "a person looked and confirmed, and the receipt says where it was removed"

    again = PortalPage(browser.new_context().new_page(), portal)
    again.come_back(words)
    for number in range(1, len(chosen) + 1):
        again.take_back(number)
    eventually(lambda: "gallery" in public.upload(min(copies.iterdir())), because="the site has forgotten")
    yield "with the six words everything was taken back, and the site has forgotten it"
