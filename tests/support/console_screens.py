"""Every screen of the operators' console with something on it, and the way to each."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import BrowserContext, Page

from support.console import COOKIE, ConsoleDesk
from support.console_data import fill
from takeback.model.operator import Role

#: Name → address below /console. What is opened by a form comes last.
SCREENS = {
    "today": "",
    "participants": "/participants",
    "participant": "/participants/{participant}",
    "applications": "/applications",
    "application": "/applications/{application}",
    "application-verified": "/applications/{verified}",
    "suspended": "/suspended",
    "entry": "/entry/{entry}",
    "decoys": "/decoys",
    "negative": "/negative",
    "proposals": "/proposals",
    "propose": "/proposals/new?kind=change-role",
    "propose-negative": "/proposals/new?kind=add-negative",
    "statistics": "/statistics",
    "health": "/health",
    "audit": "/audit",
    "settings": "/settings",
    "operators": "/operators",
    "account": "/account",
    "done": "/proposals?done=refused",
    "failed": "/participants/nobody",
}


class ConsoleScreens:
    """Opens them as an administrator."""

    def __init__(self, desk: ConsoleDesk) -> None:
        self.desk = desk
        self.administrator = desk.add("Ana Example", Role.ADMINISTRATOR)
        self.ids = desk.on_database(lambda database: fill(database, self.administrator))

    def all(self, page: Page) -> Iterator[str]:
        """Opens one after the other and gives its name."""
        for name, path in SCREENS.items():
            page.goto(f"{self.desk.origin}/console{path.format(**self.ids)}")
            yield name
        page.goto(f"{self.desk.origin}/console/entry/{self.ids['entry']}")
        page.get_by_role("button", name="Show its fingerprints").click()
        page.get_by_role("heading", level=1, name="Fingerprints of one entry").wait_for()
        yield "fingerprints"
        page.goto(f"{self.desk.origin}/console/operators")
        page.get_by_label("Name").fill("Dee Example")
        page.get_by_role("button", name="Propose them").click()
        yield "link"
        page.context.clear_cookies()
        for name in ("sign-in", "enrol"):
            page.goto(f"{self.desk.origin}/console/{name}")
            yield name

    def signed_in(self, context: BrowserContext) -> Page:
        """Gives a page of a browser that is signed in."""
        token = self.desk.token(self.administrator)
        context.add_cookies([{"name": COOKIE, "value": token, "url": self.desk.origin}])
        return context.new_page()
