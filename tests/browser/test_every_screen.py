"""Every screen for everyone: axe-core's rules of WCAG 2.2 AA, names for screen readers, keys alone, small phones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from support.languages import RIGHT_TO_LEFT, plain_words
from support.notice_screens import every_screen
from support.screens import Look, Screens
from support.servers import ROOT, ClearinghouseServer

AXE = (ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: What a screen says and what its controls are called, but for what comes from the device, the words and the operator.
SAID = """() => {
  const ours = document.body.cloneNode(true);
  const theirs = 'script, noscript, #languages, pre, output, .tile span, bdi, .services, .tile strong, .tile a, .sheet';
  for (const part of ours.querySelectorAll(`${theirs}, select option[value]`)) part.remove();
  const labels = [...ours.querySelectorAll('[aria-label], [title], [alt], [placeholder]')].flatMap((element) =>
    ['aria-label', 'title', 'alt', 'placeholder'].map((name) => element.getAttribute(name) ?? ''));
  return [ours.textContent, ...labels].join(' ');
}"""
#: Names that no language translates.
OWN_NAMES = "Picture help Ruritania|Start again|Instagram|Federal Trade Commission"
MOVES = """() => document.getAnimations().length + [...document.querySelectorAll('*')].filter((element) => {
  const style = getComputedStyle(element);
  return style.animationName !== 'none' || style.transitionDuration.split(', ').some((one) => one !== '0s');
}).length"""
#: What has the focus: its words, whether that is to be seen, and whether the way out stands over it.
FOCUSED = """() => {
  const element = document.activeElement;
  const text = (element.labels?.[0] ?? element).textContent.trim();
  const seen = element.type === 'file' ? element.closest('label') : element;
  const [box, way] = [seen, document.getElementById('leave')].map((one) => one.getBoundingClientRect());
  const beside = box.right <= way.left || box.left >= way.right || box.bottom <= way.top || box.top >= way.bottom;
  const {outlineStyle, outlineWidth} = getComputedStyle(seen);
  return {
    text, covered: element.id !== 'leave' && !beside, inSight: box.bottom > 0 && box.top < innerHeight,
    ring: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
  };
}"""
#: What can be used on a screen: of radio buttons of one name the one that Tab goes to. Remembers what had the focus.
USABLE = """() => {
  const groups = new Set();
  const all = document.querySelectorAll('a[href], button, input, select, textarea, summary');
  globalThis.usable = [...all].filter((one) => {
    if (one.disabled || one.tabIndex < 0 || !one.checkVisibility({visibilityProperty: true})) return false;
    if (one.type !== 'radio') return true;
    const checked = document.querySelector(`input[type=radio][name="${one.name}"]:checked`);
    if (groups.has(one.name) || (checked && checked !== one)) return false;
    groups.add(one.name);
    return true;
  });
  globalThis.hadFocus = new Set([document.activeElement]);
  if (!globalThis.watchesFocus) document.addEventListener('focusin', ({target}) => globalThis.hadFocus.add(target));
  globalThis.watchesFocus = true;
  return globalThis.usable.length;
}"""
UNREACHED = """() => globalThis.usable.filter((one) => !globalThis.hadFocus.has(one)).map((one) =>
  `${one.localName} ${(one.labels?.[0] ?? one).textContent.trim()}`)"""
#: Two walks see all of it: left to right, light and wide; right to left, dark and narrow.
TWO_LOOKS = [Look("light"), Look("right-to-left", tag=RIGHT_TO_LEFT, dark=True, width=320)]


def violations(page: Page) -> list[str]:
    """Gives what axe-core finds wrong, once the page has its style."""
    page.wait_for_load_state()
    page.evaluate(AXE)
    found = page.evaluate(
        "(rules) => axe.run({runOnly: rules}).then(({violations}) => violations)",
        RULES,
    )
    return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]]


def nameless(page: Page) -> list[str]:
    """Gives the roles of what can be used and says no name to a screen reader."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    used = {"button", "link", "textbox", "checkbox", "radio", "progressbar", "combobox", "spinbutton", "image"}
    return [
        role
        for node in nodes
        if not node["ignored"] and (role := node["role"]["value"]) in used and not node.get("name", {}).get("value")
    ]


def unreached(page: Page) -> list[str]:
    """Gives what can be used and is never reached by Tab. A field for a date has up to five stops."""
    stops: int = page.evaluate(USABLE) + 2
    for _ in range(5):
        for _ in range(stops):
            page.keyboard.press("Tab")
        if not (found := page.evaluate(UNREACHED)):
            return []
    return [str(one) for one in found]


@pytest.mark.parametrize("look", TWO_LOOKS, ids=lambda look: look.name)
def test_every_screen_is_for_everyone(
    chromium: Browser, operated: ClearinghouseServer, look: Look, tmp_path: Path
) -> None:
    context = look.context(chromium, reduced_motion="reduce")
    screens = Screens(context, operated.url, look, tmp_path)
    page, wrong = screens.page, []
    for name in every_screen(screens):
        wrong += [f"{name}: {one}" for one in violations(page)]
        wrong += [f"{name}: a {role} without a name" for role in nameless(page)]
        if page.locator("h1").count() != 1:
            wrong.append(f"{name}: not one heading")
        if page.evaluate(MOVES):
            wrong.append(f"{name}: it moves")
        if (width := page.evaluate("document.documentElement.scrollWidth")) > look.width:
            wrong.append(f"{name}: {width} px wide")
        if look.dark:  # once is enough: the order is the same in every look
            wrong += [f"{name}: Tab does not lead to {one}" for one in unreached(page)]
        # Pages that the server writes: see test_public_pages.py.
        if look.tag != "en" and not name.startswith("page-"):
            said = re.sub(OWN_NAMES, "", page.evaluate(SAID))
            wrong += [f"{name}: {word} is in no catalogue" for word in plain_words(said)]
    context.close()
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def screens(chromium: Browser, operated: ClearinghouseServer, tmp_path: Path) -> Iterator[Screens]:
    look = Look("narrow", width=320)
    context = look.context(chromium)
    yield Screens(context, operated.url, look, tmp_path)
    context.close()


def reach(page: Page, name: str) -> None:
    """Presses Tab until the control that begins with these words has the focus, in sight and not under the way out."""
    for _ in range(40):
        page.keyboard.press("Tab")
        found: dict[str, Any] = page.evaluate(FOCUSED)
        if found["text"].startswith(name):
            assert found["ring"], f"{name}: one cannot see that it has the focus"
            assert not found["covered"], f"{name}: it is under the way out"
            assert found["inSight"], f"{name}: it is out of sight"
            return
    raise AssertionError(f"Tab does not lead to {name!r}")


def test_keys_alone_lead_from_the_welcome_to_the_receipt(screens: Screens, tmp_path: Path) -> None:
    screens.open("welcome")
    page = screens.page
    # Choosers are watched for from here on: begun with the key press, the watching may reach the page behind the key.
    page.on("filechooser", lambda _: None)

    def press(name: str, heading: str) -> None:
        reach(page, name)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1, name=heading)).to_be_focused()

    press("Start", "Are you safe right now?")
    press("Yes, I am safe", "What do you have?")
    press("The picture or video", "Who are you?")
    press("It is me", "How old in the picture?")
    press("Under 18", "Choose the pictures")
    reach(page, "Choose pictures")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(tmp_path / "picture.jpg")
    expect(page.get_by_role("heading", level=1, name="Check")).to_be_focused()
    press("Next", "Send the fingerprints")
    reach(page, "I agree")
    page.keyboard.press("Space")
    press("Send", "It is done")
    reach(page, "Show my words")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your six words")).to_be_visible()
