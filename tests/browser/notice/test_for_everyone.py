"""The notice maker by keys alone, on a small phone, with names for every field; and the ways to it for others."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from support.notice_page import NoticePage


def test_it_works_with_keys_alone(page: NoticePage) -> None:
    keys = page.page.keyboard

    def press(*names: str) -> None:
        for name in names:
            keys.press(name)

    page.open()
    expect(page.page.locator("h1")).to_be_focused()
    press("Tab", "Space", "Tab", "Enter")
    page.sees("Which site or app is it on?")
    expect(page.page.locator("h1")).to_be_focused()
    press("Tab", "Space", "Tab", "Enter")
    page.sees("Where is it there?")
    page.page.get_by_label("Link", exact=True).focus()
    keys.type("example.org/p/1")
    press("Tab", "Enter")
    expect(page.page.get_by_role("listitem")).to_have_count(1)


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_nothing_is_wider_than_a_small_phone(page: NoticePage, direction: str) -> None:
    page.page.evaluate(f"document.documentElement.dir = '{direction}'")

    def fits() -> None:
        assert page.page.evaluate("document.documentElement.scrollWidth") <= 320

    page.open()
    fits()
    page.lives_in("A country of the European Union")
    page.page.get_by_label("Another one").check()
    fits()
    page.page.get_by_label("Name of the site or app").fill(
        "a-site-with-a-very-long-name-without-a-single-space.example"
    )
    page.press("Next")
    page.page.get_by_text("I have no link").click()
    page.page.get_by_label("Link", exact=True).fill(f"example.org/{'x' * 300}")
    page.press("Add this link")
    fits()
    page.press("Next")
    page.page.get_by_label("I help, and they want me to").check()
    fits()
    page.page.get_by_label("I work for a helpline, school or group that they asked").check()
    page.vouches()
    fits()
    page.answers_to("a" * 200 + "@example.org")
    fits()
    page.press("How to send it")
    page.page.get_by_text("On paper, or as a file").click()
    fits()
    page.press("I have sent it")
    fits()
    page.press("It is still there")
    page.page.get_by_label("Which country do you live in?").select_option("United Kingdom")
    fits()


def test_every_field_has_a_name_and_its_problem_is_told(page: NoticePage) -> None:
    page.made()
    page.page.get_by_text("Change something").click()
    for step in ("Where I live", "The site or app", "The places", "Who signs", "The address"):
        page.press(step)
        nameless = "[...document.querySelectorAll('input, select')].filter((one) => !one.labels.length).length"
        assert page.page.evaluate(nameless) == 0
        page.press("Back")
        page.page.get_by_text("Change something").click()
    page.press("The places")
    link = page.page.get_by_label("Link", exact=True)
    link.fill("nowhere")
    page.press("Next")
    described = link.get_attribute("aria-describedby") or ""
    problem = page.page.locator(f"[id='{described.split()[-1]}']")
    expect(problem).to_have_text("This is not a link yet. It looks like example.com/abc.")
    assert problem.get_attribute("role") == "alert"
    assert link.get_attribute("aria-invalid") == "true"


NO_PICTURE = "You do not have the picture"


def test_with_neither_picture_nor_link_there_is_a_way(page: NoticePage) -> None:
    page.ask_for("Neither")
    page.sees(NO_PICTURE)
    for case, words, way in (
        ("I have only seen it", "Write down where you saw it.", "Write to the site"),
        ("Somebody told me about it", "They should not send it to you.", "Write to the site"),
        ("I deleted it", "Do not ask anybody to send it to you again.", "Choose the picture"),
        ("Somebody threatens to post it", "Do not pay.", "People who can help"),
        ("I have a screenshot of it", "A screenshot works.", "Choose the picture"),
    ):
        page.page.get_by_label(case).check()
        expect(page.page.get_by_text(words)).to_be_visible()
        expect(page.page.get_by_role("button", name=way)).to_be_visible()
        assert page.page.evaluate("document.documentElement.scrollWidth") <= 320
    page.press("People who can help")
    page.sees("People who can help")
    page.press("Back")
    page.sees(NO_PICTURE)
    page.page.get_by_label("I have only seen it").check()
    page.press("Write to the site")
    page.sees("Tell a site where the picture is")


def test_a_parent_reads_what_to_say_first(page: NoticePage) -> None:
    page.press("Start")
    page.press("Yes, I am safe")
    page.answer("Only a link to it")
    page.answer("I am a parent or guardian")
    page.page.get_by_label("Yes, and they want it").check()
    page.page.get_by_label("No", exact=True).check()
    page.press("Next")
    page.sees("You want to help your child")
    expect(page.page.get_by_text("Do not ask to see the picture.")).to_be_visible()
    assert page.page.evaluate("document.documentElement.scrollWidth") <= 320
    page.press("Next")
    page.press("Under 18")
    page.lives_in("United States")
    page.on("Discord")
    page.at("discord.com/channels/1/2/3")
    expect(page.page.get_by_label("I am a parent or guardian")).to_be_checked()
