"""The person's page by the words that stand on its buttons, as a person meets it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

#: Argon2id on a slow machine, and many pictures, take their time.
PATIENCE_MS = 60_000


class PortalPage:
    """One tab with the page open. Each step waits for the heading of the next."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        page.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        page.goto(address)
        self.sees("Help with a picture of you")

    def sees(self, heading: str) -> None:
        """Waits for the screen with this heading."""
        expect(self.page.get_by_role("heading", level=1, name=heading)).to_be_visible()

    def press(self, button: str) -> None:
        """Presses the button with these words."""
        self.page.get_by_role("button", name=button, exact=True).click()

    def begin(self, age: str = "Under 18", who: str = "It is me in the picture") -> None:
        """Goes from the welcome to the choice of pictures."""
        self.ask_for("The picture or video, on this device", age, who)
        self.sees("Choose the pictures")

    def ask_for(self, have: str, age: str = "Under 18", who: str = "It is me in the picture") -> None:
        """Answers every question, each on its own screen."""
        self.press("Start")
        self.press("Yes, I am safe")
        self.answer(have)
        self.answer(who)
        if self.page.get_by_role("heading", name="Before you go on").is_visible():
            self.page.get_by_label("Yes, and they want it").check()
            self.page.get_by_label("No", exact=True).check()
            self.press("Next")
        if "parent" in who:
            self.sees("You want to help your child")
            self.press("Next")
        self.press(age)

    def answer(self, way: str) -> None:
        """Presses the answer that begins with these words."""
        self.page.get_by_role("button", name=re.compile("^" + re.escape(way))).click()

    def choose(self, pictures: Sequence[Path]) -> None:
        """Chooses pictures and waits until their fingerprints are made."""
        self.page.get_by_label("Choose pictures").set_input_files([str(picture) for picture in pictures])
        self.sees("Check")

    def send(self) -> None:
        """Sends what was checked and waits for the receipt."""
        self.agree()
        self.sees("It is done")

    def agree(self) -> None:
        """Goes from the check to sending, and sends."""
        self.press("Next")
        self.page.get_by_label("I agree that these fingerprints are sent").check()
        self.press("Send")

    def words(self) -> str:
        """Shows the six words of the receipt and gives them."""
        self.press("Show my words")
        return self.page.get_by_label("Your six words").inner_text()

    def look(self) -> None:
        """Goes from the receipt, over what comes next, to how it stands."""
        self.press("What comes next")
        self.press("See how it stands")

    def come_back(self, words: str) -> None:
        """Opens a receipt from the welcome."""
        self.press("I have six words")
        self.page.get_by_label("Your six words").fill(words)
        self.press("Open")

    def tile(self, number: int) -> Locator:
        """The tile of a picture."""
        return self.page.get_by_role("listitem").filter(has_text=f"Picture {number}")

    def waits_to_read(self, sentence: str, number: int = 1) -> None:
        """Looks again and again until the tile of a picture says this."""
        for _ in range(200):
            if sentence in self.tile(number).inner_text():
                return
            with self.page.expect_response("**/v1/receipts/status"):
                self.press("Look again")
        raise AssertionError(f"picture {number} says: {self.tile(number).inner_text()}")

    def take_back(self, number: int = 1) -> None:
        """Withdraws one picture."""
        self.press(f"Take back picture {number}")
        self.press("Yes, take it back")
        expect(self.page.get_by_text("Taken back.")).to_be_visible()
