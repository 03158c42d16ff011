"""Simulated edits on the person's page: what is chosen is what is said, and what is said is what is sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from support.pictures import photograph
from support.portal_page import PortalPage
from takeback.fingerprints.edits import Protection
from takeback.media import Fingerprinted, Fingerprinter

STRONGER, MOST = "Stronger protection", "The most protection"


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    (tmp_path / "rocket.jpg").write_bytes(photograph("rocket.jpg"))
    return tmp_path / "rocket.jpg"


def made_on_server(picture: Path, protection: Protection) -> list[dict[str, Any]]:
    """What the command line makes of the same file, in the words of spec/intake.md."""
    with Fingerprinter(protection=protection) as fingerprinter:
        made = fingerprinter.fingerprint(picture)
    assert isinstance(made, Fingerprinted)
    facts = [
        (("type", p.type.value), ("value", p.hex), ("quality", p.quality), ("edit", p.edit)) for p in made.fingerprints
    ]
    return [{name: fact for name, fact in one if fact is not None} for one in facts]


@pytest.mark.parametrize("protection", Protection)
def test_what_is_chosen_is_said_and_sent(page: PortalPage, picture: Path, protection: Protection) -> None:
    bodies: list[str] = []
    page.page.on("request", lambda request: bodies.append(request.post_data or "") if request.method == "POST" else 0)
    page.begin()
    page.choose([picture])
    expect(page.page.get_by_label(STRONGER)).to_be_checked()
    expect(page.page.get_by_label(MOST)).not_to_be_checked()
    if protection is Protection.PLAIN:
        page.page.get_by_label(STRONGER).uncheck()
        expect(page.page.get_by_label(MOST)).to_have_count(0)
    if protection is Protection.STRONG:
        page.page.get_by_label(MOST).check()
    prints = made_on_server(picture, protection)
    expect(page.tile(1)).to_contain_text(f"{len(prints)} fingerprints.")
    page.press("Next")
    expect(page.page.get_by_text(f"{len(prints)} fingerprints of one picture will be sent.")).to_be_visible()
    expect(page.page.get_by_text("Stronger protection sends more")).to_have_count(
        int(protection is not Protection.PLAIN)
    )
    page.page.get_by_text("Show exactly what will be sent").click()
    announced = page.page.locator("pre")
    expect(announced).to_contain_text('"entries"')
    said = json.loads(announced.inner_text())
    page.page.get_by_label("I agree that these fingerprints are sent").check()
    page.press("Send")
    page.sees("It is done")
    assert json.loads(bodies[0]) == said
    assert said["entries"][0]["fingerprints"] == prints


def test_a_choice_is_kept_on_the_way_back(page: PortalPage, picture: Path) -> None:
    page.begin()
    page.choose([picture])
    page.page.get_by_label(STRONGER).uncheck()
    page.press("Next")
    page.press("Back")
    expect(page.page.get_by_label(STRONGER)).not_to_be_checked()


def test_keys_alone_choose(page: PortalPage, picture: Path) -> None:
    page.begin()
    page.choose([picture])
    page.page.get_by_role("button", name="Leave out picture 1").focus()
    page.page.keyboard.press("Tab")
    expect(page.page.get_by_label(STRONGER)).to_be_focused()
    page.page.keyboard.press("Tab")
    page.page.keyboard.press("Space")
    expect(page.page.get_by_label(MOST)).to_be_checked()
    assert page.page.evaluate("document.documentElement.scrollWidth") <= 320


def test_there_is_no_choice_where_there_are_no_edits(page: PortalPage, tmp_path: Path) -> None:
    Image.new("RGB", (300, 200), "navy").save(tmp_path / "flat.png")
    page.begin()
    page.choose([tmp_path / "flat.png"])
    expect(page.tile(1)).to_contain_text("We can find exact copies of it only.")
    expect(page.tile(1)).to_contain_text("2 fingerprints.")
    expect(page.page.get_by_label(STRONGER)).to_have_count(0)
