"""It is already posted: a notice is made on the device, and nothing leaves it but by the person's own hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Download, Page, expect

from support.portal_page import PortalPage
from support.servers import ClearinghouseServer
from takeback.model.notice import AgeThen, Law, Signer, Statement, Where, missing_parts
from takeback.wire.notice import notice

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


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    made = chromium.new_context(viewport={"width": 320, "height": 640}, locale="en-GB", timezone_id="Europe/Kyiv")
    made.grant_permissions(["clipboard-write"])
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, portal: ClearinghouseServer) -> NoticePage:
    return NoticePage(context.new_page(), portal.url)


def requests_of(page: Page) -> list[str]:
    """Addresses that the page asks from now on; what it makes in its own memory is not one."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if not request.url.startswith("blob:") else None)
    return asked


def test_a_young_person_makes_a_notice_and_not_one_request_leaves(page: NoticePage, context: BrowserContext) -> None:
    page.open()
    asked = requests_of(page.page)
    context.set_offline(True)
    page.lives_in("United States")
    page.on("Instagram")
    page.at(f"{LINK}?igsh=who-shared-it")
    expect(page.page.get_by_text("Initials are enough.")).to_be_visible()
    page.page.get_by_label("Name or initials").fill("J.")
    page.vouches()
    page.answers_to("hidden@example.org")
    expect(page.page.get_by_text("Nothing is missing.")).to_be_visible()
    letter = page.letter()
    for words in ("47 U.S.C. 223a", LINK, "was under 18", "Signature: J.", "hidden@example.org", "within 48 hours"):
        assert words in letter
    assert "igsh" not in letter
    page.press("How to send it")
    page.sees("Send the letter")
    page.page.evaluate(  # the page's own policy forbids to read the clipboard, to this test, too
        """() => {
          const write = navigator.clipboard.writeText.bind(navigator.clipboard);
          navigator.clipboard.writeText = (text) => { window.copied = text; return write(text); };
        }"""
    )
    page.press("Copy the letter")
    expect(page.page.get_by_text("Copied.")).to_be_visible()
    assert LINK in page.page.evaluate("window.copied")
    page.page.get_by_text("On paper, or as a file").click()
    kept = notice(Path(page.saves("Save the letter as a file").path()).read_bytes())
    assert (kept.law, kept.depicted, kept.signer) == (Law.US, AgeThen.UNDER_18, Signer.DEPICTED)
    assert kept.places[0].url == LINK
    assert kept.statements == {Statement.GOOD_FAITH}
    assert missing_parts(kept) == ()
    page.press("I have sent it")
    page.sees("What comes now")
    page.press("It is still there")
    page.sees("They did not remove it")
    assert asked == []


def test_nothing_of_it_stays(page: NoticePage, context: BrowserContext) -> None:
    page.made()
    page.page.reload()
    page.sees("Help with a picture of you")
    assert context.cookies() == []
    kept = "JSON.stringify([Object.keys(localStorage), Object.keys(sessionStorage), history.length, document.title])"
    assert json.loads(page.page.evaluate(kept))[:2] == [[], []]
    assert "letter" not in page.page.title()


def test_europe_asks_a_young_person_for_no_name(page: NoticePage) -> None:
    page.open()
    page.lives_in("A country of the European Union")
    page.on("TikTok")
    page.at()
    expect(page.page.get_by_text("You do not need to give a name.")).to_be_visible()
    expect(page.page.get_by_label("Name or initials")).to_have_count(0)
    page.vouches()
    expect(page.page.get_by_text("You can leave this out.")).to_be_visible()
    page.answers_to()
    expect(page.page.get_by_text("Nothing is missing.")).to_be_visible()
    assert "Article 16(2)(c)" in page.letter()
    assert "Contact" not in page.letter()


def test_what_is_missing_is_said_and_added(page: NoticePage) -> None:
    page.open()
    page.lives_in("United States")
    page.on("Discord")
    page.press("Next")
    page.sees("Who signs the letter?")
    page.page.get_by_label("I help, and they want me to").check()
    page.press("Next")
    page.answers_to()
    expect(page.page.get_by_role("button", name="How to send it")).to_be_disabled()
    note = page.page.locator(".note")
    for sentence in (
        "Where it is.",
        "Your word that it is true.",
        "Why you may sign",
        "A signature.",
        "An e-mail address",
    ):
        expect(note).to_contain_text(sentence)
    page.press("Add it: the place")
    page.page.get_by_label("Link").fill("discord.com/channels/1/2/3")
    page.press("Next")
    page.sees("Your letter")
    page.press("Add it: why you sign")
    page.page.get_by_label("They asked me to").check()
    page.page.get_by_label("Name or initials").fill("R. Diaz")
    page.vouches()
    page.sees("Your letter")
    page.press("Add it: the address")
    page.page.get_by_label("E-mail address").fill("nobody")
    page.press("Next")
    expect(page.page.get_by_text("This does not look like an e-mail address.")).to_be_visible()
    page.answers_to("r@example.org")
    expect(page.page.get_by_text("Nothing is missing.")).to_be_visible()
    assert "asked me to act for them" in page.letter()
    expect(page.page.get_by_role("button", name="How to send it")).to_be_enabled()


def test_places_without_a_link(page: NoticePage) -> None:
    page.open()
    page.lives_in("Somewhere else")
    page.on("WhatsApp")
    expect(page.page.get_by_text("encrypted chat")).to_be_visible()
    page.page.get_by_label("Link", exact=True).fill("it is on my cousin's phone")
    page.press("Next")
    expect(page.page.get_by_text("This is not a link yet.")).to_be_visible()
    page.page.get_by_label("Link", exact=True).fill("")
    page.page.get_by_text("I have no link").click()
    page.page.get_by_label("Which day?").fill("2026-11-24")
    page.press("Next")
    expect(page.page.get_by_text("Please write the name of the account or group.")).to_be_visible()
    page.page.get_by_label("Name of the account or group").fill("School 7")
    page.page.get_by_label("Where did you see it?").select_option("In a group or channel")
    page.press("Add this place")
    expect(page.page.get_by_role("listitem")).to_have_count(1)
    page.page.get_by_label("Link", exact=True).fill("example.org/x")
    page.press("Add this link")
    expect(page.page.get_by_role("listitem")).to_have_count(2)
    page.press("Leave out place 2")
    page.press("Next")
    page.vouches()
    page.answers_to()
    assert "Account or group: School 7, in a group or channel, seen on November 24, 2026" in page.letter()
    page.press("How to send it")
    page.page.get_by_text("On paper, or as a file").click()
    kept = notice(Path(page.saves("Save the letter as a file").path()).read_bytes())
    assert [(place.account, place.where) for place in kept.places] == [("School 7", Where.GROUP)]


def test_a_mail_is_opened_whole_and_by_the_person(page: NoticePage) -> None:
    page.open()
    page.lives_in("United Kingdom")
    page.on("Telegram")
    page.at("t.me/somewhere/7")
    page.vouches()
    page.answers_to()
    page.press("How to send it")
    address = page.page.get_by_role("link", name="Open the letter in my mail app").get_attribute("href") or ""
    assert urlsplit(address).path == "abuse@telegram.org"
    (body,) = parse_qs(urlsplit(address).query)["body"]
    assert "https://t.me/somewhere/7" in unquote(body)
    assert "Online Safety Act 2023" in unquote(body)
    expect(page.page.get_by_text("Never put the picture in.")).to_be_visible()


def test_doors_open_beside_the_page_and_say_when_they_were_checked(page: NoticePage) -> None:
    page.made()
    page.press("How to send it")
    form = page.page.get_by_role("link", name="Open the form of Instagram")
    assert form.get_attribute("target") == "_blank"
    assert form.get_attribute("rel") == "noreferrer"
    expect(page.page.get_by_text("Nobody has looked at this door lately.")).to_be_visible()
    page.press("Back")
    page.page.get_by_text("Change something").click()
    page.press("The site or app")
    page.page.get_by_label("Discord").check()
    page.press("Next")
    page.press("How to send it")
    expect(page.page.get_by_text("We looked at this door in November 2026.")).to_be_visible()


def test_the_times_are_kept_by_who_likes_to(page: NoticePage) -> None:
    page.made()
    page.press("How to send it")
    page.press("I have sent it")
    page.page.get_by_label("When did you send it?").fill("2026-11-25T22:30")
    marks = page.page.get_by_role("listitem")
    expect(marks).to_have_count(3)
    expect(marks.nth(2)).to_contain_text("Friday, November 27, 2026")
    calendar = Path(page.saves("Save for my calendar").path()).read_bytes().decode()
    assert [line for line in calendar.split("\r\n") if line.startswith("DTSTART")] == [
        "DTSTART:20261126T203000Z",  # Kyiv is two hours ahead
        "DTSTART:20261127T203000Z",
    ]
    assert "SUMMARY:Look again\r\n" in calendar
    assert "48 hours: Friday" in Path(page.saves("Save as a small list").path()).read_text(encoding="utf-8")


def test_a_kept_letter_becomes_a_complaint(page: NoticePage, tmp_path: Path) -> None:
    """Two days later, on a page that remembers nothing."""
    page.made()
    page.press("How to send it")
    page.page.get_by_text("On paper, or as a file").click()
    page.saves("Save the letter as a file").save_as(tmp_path / "letter.json")
    kept = json.loads((tmp_path / "letter.json").read_text(encoding="utf-8")) | {"made_on": "2026-11-20"}
    (tmp_path / "letter.json").write_text(json.dumps(kept), encoding="utf-8")
    (tmp_path / "other.json").write_text("{}", encoding="utf-8")
    page.page.reload()
    page.open()
    chooser = page.page.get_by_label("I kept a letter file")
    chooser.set_input_files(tmp_path / "other.json")
    expect(page.page.get_by_text("This is not a letter file from this page.")).to_be_visible()
    chooser.set_input_files(tmp_path / "letter.json")
    page.sees("They did not remove it")
    page.page.get_by_label("When did you send the letter?").fill("2026-11-20T18:00")
    page.page.get_by_label("Which country do you live in?").select_option("United States")
    form = page.page.get_by_role("link", name="Open the form of Federal Trade Commission")
    assert form.get_attribute("href") == "https://takeitdown.ftc.gov/"
    complaint = page.letter()
    for words in ("I asked Instagram", "November 20, 2026", "More than 48 hours have passed.", LINK, "Signature: J."):
        assert words in complaint
    page.page.get_by_label("Which country do you live in?").select_option("Another country")
    expect(page.page.get_by_text("We know no such office there.")).to_be_visible()
    expect(page.page.get_by_text("INHOPE", exact=True)).to_be_visible()


def test_who_helps_is_found_by_the_country_that_is_chosen(page: NoticePage) -> None:
    page.made()
    page.press("How to send it")
    page.press("I have sent it")
    page.press("People who can help")
    page.sees("People who can help")
    expect(page.page.get_by_text("This page does not know where you are.")).to_be_visible()
    expect(page.page.get_by_role("listitem")).to_have_count(0)
    page.page.get_by_label("Country").select_option("Germany")
    expect(page.page.get_by_text("In danger right now? Call 112.")).to_be_visible()
    call = page.page.get_by_role("link", name="Call 116 111")
    assert call.get_attribute("href") == "tel:116111"
    expect(page.page.get_by_text("Child Helpline International")).to_be_visible()
    expect(page.page.get_by_text("Not checked lately").first).to_be_visible()


def test_on_paper_stands_the_letter_and_nothing_else(page: NoticePage) -> None:
    page.made()
    page.press("How to send it")
    page.page.emulate_media(media="print")
    shown = page.page.evaluate("document.body.innerText")
    assert shown.startswith("Removal request under 47 U.S.C. 223a")
    assert "Signature: J." in shown
    for words in ("Leave this page", "Send the letter", "Picture help", "Their form"):
        assert words not in shown


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


def test_the_day_of_the_letter_is_the_day_of_the_device(page: NoticePage) -> None:
    page.page.clock.set_fixed_time(datetime.fromisoformat("2026-12-31T23:30:00+00:00"))
    page.made()
    assert "January 1, 2027" in page.letter()


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
