"""The operators' console in a real browser with a passkey: in, a change that takes two, out; every screen for all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.test_every_screen import nameless, violations
from support.console import ConsoleDesk
from support.console_screens import ConsoleScreens
from support.screens import Look
from support.servers import ClearinghouseServer
from takeback.model.operator import Role

#: A phone's own authenticator: it keeps passkeys, and says that its owner was there and unlocked it.
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConsoleDesk]:
    server = ClearinghouseServer(Path(tmp_path_factory.mktemp("console")))
    server.start()
    yield ConsoleDesk(server)
    server.stop()


def with_passkeys(browser: Browser) -> Page:
    """A browser of somebody's own, with a device of its own."""
    page = browser.new_context(viewport={"width": 390, "height": 800}).new_page()
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return page


def come_in(page: Page, link: str) -> None:
    """Registers a passkey with a link, and signs in with it."""
    page.goto(link)
    assert "#" not in page.url, "the code stays in no history"
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("What you call this passkey").fill("Phone")
    page.get_by_role("button", name="Make my passkey").click()
    expect(page.get_by_role("status")).to_have_text("The passkey is registered. Sign in with it.")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")


def test_two_operators_come_in_change_something_together_and_go(chromium: Browser, desk: ConsoleDesk) -> None:
    links = [
        json.loads(desk.server.run("operator", "add", name, "--role", "administrator", "--json"))["link"]
        for name in ("Ana", "Bo")
    ]
    desk.add("Chi", Role.VIEWER)
    ana, bo = with_passkeys(chromium), with_passkeys(chromium)
    said: list[str] = []
    ana.on("console", lambda message: said.append(message.text))
    come_in(ana, links[0])
    come_in(bo, links[1])

    ana.get_by_role("link", name="Operators").click()
    row = ana.get_by_role("row").filter(has_text="Chi")
    row.locator("summary").click()
    row.get_by_label("Role").select_option("operator")
    row.get_by_role("button", name="Propose this role").click()
    expect(ana.get_by_role("status")).to_have_text("Proposed. Another operator has to carry it out.")
    expect(ana.get_by_text("You proposed this.")).to_be_visible()
    expect(ana.get_by_role("button", name="Carry it out")).to_have_count(0)

    bo.get_by_role("link", name="Proposals").click()
    waiting = bo.get_by_role("article").filter(has_text="Change role: Chi")
    expect(waiting).to_contain_text("Ana")
    expect(waiting).to_contain_text("operator")
    waiting.get_by_role("button", name="Carry it out").click()
    expect(bo.get_by_role("status")).to_have_text("Carried out.")
    bo.get_by_role("link", name="Operators").click()
    expect(bo.get_by_role("row").filter(has_text="Chi").get_by_role("cell").first).to_have_text("operator")
    bo.get_by_role("link", name="Audit").click()
    done = bo.get_by_role("row").filter(has_text="Bo").filter(has_text="change role")
    expect(done).to_contain_text("Chi")

    bo.get_by_role("button", name="Sign out", exact=True).click()
    expect(bo.get_by_role("status")).to_have_text("You are signed out.")
    bo.goto(f"{desk.origin}/console")
    expect(bo.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert said == [], "the policy of the pages is broken by nothing of ours"
    for one in (ana, bo):
        one.context.close()


def test_a_device_without_the_passkey_is_told_so(chromium: Browser, desk: ConsoleDesk) -> None:
    page = with_passkeys(chromium)
    page.goto(f"{desk.origin}/console/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("That did not work")
    page.goto(f"{desk.server.url}/console/sign-in")  # by its number, to which no passkey belongs
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text(desk.origin)
    page.context.close()


@pytest.fixture(scope="module")
def screens(desk: ConsoleDesk) -> ConsoleScreens:
    return ConsoleScreens(desk)


@pytest.mark.parametrize("look", [Look("light"), Look("dark", dark=True, width=320)], ids=lambda look: look.name)
def test_every_screen_is_for_everyone(chromium: Browser, screens: ConsoleScreens, look: Look) -> None:
    context = look.context(chromium, reduced_motion="reduce")
    page, wrong, said = screens.signed_in(context), [], []
    page.on("console", lambda message: said.append(message.text))
    for name in screens.all(page):
        wrong += [f"{name}: {one}" for one in said if "404" not in one]  # of the page that says so
        said.clear()
        wrong += [f"{name}: {one}" for one in violations(page)]
        wrong += [f"{name}: a {role} without a name" for role in nameless(page)]
        if page.locator("h1").count() != 1:
            wrong.append(f"{name}: not one heading")
        if (width := page.evaluate("document.documentElement.scrollWidth")) > look.width:
            wrong.append(f"{name}: {width} px wide")
    context.close()
    assert not wrong, "\n".join(wrong)


def test_without_scripts_everything_but_the_door_works(chromium: Browser, screens: ConsoleScreens) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = screens.signed_in(context)
    page.goto(f"{screens.desk.origin}/console")
    page.get_by_text("As a table").first.click()
    figure = page.get_by_role("figure", name="Intake")
    expect(figure.get_by_role("table")).to_be_visible()
    expect(figure.get_by_role("img")).to_have_attribute("aria-label", figure.locator("p.small").last.inner_text())
    page.get_by_role("link", name="Participants").click()
    page.get_by_role("link", name="Photos D").click()
    page.get_by_role("button", name="Suspend at once").click()
    expect(page.get_by_role("status")).to_contain_text("suspended")
    page.get_by_role("link", name="Applications").click()
    page.get_by_role("link", name="Example Photos").click()
    page.get_by_label("vpdq").uncheck()
    page.get_by_role("button", name="Propose to admit it").click()
    admission = page.get_by_role("article").filter(has_text="Admit participant: Example Photos")
    expect(admission).to_contain_text("md5,sha256,pdq")
    page.get_by_role("link", name="Suspended entries").click()
    page.get_by_role("button", name="Let all of it go out now").click()
    expect(page.get_by_role("status")).to_contain_text("next publication")
    page.get_by_label("Its id").fill(screens.ids["entry"])
    page.get_by_role("button", name="Look", exact=True).click()
    page.get_by_role("button", name="Suspend at once").click()
    expect(page.get_by_role("status")).to_contain_text("off everybody's list")
    page.get_by_role("link", name="Decoys").click()
    page.get_by_role("button", name="I saw it found today").click()
    page.get_by_role("button", name="Withdraw it").click()
    expect(page.get_by_role("status")).to_contain_text("withdrawn")
    context.close()
