"""Every screen of the notice maker and of the doors, in one visit: by what stands where, so in every language."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Locator, expect

from support.screens import PATIENCE_MS, Screens

#: Unsure how old: then the letter also says what happened, so no step is left out.
_WAY = ("welcome.start", "safe.yes", "have.link", "who.self", "age.unsure")


def notice_screens(screens: Screens) -> Iterator[str]:
    """Goes from the first question to the complaint and gives the name of each screen, filled in as people do."""
    screens.walk(_WAY)
    page = screens.page
    on = page.locator("main .buttons button:not(.quiet)").last
    radios, fold = page.get_by_role("radio"), page.locator("main summary").first

    def turn(button: Locator) -> None:
        heading = page.get_by_role("heading", level=1)
        before = heading.inner_text()
        button.click()
        expect(heading).not_to_have_text(before, timeout=PATIENCE_MS)

    radios.first.check()
    yield "notice-law"
    turn(on)
    radios.last.check()
    yield "notice-another-service"
    radios.first.check()
    turn(on)
    fold.click()
    page.get_by_role("textbox").first.fill("example.org/p/1")
    yield "notice-places"
    turn(on)
    radios.nth(2).check()
    yield "notice-signer"
    turn(on)
    yield "notice-statement"
    turn(on)
    yield "notice-contact"
    turn(on)
    yield "notice-missing"
    for _ in range(3):  # the word, the authority and the signature are asked for on one screen
        turn(page.locator(".note button").first)
        if radios.count() == 0 and page.get_by_role("checkbox").count():
            page.get_by_role("checkbox").first.check()
        elif radios.count():
            radios.nth(3).check()
            page.get_by_role("textbox").fill("R. D.")
            page.get_by_role("checkbox").check()
        else:
            page.get_by_role("textbox").fill("r@example.org")
        turn(on)
        if page.locator(".note button").count() == 0:
            break
    yield "notice-check"
    turn(on)
    fold.click()
    yield "notice-send"
    turn(on)
    yield "notice-after"
    quiet = page.locator("main .buttons").last.locator("button.quiet")
    turn(quiet.nth(1))
    yield "doors"
    page.get_by_role("combobox").select_option("DE")
    yield "doors-DE"
    turn(page.locator("main .buttons button.quiet").last)
    turn(on)
    page.get_by_role("combobox").select_option("US")
    yield "notice-late"


def every_screen(screens: Screens) -> Iterator[str]:
    """Opens every screen, those of the notice maker too, and every page that the server writes, and gives its name."""
    yield from screens.all()
    yield from notice_screens(screens)
