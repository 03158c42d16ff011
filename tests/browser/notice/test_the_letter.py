"""A notice is made on the device: what the law asks for is asked, and nothing leaves it but by the person's hand."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from playwright.sync_api import BrowserContext, expect

from support.notice_page import LINK, NoticePage, requests_of
from takeback.model.notice import AgeThen, Law, Signer, Statement, Where, missing_parts
from takeback.wire.notice import notice


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


def test_the_day_of_the_letter_is_the_day_of_the_device(page: NoticePage) -> None:
    page.page.clock.set_fixed_time(datetime.fromisoformat("2026-12-31T23:30:00+00:00"))
    page.made()
    assert "January 1, 2027" in page.letter()


def test_on_paper_stands_the_letter_and_nothing_else(page: NoticePage) -> None:
    page.made()
    page.press("How to send it")
    page.page.emulate_media(media="print")
    shown = page.page.evaluate("document.body.innerText")
    assert shown.startswith("Removal request under 47 U.S.C. 223a")
    assert "Signature: J." in shown
    for words in ("Leave this page", "Send the letter", "Picture help", "Their form"):
        assert words not in shown
