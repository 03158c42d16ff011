"""The notice maker by the words that stand on its buttons, as a person meets it."""

from __future__ import annotations

from playwright.sync_api import Download, Page

from support.portal_page import PortalPage

LINK = "https://www.instagram.com/p/ABC/"


class NoticePage(PortalPage):
    """The notice maker, by the words on its buttons."""

    def open(self, who: str = "It is me in the picture") -> None:
        self.ask_for("Only a link to it", who=who)
        self.sees("Tell a site where the picture is")

    def lives_in(self, where: str) -> None:
        self.page.get_by_label(where, exact=True).check()
        self.press("Next")
        self.sees("Which site or app is it on?")

    def on(self, service: str) -> None:
        self.page.get_by_label(service, exact=True).check()
        self.press("Next")
        self.sees("Where is it there?")

    def at(self, link: str = LINK) -> None:
        self.page.get_by_label("Link", exact=True).fill(link)
        self.press("Next")
        self.sees("Who signs the letter?")

    def vouches(self) -> None:
        self.page.get_by_label("What I say here is true, as far as I know").check()
        self.press("Next")

    def answers_to(self, address: str = "") -> None:
        self.sees("How can they answer?")
        self.page.get_by_label("E-mail address").fill(address)
        self.press("Next")
        self.sees("Your letter")

    def letter(self) -> str:
        return self.page.locator(".sheet").first.inner_text()

    def saves(self, button: str) -> Download:
        with self.page.expect_download() as download:
            self.press(button)
        return download.value

    def made(self) -> None:
        """A young person in the United States, up to the whole letter."""
        self.open()
        self.lives_in("United States")
        self.on("Instagram")
        self.at()
        self.page.get_by_label("Name or initials").fill("J.")
        self.vouches()
        self.answers_to("hidden@example.org")


def requests_of(page: Page) -> list[str]:
    """Addresses that the page asks from now on; what it makes in its own memory is not one."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if not request.url.startswith("blob:") else None)
    return asked
