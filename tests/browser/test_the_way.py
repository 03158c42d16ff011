"""The questions before a picture is chosen: every answer leads on, and back again, and none of them is sent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from support.pictures import photograph
from support.portal_page import PortalPage
from support.servers import ClearinghouseServer

HELPERS = ("I am a parent or guardian", "I am another adult they trust", "I help as my work")


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    (tmp_path / "coffee.png").write_bytes(photograph("coffee.png"))
    return tmp_path / "coffee.png"


def fits(page: PortalPage) -> None:
    assert page.page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize(
    ("answer", "screen", "on"),
    [
        ("Somebody threatens me", "If somebody threatens you", "Next"),
        ("I am in danger, or I may hurt myself", "Get help now", "I am safe now. Go on"),
        ("Somebody watches me, or makes me do this", "You can do this later", "I am alone now. Go on"),
    ],
)
def test_safety_comes_first_and_the_way_goes_on(page: PortalPage, answer: str, screen: str, on: str) -> None:
    page.press("Start")
    page.press(answer)
    page.sees(screen)
    fits(page)
    page.press("Back")
    page.sees("Are you safe right now?")
    page.press(answer)
    page.press(on)
    page.sees("What do you have?")


def test_danger_is_one_step_from_a_threat(page: PortalPage) -> None:
    page.press("Start")
    page.press("Somebody threatens me")
    expect(page.page.get_by_text("Do not pay.")).to_be_visible()
    page.press("I am in danger, or I may hurt myself")
    expect(page.page.get_by_role("link", name="Find a help line in your country")).to_be_visible()


@pytest.mark.parametrize(
    ("have", "screen"),
    [("Only a link to it", "Tell a site where the picture is"), ("Neither", "You do not have the picture")],
)
def test_without_a_picture_there_is_a_way_on(page: PortalPage, have: str, screen: str) -> None:
    page.ask_for(have)
    page.sees(screen)
    page.press("Back")
    page.sees("How old in the picture?")


def test_adults_are_shown_another_door_and_a_way_on(page: PortalPage) -> None:
    page.ask_for("The picture or video, on this device", age="18 or older")
    page.sees("You are in the right place, one door further")
    assert page.page.get_by_role("link", name="Go to StopNCII.org").get_attribute("href") == "https://stopncii.org/"
    fits(page)
    page.press("Tell the site where the picture is")
    page.sees("Tell a site where the picture is")
    page.press("Back")
    page.press("I was under 18, or I am not sure")
    page.sees("How old in the picture?")


def test_back_leads_to_the_beginning(page: PortalPage) -> None:
    page.begin(who="I am a parent or guardian")
    for screen in (
        "How old in the picture?",
        "You want to help your child",
        "Before you go on",
        "Who are you?",
        "What do you have?",
        "Are you safe",
    ):
        page.press("Back")
        page.sees(screen)
        fits(page)
    page.press("Back")
    page.sees("Help with a picture of you")


def test_fault_is_named_once(page: PortalPage) -> None:
    expect(page.page.get_by_text("not your fault")).to_have_count(1)
    page.begin()
    expect(page.page.get_by_text("not your fault")).to_have_count(0)


@pytest.mark.parametrize("who", HELPERS)
def test_each_helper_reads_a_text_of_their_own(page: PortalPage, who: str) -> None:
    page.press("Start")
    page.press("Yes, I am safe")
    page.answer("The picture or video")
    page.answer(who)
    page.sees("Before you go on")
    read = {page.page.get_by_role("listitem").first.inner_text()}
    for other in set(HELPERS) - {who}:
        page.press("Back")
        page.answer(other)
        read.add(page.page.get_by_role("listitem").first.inner_text())
    assert len(read) == 3


def test_who_did_it_is_not_the_one_who_helps(page: PortalPage) -> None:
    page.press("Start")
    page.press("Yes, I am safe")
    page.answer("The picture or video")
    page.answer("I am another adult they trust")
    page.page.get_by_label("Not yet").check()
    expect(page.page.get_by_text("Ask them first")).to_be_visible()
    page.page.get_by_label("Yes", exact=True).check()
    expect(page.page.get_by_text("They need somebody else to help them.")).to_be_visible()
    expect(page.page.get_by_role("link", name="Go to StopItNow.org")).to_be_visible()
    expect(page.page.get_by_role("button", name="Next")).to_be_disabled()
    fits(page)


def test_the_receipt_of_a_helper_goes_to_the_young_person(page: PortalPage, picture: Path) -> None:
    page.begin(age="Not sure", who="I am a parent or guardian")
    expect(page.page.get_by_text("You need not look.")).to_be_visible()
    page.choose([picture])
    with page.page.expect_request("**/v1/submissions") as sent:
        page.agree()
    body = sent.value.post_data or ""
    assert json.loads(body)["age"] == "unsure"
    assert "guardian" not in body
    page.sees("Give the device to them now")
    expect(page.page.get_by_role("button", name="Show my words")).to_have_count(0)
    page.press("I am the person in the picture")
    page.sees("This part is for you alone")
    page.press("Yes")
    expect(page.page.get_by_text("Then keep the receipt to yourself.")).to_be_visible()
    fits(page)
    page.press("Next")
    page.sees("It is done")
    assert len(page.words().split()) == 6


def test_whoever_keeps_the_words_for_them_is_told_so(page: PortalPage, picture: Path) -> None:
    page.begin(who="I help as my work")
    page.choose([picture])
    page.agree()
    page.press("They are not here")
    expect(page.page.get_by_text("Keep the words only until you can give them over.")).to_be_visible()
    page.press("What comes next")
    expect(page.page.get_by_text("Ask them how they are, also next week.")).to_be_visible()


def test_the_browser_s_back_button_leaves_and_forgets(page: PortalPage, portal: ClearinghouseServer) -> None:
    """The whole page is one entry of the history: no step has an address."""
    before = page.page.evaluate("history.length")
    page.begin()
    assert page.page.evaluate("history.length") == before
    assert page.page.url.rstrip("/") == portal.url
    page.page.go_back()
    page.page.go_forward()
    page.sees("Help with a picture of you")


def test_two_tabs_know_nothing_of_each_other(page: PortalPage, picture: Path, portal: ClearinghouseServer) -> None:
    other = PortalPage(page.page.context.new_page(), portal.url)
    page.begin()
    other.begin(age="Not sure")
    page.choose([picture])
    other.choose([picture])
    page.send()
    other.send()
    assert page.words() != other.words()


def test_a_part_that_does_not_come_can_be_asked_for_again(page: PortalPage) -> None:
    page.page.route("**/assets/way-*.js", lambda route: route.abort(), times=1)
    page.press("Start")
    page.sees("The rest of this page did not come.")
    page.press("Try again")
    page.sees("Are you safe right now?")
