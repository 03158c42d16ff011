"""The receipt: words or numbers, taken along only when chosen; what it shows, adds, takes back and cannot find."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Route, expect

from support.person import digits_of
from support.portal_page import PortalPage
from support.servers import ClearinghouseServer


def fits(page: PortalPage) -> None:
    assert page.page.evaluate("document.documentElement.scrollWidth") <= 320


def sent(page: PortalPage, pictures: list[Path]) -> str:
    """Sends pictures and gives the words, shown."""
    page.begin()
    page.choose(pictures)
    page.send()
    return page.words()


def test_words_and_numbers_open_the_same(page: PortalPage, pictures: list[Path], portal: ClearinghouseServer) -> None:
    page.begin()
    page.choose(pictures[:1])
    page.send()
    shown = page.page.get_by_label("Your six words")
    expect(shown).to_have_count(0)
    words = page.words()
    page.press("As numbers")
    numbers = shown.inner_text()
    assert numbers == digits_of(words)
    fits(page)
    page.press("Hide my words")
    expect(shown).to_have_count(0)
    page.page.goto(portal.url)
    page.come_back(" / ".join(numbers.splitlines()))
    expect(page.page.get_by_role("listitem")).to_have_count(1)
    page.page.goto(portal.url)
    page.come_back(numbers.replace(numbers[-1], str((int(numbers[-1]) + 1) % 10)))
    expect(page.page.get_by_text("not three numbers of ours")).to_be_visible()


def test_the_words_are_taken_along_only_when_chosen(page: PortalPage, pictures: list[Path]) -> None:
    words = sent(page, pictures[:1])
    page.page.evaluate("() => { navigator.clipboard.writeText = async (text) => { window.copied = text; }; }")
    page.press("Copy")
    expect(page.page.get_by_text("Copied.")).to_be_visible()
    assert page.page.evaluate("window.copied") == words
    with page.page.expect_download() as download:
        page.press("Save as a file")
    assert download.value.suggested_filename == "note.txt"
    assert Path(download.value.path()).read_text(encoding="utf-8") == f"{words}\n"
    page.page.evaluate(
        "() => { window.print = () => { dispatchEvent(new Event('beforeprint')); "
        "window.printed = document.title; dispatchEvent(new Event('afterprint')); }; }"
    )
    title = page.page.title()
    page.press("Print")
    assert page.page.evaluate("window.printed").strip() == ""
    assert page.page.title() == title
    page.page.emulate_media(media="print")
    assert page.page.get_by_label("Your six words").is_visible()
    assert not page.page.get_by_role("heading", level=1).is_visible()
    assert not page.page.get_by_role("button", name="Print").is_visible()


def test_a_withdrawal_can_be_thought_over(page: PortalPage, pictures: list[Path]) -> None:
    sent(page, pictures[:2])
    page.look()
    page.press("Take back picture 1")
    expect(page.page.get_by_text("You can think it over.")).to_be_visible()
    fits(page)
    page.press("Take it back in a day or two")
    expect(page.page.get_by_text("It will be taken back. You can still keep it.")).to_be_visible()
    day = datetime.now(UTC) + timedelta(days=2)
    expect(page.tile(1)).to_contain_text(f"It is taken back on {day:%B} {day.day}, {day.year}.")
    expect(page.page.get_by_role("listitem")).to_have_count(2)
    page.press("Keep picture 1 on the list")
    expect(page.page.get_by_text("It stays on the list.")).to_be_visible()
    expect(page.tile(1)).not_to_contain_text("It is taken back on")


def test_what_would_end_by_itself_is_kept_for_longer(page: PortalPage, pictures: list[Path]) -> None:
    page.begin(age="Not sure")
    page.choose(pictures[:1])
    page.send()
    page.words()
    page.look()
    page.waits_to_read("It stays on the list until")
    fits(page)
    page.press("Keep picture 1 for longer")
    expect(page.page.get_by_text("It stays longer now.")).to_be_visible()


def test_pictures_are_added_to_the_same_words(
    page: PortalPage, pictures: list[Path], portal: ClearinghouseServer
) -> None:
    """The last picture was taken back before: its place is not free, and the page takes the next."""
    words = sent(page, pictures[:2])
    page.look()
    page.take_back(2)
    answers: list[int] = []
    page.page.on("response", lambda answer: answers.append(answer.status) if "submissions" in answer.url else None)
    page.press("Add more pictures to this receipt")
    page.sees("How old in the picture?")
    page.press("Back")
    page.sees("Your receipt")
    page.press("Add more pictures to this receipt")
    page.press("Not sure")
    page.choose(pictures[2:])
    page.agree()
    page.sees("Your receipt")
    expect(page.page.get_by_role("listitem")).to_have_count(2)
    assert answers == [409, 201]
    page.page.goto(portal.url)
    page.come_back(words)
    expect(page.tile(1)).to_be_visible()
    expect(page.tile(3)).to_be_visible()


def test_adding_again_after_a_lost_answer_adds_once(page: PortalPage, pictures: list[Path]) -> None:
    sent(page, pictures[:1])
    page.look()

    def lose(route: Route) -> None:
        route.fetch()  # it arrives
        route.abort()  # its answer does not

    page.page.route("**/v1/submissions", lose, times=1)
    page.press("Add more pictures to this receipt")
    page.press("Under 18")
    page.choose(pictures[1:])
    page.agree()
    expect(page.page.get_by_text("It did not go through.")).to_be_visible()
    page.press("Try again")
    page.sees("Your receipt")
    expect(page.page.get_by_role("listitem")).to_have_count(3)


def test_without_the_words_the_same_picture_gets_new_ones(
    page: PortalPage, pictures: list[Path], portal: ClearinghouseServer
) -> None:
    lost = sent(page, pictures[:1])
    page.page.goto(portal.url)
    page.press("I have six words")
    page.press("I lost my words")
    page.sees("If the words are lost")
    expect(page.page.get_by_text("They cannot take back what you sent before.")).to_be_visible()
    fits(page)
    page.press("Back")
    page.press("I lost my words")
    page.press("Do it again with the same picture")
    for answer in ("Yes, I am safe", "The picture or video", "It is me in the picture", "Under 18"):
        page.answer(answer)
    page.choose(pictures[:1])
    page.send()
    found = page.words()
    assert found != lost
    page.look()
    page.take_back(1)
    page.page.goto(portal.url)
    page.come_back(lost)
    expect(page.page.get_by_role("listitem")).to_have_count(1)


def test_the_connection_goes_while_sending(page: PortalPage, pictures: list[Path]) -> None:
    """Nothing is lost, nothing is sent by itself, and one press sends it when the network is back."""
    bodies: list[str] = []
    page.page.on("request", lambda request: bodies.append(request.post_data or "") if request.method == "POST" else 0)
    page.page.route("**/v1/submissions", lambda route: route.abort("internetdisconnected"), times=1)
    page.begin()
    page.choose(pictures)
    page.agree()
    expect(page.page.get_by_text("It did not go through.")).to_be_visible()
    page.page.context.set_offline(True)
    expect(page.page.get_by_role("button", name="Try again")).to_be_disabled()
    page.page.context.set_offline(False)
    expect(page.page.get_by_role("button", name="Try again")).to_be_enabled()
    assert len(bodies) == 1
    page.press("Try again")
    page.sees("It is done")
    assert bodies[0] == bodies[1]
    assert len(json.loads(bodies[0])["entries"]) == len(pictures)
