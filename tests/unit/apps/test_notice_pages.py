"""The pages for notices in every language: which one, and that all of a page is in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

import pytest

from support.notices import ADULT, NOW, settings
from takeback.apps.notices.choosing import preferred
from takeback.apps.notices.writing import Pages
from takeback.errors import InvalidInputError
from takeback.model.notice import Notice, missing_parts
from takeback.model.received_notice import NoticeState, Refusal, received
from takeback.participant.notices.following import Standing
from takeback.participant.notices.receiving import Receipt
from takeback.participant.notices.texts import languages, moment, texts_of

NUMBER, SECRET = "12345-ABCDE", "1234-ABCD-5678-EFGH"
BARE = replace(ADULT, places=(), statements=frozenset(), signature=None, email=None)
WRONG = InvalidInputError(field="email", problem="is none.", remedy="Send one.")


def pages_of(tag: str) -> Iterator[tuple[str, str]]:
    """Gives every page that somebody may see, in a language."""
    pages = Pages(settings("", service_name="Example Photos"), tag)

    def standing(said: Notice, state: NoticeState, reason: Refusal | None = None) -> Standing:
        new = received(NUMBER, said, NOW, flagger=None, notifier=None)
        timed = replace(new, state=state, valid_at=NOW, due_at=NOW, ended_at=NOW, reason=reason)
        missing = missing_parts(said) if state is NoticeState.INCOMPLETE else ()
        return Standing(timed, missing, named=1, hidden=1, copies=2, searched_at=NOW)

    empty = received(NUMBER, BARE, NOW, flagger=None, notifier=None)
    answers = {
        "start": pages.start(),
        "start, with a link": pages.start(link="https://photos.example/p/1?a=b&c=d"),
        "start, to be put right": pages.start({"email": ["nobody"]}, WRONG),
        "file": pages.file(),
        "file, to be put right": pages.file({"text": ["{}"]}, InvalidInputError(field="", problem="", remedy="")),
        "how": pages.how(),
        "ask status": pages.ask_status(),
        "receipt": pages.receipt(Receipt(empty, SECRET, ())),
        "receipt, incomplete": pages.receipt(Receipt(empty, SECRET, missing_parts(BARE))),
        "standing, to be put right": pages.standing(
            standing(BARE, NoticeState.INCOMPLETE), SECRET, {"number": [NUMBER]}, WRONG
        ),
        **{f"standing, {one}": pages.standing(standing(BARE, one), SECRET) for one in NoticeState},
        **{f"standing, {one}": pages.standing(standing(ADULT, NoticeState.REFUSED, one), SECRET) for one in Refusal},
    }
    for name, answer in answers.items():
        yield name, str(answer.content)


@pytest.mark.parametrize("tag", languages())
def test_every_page_is_in_its_language_and_stays_in_it(tag: str) -> None:
    texts = texts_of(tag)
    for name, html in pages_of(tag):
        assert f'<html lang="{tag}" dir="{texts["direction"]}">' in html, name
        assert "{" not in re.sub(r"<textarea.*?</textarea>", "", html, flags=re.DOTALL), f"{name}: a value is missing"
        menu = re.search("<nav.*?</nav>", html, re.DOTALL)
        within = html.replace(menu[0], "") if menu else html
        ours = [one for one in re.findall(r'(?:href|action)="(/[^"]*)"', within) if one != "/notice/style.css"]
        assert all(re.fullmatch(rf"/notice/{tag}(/\w+)?", one) for one in ours), f"{name}: {ours}"
        offered = re.findall(r'hreflang="(\w+)"', menu[0]) if menu else []
        loses = "put right" in name or name.startswith(("receipt", "standing"))
        assert offered == ([] if loses else list(languages())), name


@pytest.mark.parametrize("tag", [tag for tag in languages() if tag != "en"])
def test_no_page_says_anything_in_english(tag: str) -> None:
    english = dict(pages_of("en"))
    for name, html in pages_of(tag):
        said, meant = shown(html), set(shown(english[name]))
        left = {one for one in said if one in meant and re.search("[A-Za-z]{3,}", one)}
        assert left <= {NUMBER, SECRET, "Example Photos"}, name


def shown(html: str) -> list[str]:
    """Gives the pieces of text that a page shows, without the menu of languages and what somebody wrote."""
    without = re.sub(r"<nav.*?</nav>|<title>.*?</title>|<textarea.*?</textarea>", "", html, flags=re.DOTALL)
    return [piece for one in re.findall(r">([^<>]+)<", without) if (piece := unescape(one).strip())]


def test_another_language_keeps_the_link_that_was_brought_along() -> None:
    html = dict(pages_of("en"))["start, with a link"]
    assert 'href="/notice/ar?link=https%3A%2F%2Fphotos.example%2Fp%2F1%3Fa%3Db%26c%3Dd" lang="ar"' in html


def test_right_to_left_a_name_and_a_moment_keep_their_order() -> None:
    pages = dict(pages_of("ar"))
    assert "\u2068Example Photos\u2069" in pages["start"]
    assert f">{moment('ar', NOW)}</time>" in pages["standing, open"]


@pytest.mark.parametrize(
    ("accepted", "tag"),
    [
        ("", "en"),
        ("*", "en"),
        ("de", "de"),
        ("pt-BR,pt;q=0.9,en;q=0.8", "pt"),
        ("nl,en;q=0.5,fr;q=0.7", "fr"),
        ("nl-NL, nl;q=0.9, UK ; q=0.2", "uk"),
        ("de;q=0,es;q=0.1", "es"),
        ("de;q=much,;;,es", "es"),
        ("zh-Hans-CN,zh;q=0.9", "en"),
        (",".join(["nl"] * 5000 + ["de"]), "en"),
    ],
)
def test_without_a_language_in_the_address_the_browser_is_asked(accepted: str, tag: str) -> None:
    assert preferred(accepted) == tag
