"""The example photo site in a browser: the uploader's page and the moderator's."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect


class SitePage:
    """One tab at the photo site."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address

    def shown(self) -> int:
        """How many pictures everybody sees."""
        self.page.goto(self.address)
        return self.page.locator(".grid img").count()

    def upload(self, picture: Path) -> str:
        """Uploads a picture; gives what the site says."""
        self.page.goto(self.address)
        self.page.get_by_label("Share a picture").set_input_files(str(picture))
        self.page.get_by_role("button", name="Upload").click()
        return self.page.get_by_role("status").inner_text()

    def sign_in(self, password: str) -> None:
        """Signs in as the moderator."""
        self.page.goto(f"{self.address}/review")
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("heading", name="Review")).to_be_visible()

    def held(self) -> int:
        """How many pictures wait for the moderator."""
        self.page.goto(f"{self.address}/review")
        return self.page.locator(".queue > li").count()

    def confirm_all(self) -> None:
        """Looks at each held picture, as a person must, and confirms it."""
        while self.held():
            self.page.get_by_role("link", name="Load the picture, blurred").first.click()
            self.page.get_by_label("Show it clearly").check()
            expect(self.page.get_by_alt_text("The held picture, blurred until asked for")).to_be_visible()
            self.page.get_by_role("button", name="Confirm and remove").first.click()
