"""The sentences about notices in every language: the same ones as in English, and nothing left of English."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from string import Formatter

import pytest

from support.servers import ROOT
from takeback.participant.notices.texts import counted, isolated, languages, moment, nearest, plural, texts_of

#: What the person's page knows of its languages: it has the same ones.
KNOWN = json.loads((ROOT / "locale" / "languages.json").read_text(encoding="utf-8"))
OTHERS = [tag for tag in languages() if tag != "en"]
#: What may stand in a language as it stands in English.
SAME = {"ltr", "April", "August", "September", "November", texts_of("en")["moment"]}
#: Words in Latin letters that languages with other letters keep.
KEPT = {"AI", "Takeback", "UTC", "cookie", "https", "example", "com", "abc", "json"}


def sentences(texts: object, place: str = "") -> Iterator[tuple[str, str]]:
    """Gives every sentence with its place, but for the forms of a number, of which each language has its own."""
    if isinstance(texts, dict):
        for name, one in texts.items():
            if name != "counted":
                yield from sentences(one, f"{place}.{name}")
    elif isinstance(texts, list):
        for at, one in enumerate(texts):
            yield from sentences(one, f"{place}.{at}")
    else:
        yield place, str(texts)


def placeholders(sentence: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(sentence) if name is not None)


ENGLISH = dict(sentences(texts_of("en")))


def test_the_languages_are_those_of_the_page() -> None:
    known = {tag: (one["name"], one["direction"]) for tag, one in KNOWN.items() if one["finished"]}
    assert {tag: (texts_of(tag)["name"], texts_of(tag)["direction"]) for tag in languages()} == known


@pytest.mark.parametrize("tag", languages())
def test_every_language_has_every_sentence_and_its_places_for_values(tag: str) -> None:
    theirs = dict(sentences(texts_of(tag)))
    assert list(theirs) == list(ENGLISH)
    assert {place: placeholders(one) for place, one in theirs.items()} == {
        place: placeholders(one) for place, one in ENGLISH.items()
    }
    assert [one for one in theirs.values() if re.search(r"[<>&]", one) or one != one.strip() or not one] == []


@pytest.mark.parametrize("tag", OTHERS)
def test_no_sentence_was_left_in_english(tag: str) -> None:
    theirs = dict(sentences(texts_of(tag)))
    assert {place: one for place, one in theirs.items() if one == ENGLISH[place] and one not in SAME} == {}
    if tag in {"ar", "hi", "uk"}:
        said = " ".join(re.sub(r"\{\w+\}", "", one) for one in theirs.values())
        assert set(re.findall("[A-Za-z]{2,}", said.replace("ltr", "").replace("rtl", ""))) <= KEPT


@pytest.mark.parametrize("tag", languages())
def test_what_is_asked_for_again_can_be_told_apart(tag: str) -> None:
    parts = texts_of(tag)["missing"]["parts"]
    assert len(set(parts.values())) == len(parts)


@pytest.mark.parametrize("tag", languages())
def test_so_many_hours_and_days_have_the_forms_of_the_page(tag: str) -> None:
    forms, rule = KNOWN[tag]["plurals"], KNOWN[tag]["rule"]
    for what in ("hours", "days"):
        assert list(texts_of(tag)["counted"][what]) == forms
    for n in range(250):
        assert plural(tag, n) == forms[by_rule(rule, n)]


def by_rule(rule: str, n: int) -> int:
    """Gives the place of the form that a rule of gettext names."""
    condition, otherwise, rest = rule.partition(" ? ")
    holds = eval(condition.replace("&&", "and").replace("||", "or"), {"n": n})  # noqa: S307 - a file of ours
    if not otherwise:
        return int(holds)
    value, _, other = rest.partition(" : ")
    return int(value) if holds else by_rule(other, n)


@pytest.mark.parametrize(
    ("tag", "n", "said"),
    [
        *(("en", 1, "1 hour"), ("en", 48, "48 hours"), ("de", 1, "1 Stunde")),
        *(
            ("ar", 2, "ساعتين"),
            ("ar", 6, "6 ساعات"),
            ("ar", 48, "48 ساعة"),
            ("uk", 21, "21 години"),
            ("uk", 24, "24 годин"),
        ),
    ],
)
def test_hours_are_counted(tag: str, n: int, said: str) -> None:
    assert counted(tag, "hours", n) == said


def test_a_moment_has_its_month_as_a_word() -> None:
    at = datetime(2026, 3, 2, 9, 5, tzinfo=UTC)
    assert moment("en", at) == "2 March 2026, 09:05 UTC"
    assert moment("de", at) == "2. März 2026, 09:05 UTC"
    assert moment("ar", at) == "2 مارس 2026، 09:05 UTC"


def test_a_name_keeps_its_order_where_one_reads_from_right_to_left() -> None:
    assert isolated("de", "12345-ABCDE") == "12345-ABCDE"
    assert isolated("ar", "12345-ABCDE") == "\u206812345-ABCDE\u2069"


@pytest.mark.parametrize(("wanted", "tag"), [("pt-BR", "pt"), ("AR", "ar"), ("uk", "uk"), ("nl", "en"), ("", "en")])
def test_the_nearest_language(wanted: str, tag: str) -> None:
    assert nearest(wanted) == tag
