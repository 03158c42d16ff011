"""A notice at the reviewers' end: the queue by its clock, what it says when somebody asks for it, and a decision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, expect

from browser.test_every_screen import violations
from support.desk_server import COOKIE, DeskServer
from support.notices import ADULT, CHILD, PATTERN, at
from support.screens import Look
from takeback.clock import SystemClock
from takeback.model.notice import Notice
from takeback.model.operator import Role
from takeback.participant.notices.receiving import receive
from takeback.participant.notices.texts import texts_of
from takeback.storage import audit


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    with DeskServer(tmp_path_factory.mktemp("desk"), notice_places=(PATTERN,)) as running:
        yield running


def sent(desk: DeskServer, notice: Notice) -> str:
    """Sends a notice in, and gives its number."""
    made = desk.on_database(lambda database: receive(database, SystemClock(), desk.settings, notice))
    return made.notice.number


LOOKS = [Look("light"), Look("dark", dark=True, width=320)]


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_a_notice_is_found_read_and_refused(chromium: Browser, desk: DeskServer, look: Look) -> None:
    number = sent(desk, at(ADULT, f"1{look.name}"))
    sent(desk, replace(at(ADULT, f"2{look.name}"), email=None))
    operator = desk.add(f"Ana {look.name}", Role.OPERATOR)
    context = look.context(chromium)
    context.add_cookies([{"name": COOKIE, "value": desk.token(operator), "url": desk.origin}])
    page = context.new_page()

    def is_for_everyone() -> None:
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]

    page.goto(f"{desk.url}/notices")
    is_for_everyone()
    page.get_by_role("link", name=number).click()
    expect(page.get_by_text(f"post/1{look.name}")).to_be_visible()
    assert "mail.example" not in page.content()
    is_for_everyone()
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_text(str(ADULT.email))).to_be_visible()
    is_for_everyone()
    page.get_by_label(texts_of("en")["reasons"]["agreed"]).check()
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_role("status")).to_have_text("The notice is decided.")
    context.close()
    events = desk.on_database(lambda database: database.run("audit", audit.events))
    assert [one for one in events if f"notice/{number}" in one] == [
        f"{operator.id}:notice/{number}:read",
        f"{operator.id}:notice/{number}:agreed",
    ]


def test_what_a_childs_notice_says_is_for_the_child_safety_role(desk: DeskServer) -> None:
    number = sent(desk, at(CHILD, "9"))
    for role, status in ((Role.OPERATOR, 403), (Role.ADMINISTRATOR, 403), (Role.CHILD_SAFETY, 200)):
        with desk.signed_in(f"The {role.value}", role) as http:
            shown = http.get(f"{desk.url}/notices/{number}")
            assert ("Read it" in shown.text) is (status == 200)
            csrf = shown.text.split('name="csrf" value="')[1].split('"')[0]
            answer = http.post(f"{desk.url}/notices/{number}/letter", data={"csrf": csrf})
            assert (answer.status_code, str(CHILD.email) in answer.text) == (status, status == 200)
