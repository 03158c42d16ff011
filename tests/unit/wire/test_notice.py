"""A notice is read or refused as spec/vectors/notice.json says; the page passes the same file."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback.errors import InvalidInputError, TooLargeError
from takeback.model.notice import Authority, Notice, Place, Signer, missing_parts
from takeback.wire.notice import MAX_NOTICE_BYTES, MAX_PLACES, notice, notice_bytes

SPEC = Path(__file__).resolve().parents[3] / "spec"
VECTORS = json.loads((SPEC / "vectors" / "notice.json").read_text(encoding="utf-8"))
SCHEMA = jsonschema_rs.validator_for(json.loads((SPEC / "notice.schema.json").read_text(encoding="utf-8")))

LINES = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=100)
PLACES = st.builds(
    Place,
    url=st.none() | st.just("https://example.org/p/1?q=ä#x"),
    account=LINES,
    where=st.none() | st.sampled_from(["story", "other"]),
    seen_on=st.none() | st.dates(min_value=date(2000, 1, 1)),
)
NOTICES = st.builds(
    Notice,
    language=st.sampled_from(["en", "pt-BR"]),
    service=LINES,
    places=st.lists(PLACES, max_size=MAX_PLACES).map(tuple),
    signer=st.sampled_from([Signer.AUTHORISED]),
    authority=st.none() | st.sampled_from(Authority),
    signature=st.none() | LINES,
    email=st.none() | st.just("a+b@example.org"),
)


def named(kind: str) -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in VECTORS[kind]]


@pytest.mark.parametrize("case", named("read"))
def test_what_is_missing_is_what_the_vectors_say(case: dict[str, Any]) -> None:
    read = notice(json.dumps(case["notice"]).encode())
    assert [part.value for part in missing_parts(read)] == case["missing"]
    assert SCHEMA.is_valid(case["notice"])
    assert json.loads(notice_bytes(read)) == case["notice"]


@pytest.mark.parametrize("case", named("refused"))
def test_what_is_no_notice_is_refused_with_the_field_and_without_the_value(case: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError) as refused:
        notice(json.dumps(case["notice"]).encode())
    assert refused.value.field == case["field"]
    assert "J.\n" not in str(refused.value)
    assert "nobody" not in str(refused.value)


def test_a_refusal_names_the_page_that_explains() -> None:
    with pytest.raises(InvalidInputError, match=r"spec/notice\.md"):
        notice(b"{}")


def test_a_file_that_is_too_large_is_not_read() -> None:
    with pytest.raises(TooLargeError):
        notice(b" " * (MAX_NOTICE_BYTES + 1))


@given(NOTICES)
def test_what_is_written_is_read_again(made: Notice) -> None:
    data = notice_bytes(made)
    assert notice(data) == made
    assert SCHEMA.is_valid(json.loads(data))


@given(st.binary(max_size=200))
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(InvalidInputError):
        notice(data)
