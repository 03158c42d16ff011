"""What comes when the letter is written: how it is sent, when to look again, whom else to tell, and who helps."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from playwright.sync_api import expect

from support.notice_page import LINK, NoticePage


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
    page.page.get_by_label("Country").select_option("Portugal")
    expect(page.page.get_by_text("In danger right now? Call 112.")).to_be_visible()
    call = page.page.get_by_role("link", name="Call 116 111")
    assert call.get_attribute("href") == "tel:116111"
    expect(page.page.get_by_text("Child Helpline International")).to_be_visible()
    expect(page.page.get_by_text("Looked at in November 2026").first).to_be_visible()
    expect(page.page.get_by_role("listitem").filter(has_text="ANACOM")).to_contain_text("Not checked lately")
