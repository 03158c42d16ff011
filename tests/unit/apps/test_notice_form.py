"""Whatever is sent, it is a notice or one clear error; and each law asks for what its table says."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date
from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback.apps.notices.form import notice_file, parts_body
from takeback.errors import InvalidInputError
from takeback.model.notice import AgeThen, Law, Part, Signer, missing_parts
from takeback.wire import notice as wire
from takeback.wire import notices as api
from takeback.wire.json import decode

TODAY = date(2026, 11, 26)
NAMES = (
    *("law", "depicted", "content", "computer_made", "links", "account", "where", "by", "authority", "name"),
    *("statements", "circumstances", "email", "number", "secret", "file", "text", "anything"),
)
WORDS = st.sampled_from(
    ["us-223a", "eu-dsa-16", "under-18", "over-18", "picture", "depicted", "authorised", "asked", "good-faith", "story"]
)
VALUES = st.lists(WORDS | st.text(max_size=40), max_size=4)
FORMS = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=len(NAMES))
VALUES_OF_JSON = st.recursive(st.none() | st.booleans() | st.text(max_size=9), st.lists)
ANSWERED = {"law": ["us-223a"], "depicted": ["over-18"], "content": ["both"], "by": ["guardian"]}


@given(FORMS, st.booleans())
def test_a_form_is_a_notice_or_an_error(form: dict[str, list[str]], answered: bool) -> None:
    fields = parse_qs(urlencode(form | (ANSWERED if answered else {}), doseq=True))
    file = notice_file(fields, service="Example", language="en", today=TODAY)
    with suppress(InvalidInputError):
        read = wire.notice(file)
        assert wire.notice(wire.notice_bytes(read)) == read
        missing_parts(read)
    with suppress(InvalidInputError):
        api.places(parts_body(fields).places)


@given(
    st.binary(max_size=300) | st.recursive(st.none() | st.booleans() | st.text(max_size=9), st.lists).map(json.dumps)
)
def test_a_body_is_read_or_refused(body: bytes | str) -> None:
    raw = body if isinstance(body, bytes) else body.encode()
    with suppress(InvalidInputError):
        wire.notice(raw)
    for shape in (api.PartsBody, api.OpeningBody, api.ContentsBody):
        with suppress(InvalidInputError):
            decode(raw, shape)


#: What each law asks for of a notice that says nothing yet, by who is shown and who signs: the table of spec/notice.md.
ALWAYS = {Part.PLACE, Part.STATEMENT}
NAMED = {*ALWAYS, Part.SIGNATURE, Part.CONTACT}
TABLE = {
    **{(Law.US, depicted): NAMED for depicted in AgeThen},
    (Law.EU, AgeThen.UNDER_18): ALWAYS,
    (Law.EU, AgeThen.UNSURE): NAMED,
    (Law.EU, AgeThen.OVER_18): NAMED,
    **{(law, depicted): ALWAYS for law in (Law.UK, Law.OTHER) for depicted in AgeThen},
}
FILLED = {
    Part.PLACE: {"links": ["photos.example/p/1"]},
    Part.STATEMENT: {"statements": ["good-faith", "no-consent"]},
    Part.AUTHORITY: {"authority": ["organisation"]},
    Part.SIGNATURE: {"name": ["J."]},
    Part.CONTACT: {"email": ["j@mail.example"]},
}


@pytest.mark.parametrize("signer", Signer)
@pytest.mark.parametrize(("law", "depicted"), TABLE)
def test_each_law_asks_for_its_parts_and_for_nothing_else(law: Law, depicted: AgeThen, signer: Signer) -> None:
    wanted = TABLE[law, depicted] | ({Part.AUTHORITY} if signer is Signer.AUTHORISED else set())
    form = {"law": [law.value], "depicted": [depicted.value], "content": ["picture"], "by": [signer.value]}
    assert _missing(form) == wanted
    for part in wanted:
        form |= FILLED[part]
        wanted = wanted - {part}
        assert _missing(form) == wanted


@pytest.mark.parametrize(
    ("depicted", "stated", "missing"),
    [("under-18", ["good-faith"], False), ("unsure", ["good-faith"], True), ("over-18", ["no-consent"], True)],
)
def test_nobody_under_18_is_asked_whether_they_agreed(depicted: str, stated: list[str], missing: bool) -> None:
    form = ANSWERED | {"depicted": [depicted], "statements": stated}
    assert (Part.STATEMENT in _missing(form)) is missing


def _missing(form: dict[str, list[str]]) -> set[Part]:
    return set(missing_parts(wire.notice(notice_file(form, service="Example", language="en", today=TODAY))))
