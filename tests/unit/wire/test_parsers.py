"""Whatever arrives, a parser gives a value or the one error that its caller expects."""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from datetime import UTC, date, datetime

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from support.exchange_simulator import md5, pdq, sha256
from takeback.errors import InvalidInputError, NotAuthorisedError, SettingsError, UntrustedListError
from takeback.fingerprints.types import EDIT_NAME
from takeback.model.change import ChangePage, Tombstone, Upsert
from takeback.model.entry import Age, Kind, ListedEntry
from takeback.model.list_digest import ListDigest
from takeback.model.tier import StrongestAction, Tier
from takeback.wire import changes, signed
from takeback.wire.credentials import Credentials, credentials, credentials_bytes
from takeback.wire.json import decode
from takeback.wire.request_signature import key_id_of, sign_request, verify_request

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
NAMES = st.binary(min_size=16, max_size=16).map(bytes.hex)
NUMBERS = st.integers(0, 2**62)
PRINTS = st.lists(
    st.one_of(
        st.integers(0, 2**128 - 1).map(md5),
        st.integers(0, 2**256 - 1).map(sha256),
        st.builds(pdq, st.integers(0, 2**256 - 1), st.none() | st.from_regex(EDIT_NAME, fullmatch=True)),
    ),
    max_size=4,
).map(tuple)
ENTRIES = st.builds(
    ListedEntry,
    NAMES,
    NUMBERS,
    st.sampled_from(Kind),
    st.sampled_from(Age),
    st.sampled_from(Tier),
    st.sampled_from(StrongestAction),
    st.dates(min_value=date(2020, 1, 1)),
    PRINTS,
)
CHANGES = st.lists(ENTRIES.map(Upsert) | st.builds(Tombstone, NAMES, NUMBERS), max_size=4).map(tuple)
HEADS = st.none() | st.builds(ListDigest, NUMBERS, st.integers(0, 2**256 - 1))
MOMENTS = st.datetimes(min_value=datetime(2020, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the zone stands beside
PAGES = st.builds(ChangePage, st.text(max_size=20), st.text(max_size=20), NUMBERS, NUMBERS, MOMENTS, CHANGES, HEADS)
GOOD = json.loads(
    changes.page_bytes(
        ChangePage(
            *("a.example/list", "p-1", 0, 2, NOW),
            (
                Upsert(
                    ListedEntry(
                        *("ab" * 16, 1, Kind.IMAGE, Age.UNSURE, Tier.SUBMITTED, StrongestAction.HOLD, NOW.date()),
                        (pdq(1, edit="of-a-later-set"),),
                    )
                ),
                Tombstone("cd" * 16, 2),
            ),
            ListDigest(1, 7),
        )
    )
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40) | st.just("-1") | st.just("²"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(PAGES)
def test_a_page_comes_back_as_it_was(page: ChangePage) -> None:
    assert changes.page(changes.page_bytes(page)) == page


@given(st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
def test_no_bytes_are_anything_but_a_page_or_untrusted(body: bytes) -> None:
    with suppress(UntrustedListError):
        changes.page(body)


@settings(max_examples=400)
@given(
    st.sampled_from([("head",), ("head", "digest"), ("issued",), ("after",), ("changes",)])
    | st.sampled_from(
        [("changes", 0, field) for field in GOOD["changes"][0]]
        + [("changes", 0, "fingerprints", 0, field) for field in ("value", "edit")]
    ),
    JSON,
)
def test_no_value_in_a_page_is_anything_but_right_or_untrusted(way: tuple[str | int, ...], value: object) -> None:
    body = json.loads(json.dumps(GOOD))
    inner = body
    for part in way[:-1]:
        inner = inner[part]
    inner[way[-1]] = value
    with suppress(UntrustedListError):
        changes.page(json.dumps(body).encode())


@pytest.mark.parametrize("edit", ["", "Centre-10", "centre 10", "centre-10\n", "é", "a" * 25])
def test_a_name_of_an_edit_cannot_break_a_line_of_the_digest(edit: str) -> None:
    body = json.loads(json.dumps(GOOD))
    body["changes"][0]["fingerprints"][0]["edit"] = edit
    with pytest.raises(UntrustedListError, match="edit"):
        changes.page(json.dumps(body).encode())


@given(st.text(max_size=30))
def test_a_cursor_is_digits_or_refused(text: str) -> None:
    with suppress(InvalidInputError):
        assert changes.cursor(text, field="after") >= 0


@given(st.binary(max_size=60), st.text(max_size=100))
def test_nothing_but_the_key_s_own_signature_holds(body: bytes, signature: str) -> None:
    signed.verify(body, signed.sign(body, KEY), KEY.public_key())
    for wrong in (signature, signed.sign(body + b"x", KEY), base64.b64encode(KEY.sign(body)).decode()):
        with pytest.raises(UntrustedListError):
            signed.verify(body, wrong, KEY.public_key())


def test_credentials_come_back_as_they_were() -> None:
    given_ = Credentials("https://a.example", "p-1", "a.example/list", KEY, KEY.public_key())
    read = credentials(credentials_bytes(given_))
    assert credentials_bytes(read) == credentials_bytes(given_)
    assert base64.b64encode(bytes(32)).decode() not in repr(read)


@given(st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
def test_no_file_is_anything_but_credentials_or_a_wrong_setting(body: bytes) -> None:
    with pytest.raises(SettingsError):
        credentials(body)


@given(st.sampled_from(["private_key", "list_key", "format", "exchange"]), JSON)
def test_no_value_in_credentials_breaks_the_reader(field: str, value: object) -> None:
    body = json.loads(credentials_bytes(Credentials("https://a.example", "p-1", "a/l", KEY, KEY.public_key())))
    with suppress(SettingsError):
        credentials(json.dumps(body | {field: value}).encode())


HEADERS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=120)


@settings(max_examples=300)
@given(HEADERS, HEADERS, HEADERS, st.integers(0, 200), HEADERS)
def test_no_header_is_anything_but_signed_or_refused(
    label: str, input_: str, signature: str, at: int, noise: str
) -> None:
    good = sign_request(
        method="GET", url="http://exchange/v1/changes?after=0", body=b"", key=KEY, key_id="p-1", created=NOW, nonce=b"n"
    )
    bent = good["signature-input"][:at] + noise + good["signature-input"][at + len(noise) :]
    for headers in (
        {"signature-input": input_, "signature": signature},
        {"signature-input": f"takeback={input_}", "signature": f"takeback=:{signature}:"},
        {"signature-input": f"{label}={good['signature-input'][9:]}", "signature": good["signature"]},
        {"signature-input": bent, "signature": good["signature"]},
    ):
        key_id_of(headers["signature-input"])
        with suppress(NotAuthorisedError):
            verify_request(
                method="GET",
                url="http://exchange/v1/changes?after=0",
                headers=headers.items(),
                body=b"",
                find_key=lambda _: KEY.public_key(),
                now=NOW,
            )


class Small(msgspec.Struct):
    number: int


@pytest.mark.parametrize(
    ("body", "field"), [(b"", "body"), (b"{}", "number"), (b'{"number": "x"}', "number"), (b"[" * 9999, "body")]
)
def test_an_error_names_the_field(body: bytes, field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        decode(body, Small)
    assert refused.value.field == field
