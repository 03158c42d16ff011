"""A counsellor's link: it starts a case that the young person owns, works once, and ties nobody to anything."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Request, Route, expect

from support.pictures import photograph
from support.portal_page import PortalPage
from support.servers import ClearinghouseServer

USED = "This link was used before, maybe by you."


@pytest.fixture
def theirs(chromium: Browser, page: PortalPage, portal: ClearinghouseServer) -> Iterator[PortalPage]:
    """The young person's phone, opened with a link that a counsellor has just made on another."""
    context = chromium.new_context(viewport={"width": 320, "height": 640})
    yield PortalPage(context.new_page(), made(page, portal))
    context.close()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    (tmp_path / "coffee.png").write_bytes(photograph("coffee.png"))
    return tmp_path / "coffee.png"


def made(page: PortalPage, portal: ClearinghouseServer) -> str:
    """Makes a link for somebody who has the picture, and gives it. Nothing is asked of the network for it."""
    page.press("Start")
    page.press("Yes, I am safe")
    page.answer("Neither")
    page.answer("I help as my work")
    page.press("Make a link for them")
    page.sees("Start a case for a young person")
    asked = asked_by(page)
    page.page.get_by_label("Not sure").check()
    page.page.get_by_label("The picture or video").check()
    link = page.page.get_by_label("The link").inner_text()
    assert re.fullmatch(re.escape(portal.url) + r"/#2nf\d{4}-\d\d-\d\d[0-9a-f]{32}", link)
    assert asked == []
    assert page.page.evaluate("document.documentElement.scrollWidth") <= 320
    return link


def asked_by(page: PortalPage) -> list[Request]:
    """What a page asks the network for, from now on."""
    requests: list[Request] = []
    page.page.on("request", lambda request: requests.append(request))  # noqa: PLW0108 - Playwright marks it
    return requests


def posted(requests: list[Request]) -> list[str]:
    return [request.url.rpartition("/v1/")[2] for request in requests if request.method == "POST"]


def digest_of(link: str) -> bytes:
    """The digest that a service is told of a link."""
    return hashlib.sha256(bytes.fromhex(link[-32:])).digest()


def test_it_works_once_and_what_follows_is_the_young_person_s(
    page: PortalPage, chromium: Browser, portal: ClearinghouseServer, picture: Path
) -> None:
    link = made(page, portal)
    context = chromium.new_context()
    first = PortalPage(context.new_page(), link)
    assert first.page.evaluate("location.hash") == ""
    asked = asked_by(first)
    first.press("Start")
    first.sees("Are you safe right now?")
    (told,) = (request for request in asked if request.method == "POST")
    assert told.url == f"{portal.url}/v1/links/use"
    assert json.loads(told.post_data or "") == {"digest": digest_of(link).hex()}
    first.press("Yes, I am safe")
    first.choose([picture])
    first.send()
    assert len(first.words().split()) == 6
    assert [request.url for request in asked if link[-32:] in request.url + (request.post_data or "")] == []

    second = PortalPage(context.new_page(), link)
    second.press("Start")
    expect(second.page.get_by_text(USED)).to_be_visible()
    second.press("Start")
    second.press("Yes, I am safe")
    second.sees("What do you have?")  # the way without a link, with every question
    context.close()
    nothing_ties_it_to_an_entry(portal, link)


def nothing_ties_it_to_an_entry(portal: ClearinghouseServer, link: str) -> None:
    """One table has its digest, beside a day; its number is nowhere, and no log has either."""
    with sqlite3.connect(f"file:{portal.data / 'clearinghouse.db'}?mode=ro", uri=True) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {name: list(database.execute(f'SELECT * FROM "{name}"')) for name in tables}  # noqa: S608 - our own names
    assert [name for name, all_ in rows.items() if any(digest_of(link) in row for row in all_)] == ["used_link"]
    kept = b"".join(file.read_bytes() for file in portal.folder.rglob("*") if file.is_file())
    for trace in (link[-32:].encode(), bytes.fromhex(link[-32:]), digest_of(link).hex().encode()):
        assert trace not in kept


def test_without_a_network_it_is_used_before_anything_is_sent(theirs: PortalPage, picture: Path) -> None:
    theirs.page.route("**/v1/links/use", lambda route: route.abort("internetdisconnected"), times=1)
    theirs.press("Start")
    theirs.press("Yes, I am safe")
    theirs.choose([picture])
    asked = asked_by(theirs)
    theirs.send()
    assert posted(asked) == ["links/use", "submissions"]


def test_a_link_that_was_used_meanwhile_is_said_before_anything_is_sent(theirs: PortalPage, picture: Path) -> None:
    """It arrived at the first button, and the answer was lost: that it may have been oneself is what the page says."""

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    theirs.page.route("**/v1/links/use", lose, times=1)
    theirs.press("Start")
    theirs.press("Yes, I am safe")
    theirs.choose([picture])
    asked = asked_by(theirs)
    theirs.agree()
    expect(theirs.page.get_by_text(USED)).to_be_visible()
    assert posted(asked) == ["links/use"]
    theirs.press("Send")
    theirs.sees("It is done")
    assert posted(asked) == ["links/use", "submissions"]


def test_an_outdated_link_says_so_and_a_link_of_before_works_always(
    page: PortalPage, portal: ClearinghouseServer
) -> None:
    asked = asked_by(page)
    page.page.goto("about:blank")
    page.page.goto(f"{portal.url}/#2nf2025-01-31{'0f' * 16}")
    expect(page.page.get_by_text("This link has ended. You can go on without it.")).to_be_visible()
    page.press("Start")
    page.press("Yes, I am safe")
    page.sees("What do you have?")
    for _ in range(2):
        page.page.goto("about:blank")
        page.page.goto(f"{portal.url}/#1nf")
        page.press("Start")
        page.press("Yes, I am safe")
        page.sees("Choose the pictures")
    assert posted(asked) == []
