"""Every screen of the page, and the way to each, by key paths of sentences: the same in every language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, expect

from support.languages import texts_of
from support.pictures import photograph

PATIENCE_MS = 60_000
_ASKED = ("welcome.start", "safe.yes", "have.file", "who.self", "age.under18")
_HELPER = ("welcome.start", "safe.yes", "have.file")
_CHOSEN = (*_ASKED, "+ choose.button")
_SHOWN = (*_CHOSEN, "next", "* send.agree", "send.send", "receipt.show")
_STATUS = (*_SHOWN, "receipt.on", "afterwards.look", "? return.picture")

#: In place of a title whose sentences come later than the page.
LATER = ""
#: The key path of each screen's title, and the way there from the welcome: buttons that are pressed (a key path),
#: what is ticked (`* path`), the choice that is made (`# place`), where a picture is chosen (`+ path`), what is typed
#: in (`= path`: words that are none), what is waited for (`? path`). A screen on the way to the next goes on to it.
SCREENS: dict[str, tuple[str, tuple[str, ...]]] = {
    "welcome": ("welcome.title", ()),
    "safe": ("safe.title", _HELPER[:1]),
    "have": ("have.title", _HELPER[:2]),
    "who": ("who.title", _HELPER),
    "age": ("age.title", _ASKED[:-1]),
    "choose": ("choose.title", _ASKED),
    "check": ("check.title", _CHOSEN),
    "send": ("send.title", (*_CHOSEN, "next")),
    "receipt": ("receipt.title", _SHOWN),
    "afterwards": ("afterwards.title", (*_SHOWN, "receipt.on")),
    "status": ("return.title", _STATUS),
    "take-back": ("return.title", (*_STATUS, "return.withdraw")),
    "danger": ("danger.title", ("welcome.start", "safe.danger")),
    "threat": ("threat.title", ("welcome.start", "safe.threat")),
    "forced": ("forced.title", ("welcome.start", "safe.forced")),
    "helper": ("helper.title", (*_HELPER, "who.helper", "* helper.knowNot")),
    "counsellor": ("helper.title", (*_HELPER, "who.counsellor", "* helper.didYes")),
    "link": (LATER, (*_HELPER, "who.counsellor", "helper.link", "# 0", "# 3")),
    "guardian": ("helper.title", (*_HELPER, "who.guardian")),
    "minutes": (LATER, (*_HELPER, "who.guardian", "* helper.knowYes", "* helper.didNot", "next")),
    "adults": ("adults.title", (*_ASKED[:-1], "age.over18")),
    "aeroplane": ("aeroplane.title", (*_ASKED, "aeroplane.offer")),
    "no-file": (LATER, ("welcome.start", "safe.yes", "have.neither", "who.self", "age.under18", "# 0")),
    "practice": ("practice.choose", ("welcome.practice", *_ASKED[1:])),
    "practice-send": ("send.title", ("welcome.practice", *_ASKED[1:], "practice.use", "next")),
    "return": ("return.title", ("welcome.back", "= return.label", "return.open")),
    "offline": ("offline.title", ("offline.title",)),
}
#: Pages that the server writes, by their addresses.
PAGES = ("help", "how", "services", "questions", "numbers", "privacy", "imprint")


@dataclass(frozen=True)
class Look:
    """How the page is looked at."""

    name: str
    tag: str = "en"
    dark: bool = False
    width: int = 800

    def context(self, browser: Browser, **options: Any) -> BrowserContext:
        """Gives a browser that looks at it so."""
        return browser.new_context(
            color_scheme="dark" if self.dark else "light", viewport={"width": self.width, "height": 700}, **options
        )


LOOKS = (
    Look("light"),
    Look("dark", dark=True),
    Look("narrow", width=320),
    Look("arabic", tag="ar", width=390),
)


#: Buttons that do not lead to another screen.
STAYS = ("receipt.show", "return.withdraw", "return.open")


class Screens:
    """Opens screens of a service in one look."""

    def __init__(self, context: BrowserContext, address: str, look: Look, folder: Path) -> None:
        self.page, self.look, self._address = context.new_page(), look, f"{address}/{look.tag}"
        self.page.set_default_timeout(PATIENCE_MS)
        self._taken: tuple[str, ...] | None = None
        self._texts: Any = None
        self._picture = folder / "picture.jpg"
        self._picture.write_bytes(photograph("rocket.jpg"))

    def all(self) -> Iterator[str]:
        """Opens one after the other and gives its name."""
        for name in SCREENS:
            self.open(name)
            yield name
        for name in PAGES:
            self.page.goto(f"{self._address}/{name}")
            self._taken = None
            yield f"page-{name}"

    def open(self, name: str) -> None:
        """Opens a screen: onwards from where the page stands, if that is on the way, else from the welcome."""
        title, steps = SCREENS[name]
        self.walk(steps)
        if title != LATER:
            named = self.page.get_by_role("heading", level=1, name=sentence(self._texts, title))
            expect(named).to_be_visible(timeout=PATIENCE_MS)

    def walk(self, steps: tuple[str, ...]) -> None:
        """Takes the steps that are not yet taken."""
        taken = self._taken
        if taken is None or steps[: len(taken)] != taken:
            self.page.goto(self._address)
            self._texts, taken = texts_of(self.page), ()
        self._taken = None  # whatever goes wrong on the way, the next begins anew
        for step in steps[len(taken) :]:
            self._take(step)
        self._taken = steps

    def _take(self, step: str) -> None:
        kind, path = step.split(" ") if " " in step else ("", step)
        if kind == "#":
            self.page.get_by_role("radio").nth(int(path)).check()
            return
        name = sentence(self._texts, path)
        if kind == "*":
            self.page.get_by_label(re.compile(name.pattern + r"\s*$")).check()
        elif kind == "+":
            self.page.get_by_label(name).set_input_files(self._picture)
            self.page.get_by_role("heading", level=1, name=sentence(self._texts, "check.title")).wait_for()
        elif kind == "?":
            self.page.get_by_text(name).first.wait_for()
        elif kind == "=":
            self.page.get_by_label(name).fill("these are not six words")
        else:
            headings = self.page.get_by_role("heading", level=1)
            before = headings.inner_text()
            self.button(name).click()
            if step not in STAYS:
                expect(headings).not_to_have_text(before, timeout=PATIENCE_MS)

    def button(self, name: re.Pattern[str]) -> Locator:
        """The first button whose name begins so."""
        return self.page.get_by_role("button", name=name).first


def sentence(texts: Any, path: str) -> re.Pattern[str]:
    """Gives what begins like the sentence at a key path, with anything where names are filled in."""
    found = texts
    for part in path.split("."):
        found = found[int(part)] if isinstance(found, list) else found[part]
    return re.compile(r"^\s*" + "[^ ]+".join(re.escape(piece) for piece in re.split(r"\{\w+\}", found)))
