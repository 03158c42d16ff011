"""The participants' zone lets nobody through but active participants, each request once."""

from __future__ import annotations

import json
import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from support.members import invited
from support.servers import ClearinghouseServer
from support.signing import Signer

CHANGES = "/v1/changes?after=0&limit=10"
FEEDBACK = json.dumps({"feedback": [{"entry": "ab" * 16, "verdict": "confirmed", "action": "removed"}]}).encode()


def get(http: httpx2.Client, headers: object, target: str = CHANGES) -> httpx2.Response:
    return http.get(target, headers=headers)  # type: ignore[arg-type]


def post(http: httpx2.Client, headers: object, body: bytes = FEEDBACK) -> httpx2.Response:
    return http.post("/v1/feedback", content=body, headers={**headers, "content-type": "application/json"})  # type: ignore[dict-item]


def refused(answer: httpx2.Response, status: int = 401, code: str = "not-authorised") -> None:
    assert answer.status_code == status, answer.text
    assert answer.json()["code"] == code
    assert "takeback-signature" not in answer.headers


def test_a_signed_request_is_answered(http: httpx2.Client, signer: Signer) -> None:
    assert get(http, signer.headers("GET", CHANGES)).status_code == 200
    taken = post(http, signer.headers("POST", "/v1/feedback", FEEDBACK))
    assert (taken.status_code, taken.json()) == (200, {"taken": 0, "unknown": 1})


def test_nothing_goes_without_a_signature(http: httpx2.Client) -> None:
    refused(get(http, {}))
    refused(post(http, {}))
    refused(get(http, {"signature-input": "takeback=()", "signature": "takeback=::"}))
    refused(get(http, {"signature-input": "x" * 5000, "signature": "y" * 5000}))


def test_another_key_is_refused(http: httpx2.Client, signer: Signer) -> None:
    refused(get(http, replace(signer, key=Ed25519PrivateKey.generate()).headers("GET", CHANGES)))


def test_an_unknown_participant_is_refused_alike(http: httpx2.Client, signer: Signer) -> None:
    unknown = get(http, replace(signer, key_id="p-" + "0" * 24).headers("GET", CHANGES))
    wrong = get(http, replace(signer, key=Ed25519PrivateKey.generate()).headers("GET", CHANGES))
    refused(unknown)
    assert unknown.json() == wrong.json(), "who takes part is not told"


@pytest.mark.parametrize(
    "target", ["/v1/changes?after=1&limit=10", "/v1/changes?after=0&limit=11", "/v1/changes?after=0", "/v1/changes"]
)
def test_a_signature_covers_the_whole_address(http: httpx2.Client, signer: Signer, target: str) -> None:
    refused(get(http, signer.headers("GET", CHANGES), target))


def test_a_signature_covers_the_body(http: httpx2.Client, signer: Signer) -> None:
    refused(post(http, signer.headers("POST", "/v1/feedback", FEEDBACK), FEEDBACK.replace(b"confirmed", b"wrong")))
    refused(post(http, signer.headers("POST", "/v1/feedback")))


def test_a_signature_of_another_method_is_refused(http: httpx2.Client, signer: Signer) -> None:
    refused(get(http, signer.headers("POST", CHANGES)))


def test_a_request_counts_once(http: httpx2.Client, signer: Signer) -> None:
    headers = signer.headers("GET", CHANGES)
    assert get(http, headers).status_code == 200
    refused(get(http, headers))


def test_a_nonce_counts_once_whatever_it_signs(http: httpx2.Client, signer: Signer) -> None:
    nonce = secrets.token_bytes(16)
    assert get(http, signer.headers("GET", CHANGES, nonce=nonce)).status_code == 200
    refused(post(http, signer.headers("POST", "/v1/feedback", FEEDBACK, nonce=nonce)))


@pytest.mark.parametrize("minutes", [-6, 6, -60 * 24])
def test_an_old_or_early_request_is_refused(http: httpx2.Client, signer: Signer, minutes: int) -> None:
    refused(get(http, signer.headers("GET", CHANGES, at=datetime.now(UTC) + timedelta(minutes=minutes))))


def test_a_suspended_participant_is_told_so(server: ClearinghouseServer, http: httpx2.Client) -> None:
    signer = Signer.of(server.invite("Suspended"))
    assert get(http, signer.headers("GET", CHANGES)).status_code == 200
    server.run("participant", "suspend", signer.key_id)
    refused(get(http, signer.headers("GET", CHANGES)), 403, "suspended")
    refused(get(http, replace(signer, key=Ed25519PrivateKey.generate()).headers("GET", CHANGES)))


@pytest.mark.parametrize(
    ("target", "field"),
    [
        ("/v1/changes?after=x", "after"),
        ("/v1/changes?after=-1", "after"),
        ("/v1/changes?after=99999", "after"),
        ("/v1/changes?after=99999999999999999999", "after"),
        ("/v1/changes?after=0&limit=0", "limit"),
        ("/v1/changes?after=0&limit=5001", "limit"),
        ("/v1/changes?after=0&limit=many", "limit"),
    ],
)
def test_a_wrong_parameter_is_named(http: httpx2.Client, signer: Signer, target: str, field: str) -> None:
    answer = get(http, signer.headers("GET", target), target)
    assert answer.status_code == 400
    assert answer.json()["field"] == field


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"feedback": []}',
        b'{"feedback": [{"entry": "x", "verdict": "confirmed", "action": "removed"}]}',
        FEEDBACK.replace(b"confirmed", b"maybe"),
        FEEDBACK.replace(b"removed", b"burnt"),
        FEEDBACK.replace(b'"action"', b'"note": "x", "action"'),
    ],
)
def test_bad_feedback_is_refused(http: httpx2.Client, signer: Signer, body: bytes) -> None:
    answer = post(http, signer.headers("POST", "/v1/feedback", body), body)
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid-input"


def test_a_request_counts_once_whatever_happens_to_the_server(tmp_path: Path) -> None:
    server = ClearinghouseServer(tmp_path)
    server.start()
    try:
        credentials = invited(server, "Restarts")
        signer = Signer(credentials.private_key, credentials.participant)
        asked, said = signer.headers("GET", CHANGES), signer.headers("POST", "/v1/feedback", FEEDBACK)
        with httpx2.Client(base_url=server.url, timeout=30) as http:
            assert (get(http, asked).status_code, post(http, said).status_code) == (200, 200)
        for end in (server.stop, server.kill9):
            end()
            server.start()
            with httpx2.Client(base_url=server.url, timeout=30) as http:
                refused(get(http, asked))
                refused(post(http, said))
                assert get(http, signer.headers("GET", CHANGES)).status_code == 200
    finally:
        server.stop()
