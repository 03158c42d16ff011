"""Bad input gets one clear error that names the field and the remedy, and nothing of it is kept."""

from __future__ import annotations

import copy
import json
import sqlite3
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.servers import ClearinghouseServer
from support.submissions import asked, make, with_every_edit

Change = Callable[[dict[str, Any]], Any]
GOOD = make(1, 3).body


def at(path: str, value: object) -> Change:
    """Puts a value at a path such as `entries.0.kind`."""

    def change(body: dict[str, Any]) -> dict[str, Any]:
        *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        inner: Any = body
        for part in way:
            inner = inner[part]
        inner[last] = value
        return body

    return change


def without(path: str) -> Change:
    def change(body: dict[str, Any]) -> dict[str, Any]:
        *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        inner: Any = body
        for part in way:
            inner = inner[part]
        del inner[last]
        return body

    return change


FIRST = "entries.0.fingerprints"
PDQ = f"{FIRST}.2"
EXACT = GOOD["entries"][0]["fingerprints"][0]

BAD: dict[str, tuple[Change, str]] = {
    "no object": (lambda _: [], "body"),
    "null": (lambda _: None, "body"),
    "no age": (without("age"), "age"),
    "another age": (at("age", "12"), "age"),
    "an age that is a number": (at("age", 12), "age"),
    "an unknown field": (at("name", "x"), "name"),
    "an unknown field of an entry": (at("entries.1.file", "x.jpg"), "entries[1].file"),
    "an unknown field of a fingerprint": (at(f"{FIRST}.1.note", "x"), "entries[0].fingerprints[1].note"),
    "no entries": (at("entries", []), "entries"),
    "too many entries": (at("entries", GOOD["entries"] * 34), "entries"),
    "one receipt twice": (lambda body: body | {"entries": [body["entries"][0]] * 2}, "entries"),
    "a short receipt": (at("entries.2.receipt", "ab"), "entries[2].receipt"),
    "a receipt in capitals": (at("entries.0.receipt", "AB" * 32), "entries[0].receipt"),
    "a receipt with a newline": (at("entries.0.receipt", "ab" * 32 + "\n"), "entries[0].receipt"),
    "another kind": (at("entries.0.kind", "song"), "entries[0].kind"),
    "a video with pdq": (at("entries.0.kind", "video"), "entries[0].fingerprints"),
    "no fingerprints": (at(FIRST, []), "entries[0].fingerprints"),
    "no sha256": (at(FIRST, [EXACT, EXACT]), "entries[0].fingerprints"),
    "two md5": (at(FIRST, [*GOOD["entries"][0]["fingerprints"], EXACT]), "entries[0].fingerprints"),
    "an unknown type": (at(f"{FIRST}.0.type", "sha3"), "entries[0].fingerprints[0].type"),
    "an md5 of 64 digits": (at(f"{FIRST}.0.value", "ab" * 32), "entries[0].fingerprints[0].value"),
    "a sha256 of 32 digits": (at(f"{FIRST}.1.value", "ab" * 16), "entries[0].fingerprints[1].value"),
    "a value of 63 digits": (at(f"{FIRST}.1.value", "a" * 63), "entries[0].fingerprints[1].value"),
    "a value that is no hex": (at(f"{FIRST}.1.value", "g" * 64), "entries[0].fingerprints[1].value"),
    "a quality for md5": (at(f"{FIRST}.0.quality", 50), "entries[0].fingerprints[0].quality"),
    "no quality for pdq": (without(f"{PDQ}.quality"), "entries[0].fingerprints[2].quality"),
    "a low quality": (at(f"{PDQ}.quality", 49), "entries[0].fingerprints[2].quality"),
    "a quality over 100": (at(f"{PDQ}.quality", 101), "entries[0].fingerprints[2].quality"),
    "a quality that is a word": (at(f"{PDQ}.quality", "high"), "entries[0].fingerprints[2].quality"),
    "an empty picture's pdq": (at(f"{PDQ}.value", "0" * 64), "entries[0].fingerprints[2].value"),
    "a pdq of few bits": (at(f"{PDQ}.value", "0" * 40 + "f" * 23 + "e"), "entries[0].fingerprints[2].value"),
    "a pdq that repeats": (at(f"{PDQ}.value", "0f1e" * 16), "entries[0].fingerprints[2].value"),
    "an edit that nobody knows": (at(f"{PDQ}.edit", "upside-down"), "entries[0].fingerprints[2].edit"),
    "an edit that is no name": (at(f"{PDQ}.edit", "centre 10"), "entries[0].fingerprints[2].edit"),
    "an edit that is a number": (at(f"{PDQ}.edit", 10), "entries[0].fingerprints[2].edit"),
    "an edit of an md5": (at(f"{FIRST}.0.edit", "centre-10"), "entries[0].fingerprints[0].edit"),
    "a value of the picture and of an edit": (
        at(FIRST, [*GOOD["entries"][0]["fingerprints"], GOOD["entries"][0]["fingerprints"][2] | {"edit": "centre-10"}]),
        "entries[0].fingerprints",
    ),
    "too many pdq": (
        at(FIRST, GOOD["entries"][0]["fingerprints"] + [GOOD["entries"][0]["fingerprints"][2]] * 30),
        "entries[0].fingerprints",
    ),
}


def rows(server: ClearinghouseServer) -> int:
    with sqlite3.connect(f"file:{server.data / 'clearinghouse.db'}?mode=ro", uri=True) as database:
        return int(database.execute("SELECT count(*) FROM entry").fetchone()[0])


def problem(answer: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["detail"].strip().endswith(".")
    return body


@pytest.mark.parametrize("what", BAD)
def test_a_bad_submission_names_its_field(server: ClearinghouseServer, http: httpx2.Client, what: str) -> None:
    change, field = BAD[what]
    before = rows(server)
    answer = http.post("/v1/submissions", json=change(copy.deepcopy(GOOD)))
    assert problem(answer, 400, "invalid-input")["field"] == field
    assert rows(server) == before
    assert "ab" * 16 not in answer.text, "an error never repeats what was sent"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"age":',
        b"\xff\xfe",
        b'{"age":"\xff"}',
        b'{"\xff":1}',
        b'{"age": "under-18"} more',
        b"[" * 5000,
        b'{"age":' * 5000,
    ],
)
@pytest.mark.parametrize("path", ["/v1/submissions", "/v1/receipts/status", "/v1/receipts/withdraw", "/v1/links/use"])
def test_what_is_no_json_is_said(http: httpx2.Client, path: str, body: bytes) -> None:
    answer = http.post(path, content=body, headers={"content-type": "application/json"})
    assert problem(answer, 400, "invalid-input")["field"] == "body"


@pytest.mark.parametrize("path", ["/v1/submissions", "/v1/receipts/status", "/v1/receipts/withdraw", "/v1/links/use"])
@pytest.mark.parametrize("announced", [True, False])
def test_an_oversize_body_is_refused(http: httpx2.Client, path: str, announced: bool) -> None:
    body = b" " * 2_400_000
    content = body if announced else iter([body[:800_000]] * 3)
    answer = http.post(path, content=content, headers={"content-type": "application/json"})
    assert problem(answer, 413, "too-large")["field"] == "body"


@pytest.mark.parametrize("path", ["/v1/receipts/status", "/v1/receipts/withdraw"])
@pytest.mark.parametrize(
    "body",
    [
        {"secrets": []},
        {"secrets": ["ab" * 32] * 127},
        {"secrets": ["ab" * 32] * 129},
        {"secrets": ["ab" * 31] * 128},
        {"secrets": [1] * 128},
        {"secrets": ["ab" * 32] * 128, "x": 1},
        {},
    ],
)
def test_anything_but_128_secrets_is_refused(http: httpx2.Client, path: str, body: object) -> None:
    problem(http.post(path, json=body), 400, "invalid-input")


@pytest.mark.parametrize(
    "body",
    [{"digest": "ab" * 31}, {"digest": "AB" * 32}, {"digest": 1}, {"digest": "ab" * 32, "number": "cd" * 16}, {}, []],
)
def test_a_link_is_its_digest_and_nothing_else(http: httpx2.Client, body: object) -> None:
    problem(http.post("/v1/links/use", json=body), 400, "invalid-input")


def test_a_link_is_used_once_whoever_made_it(http: httpx2.Client) -> None:
    """No link has this digest: it is used like any other, so that nobody learns by asking which there are."""
    answer = http.post("/v1/links/use", json={"digest": "1e" * 32})
    assert (answer.status_code, answer.content) == (204, b"")
    problem(http.post("/v1/links/use", json={"digest": "1e" * 32}), 409, "conflict")


@pytest.mark.parametrize("name", ["ab" * 32, "a`b" * 9, "my picture.jpg", "x" * 200, "ä\n"])
def test_a_strange_name_is_not_repeated(http: httpx2.Client, name: str) -> None:
    answer = http.post("/v1/submissions", json=copy.deepcopy(GOOD) | {name: 1})
    assert problem(answer, 400, "invalid-input")["field"] == "body"
    assert name not in answer.json()["detail"]


def test_a_contradiction_is_a_conflict(http: httpx2.Client) -> None:
    made, other = make(2, 1).body, make(3, 1).body
    assert http.post("/v1/submissions", json=made).status_code == 201
    other["entries"][0]["receipt"] = made["entries"][0]["receipt"]
    problem(http.post("/v1/submissions", json=other), 409, "conflict")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/nothing", 404, "not-found"),
        ("GET", "/v1/submissions", 405, "method-not-allowed"),
        ("DELETE", "/v1/receipts/withdraw", 405, "method-not-allowed"),
        ("GET", "/assets/nothing.js", 404, "not-found"),
        ("GET", "/assets/..%2findex.html", 404, "not-found"),
    ],
)
def test_other_addresses(http: httpx2.Client, method: str, path: str, status: int, code: str) -> None:
    problem(http.request(method, path), status, code)


def test_answers_about_receipts_have_one_size(http: httpx2.Client) -> None:
    made = make(4, 100)
    http.post("/v1/submissions", json=made.body)
    questions = [asked(secrets) for secrets in ([], made.secrets[:1], made.secrets)]
    sizes = {len(http.post("/v1/receipts/status", json=question).content) for question in questions}
    assert sizes == {32_768}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=70),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
PATHS = [
    *("age", "entries", "entries.0", "entries.1.receipt", "entries.1.kind", "entries.2.fingerprints.1.value"),
    *(FIRST, f"{FIRST}.0", f"{FIRST}.0.type", f"{PDQ}.value", f"{PDQ}.quality", f"{PDQ}.edit"),
]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(PATHS), value=JSON)
def test_any_value_anywhere_is_taken_or_refused_in_one_sentence(
    server: ClearinghouseServer, http: httpx2.Client, path: str, value: object
) -> None:
    before = rows(server)
    answer = http.post("/v1/submissions", json=at(path, value)(copy.deepcopy(GOOD)))
    if answer.status_code != 201:
        problem(answer, 400, "invalid-input")
        assert rows(server) == before


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_any_bytes_are_refused_in_one_sentence(http: httpx2.Client, body: bytes) -> None:
    answer = http.post("/v1/submissions", content=body, headers={"content-type": "application/json"})
    problem(answer, 400, "invalid-input")


def test_the_good_one_is_good(http: httpx2.Client) -> None:
    """The bodies above are refused for what was changed in them, and for nothing else."""
    answer = http.post("/v1/submissions", content=json.dumps(GOOD), headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()) == (201, {"accepted": 3})


def test_a_hundred_pictures_with_the_most_protection_are_taken_at_once(http: httpx2.Client) -> None:
    answer = http.post("/v1/submissions", json=with_every_edit(make(5, 100)).body)
    assert (answer.status_code, answer.json()) == (201, {"accepted": 100})
