"""Brakes over real HTTP: public pictures, hits, the published rule, limits, and the proof of work."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import altcha
import httpx2
import msgspec
import pytest

from support.arachnid import coded, lookup
from support.members import Member, listed, own_pdq
from support.servers import ROOT, ClearinghouseServer, free_port
from support.signing import Signer
from support.submissions import asked, make
from support.waiting import eventually
from takeback.fingerprints.evidence import says_too_little
from takeback.matching.negative import patterns
from takeback.wire.trust_rules import trust_rules

#: A public address and another of the same network; documentation's own addresses count as private ones.
ADDRESS, NEIGHBOUR, ELSEWHERE = "93.184.215.14", "93.184.215.99", "93.184.216.34"
PROXY = "x-real-address"
MOST_ROUNDS = 12
MOST_LOOKUPS = 100


@pytest.fixture(scope="module")
def metrics_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def braked(tmp_path_factory: pytest.TempPathFactory, metrics_port: int) -> Iterator[ClearinghouseServer]:
    """Little is much here: two submissions from one network, three questions, four requests."""
    folder = Path(tmp_path_factory.mktemp("braked"))
    server = ClearinghouseServer(folder, publish_interval_s=0.1)
    with server.settings.open("a", encoding="utf-8") as file:
        file.write(
            f'proxy_address_header = "{PROXY}"\nproof_least_rounds = 4\n'
            f"proof_most_rounds = {MOST_ROUNDS}\nnetwork_submissions = 2\nreceipt_questions_a_minute = 3\n"
            f"participant_requests_a_minute = 4\nlookups_a_minute = {MOST_LOOKUPS}\nbrake_hits_a_day = 400\n"
            f"burst_entries = 100000\nmetrics_port = {metrics_port}\n"
        )
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def knocking(braked: ClearinghouseServer) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=braked.url, timeout=30) as client:
        yield client


def solved(problem: dict[str, Any]) -> str:
    """What the page sends back, made by ALTCHA's own solver."""
    challenge = altcha.Challenge.from_dict(problem["challenge"])
    solution = altcha.solve_challenge(challenge)
    assert solution is not None
    assert solution.counter <= MOST_ROUNDS
    return altcha.Payload(challenge, solution).to_base64()


def send(client: httpx2.Client, number: int, address: str = "", proof: str = "") -> httpx2.Response:
    headers = {PROXY: address} | ({"takeback-proof": proof} if proof else {})
    return client.post("/v1/submissions", json=make(number, 1).body, headers=headers)


def test_the_rule_is_published(http: httpx2.Client) -> None:
    published = http.get("/v1/trust-rules").json()
    assert published == json.loads((ROOT / "spec" / "trust-rules.json").read_text())
    assert published == msgspec.to_builtins(trust_rules())


def test_a_pattern_is_refused_kindly_and_nothing_is_kept(http: httpx2.Client) -> None:
    pattern = next(value for _, value in patterns() if says_too_little(value) is None)
    made = make(71, 3)
    made.body["entries"][1]["fingerprints"][2]["value"] = pattern.hex()
    answer = http.post("/v1/submissions", json=made.body)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "too-common")
    assert problem["field"] == "entries[1].fingerprints[2].value"
    assert pattern.hex() not in answer.text
    status = http.post("/v1/receipts/status", json=asked(made.secrets)).json()["entries"]
    assert {one["state"] for one in status} == {"unlisted"}
    del made.body["entries"][1]["fingerprints"][2]
    assert http.post("/v1/submissions", json=made.body).status_code == 201


@pytest.mark.parametrize(
    ("change", "field"),
    [({"day": "yesterday"}, "hits[0].day"), ({"count": 0}, "hits[0].count"), ({"file": "x"}, "hits[0].file")],
)
def test_a_wrong_count_is_named(http: httpx2.Client, signer: Signer, change: dict[str, Any], field: str) -> None:
    body = json.dumps({"hits": [{"entry": "0" * 32, "day": "2026-11-26", "count": 1} | change]}).encode()
    headers = {**signer.headers("POST", "/v1/hits", body), "content-type": "application/json"}
    answer = http.post("/v1/hits", content=body, headers=headers)
    assert (answer.status_code, answer.json()["field"]) == (400, field)


def test_a_network_that_sends_much_works_and_is_not_refused(
    braked: ClearinghouseServer, knocking: httpx2.Client, metrics_port: int
) -> None:
    assert [send(knocking, n, ADDRESS).status_code for n in (1, 2)] == [201, 201]
    asking = send(knocking, 3, NEIGHBOUR)
    assert (asking.status_code, asking.json()["code"], asking.headers["retry-after"]) == (429, "proof-needed", "0")
    assert send(knocking, 4, ELSEWHERE).status_code == 201, "another network is not asked"
    proof = solved(asking.json())
    challenge = json.loads(base64.b64decode(proof))["challenge"]
    assert ADDRESS not in json.dumps(challenge)
    assert challenge["parameters"].keys() == {
        *("algorithm", "cost", "expiresAt", "keyLength", "keyPrefix", "keySignature", "nonce", "salt")
    }
    assert send(knocking, 3, NEIGHBOUR, proof).status_code == 201
    assert send(knocking, 5, NEIGHBOUR, proof).status_code == 429, "a proof is taken once"
    cheaper = json.loads(base64.b64decode(solved(send(knocking, 5, NEIGHBOUR).json())))
    cheaper["challenge"]["parameters"]["expiresAt"] += 1
    for wrong in ("x", "[]", "{}", "a" * 9000, base64.b64encode(json.dumps(cheaper).encode()).decode()):
        assert send(knocking, 5, NEIGHBOUR, wrong).status_code == 429
    assert [send(knocking, n).status_code for n in (6, 7, 8)] == [201] * 3, "a network that is not told is not counted"

    # Nothing of an address is anywhere.
    metrics = httpx2.get(f"http://127.0.0.1:{metrics_port}/metrics").text
    assert 'takeback_proofs_total{outcome="solved"}' in metrics
    everything = b"".join(path.read_bytes() for path in braked.folder.rglob("*") if path.is_file()) + metrics.encode()
    for address in (ADDRESS, NEIGHBOUR, ELSEWHERE):
        assert address.encode() not in everything
        assert bytes(int(part) for part in address.split(".")) not in everything
    assert not re.search(r"93\.184\.21", braked.log_text())


def test_questions_are_limited_and_taking_back_is_not(knocking: httpx2.Client) -> None:
    headers = {PROXY: "2606:2800:220:1::1"}
    same = {PROXY: "2606:2800:220:ffff::7"}
    body = asked([])
    seen = [knocking.post("/v1/receipts/status", json=body, headers=headers).status_code for _ in range(3)]
    answer = knocking.post("/v1/receipts/status", json=body, headers=same)
    assert (seen, answer.status_code, answer.json()["code"]) == ([200] * 3, 429, "too-many-requests")
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert knocking.post("/v1/receipts/status", json=body, headers={PROXY: ELSEWHERE}).status_code == 200
    taken = [knocking.post("/v1/receipts/withdraw", json=body, headers=headers).status_code for _ in range(9)]
    assert taken == [204] * 9
    assert knocking.post("/v1/receipts/renew", json=body, headers={PROXY: ELSEWHERE}).status_code == 204


def test_look_ups_pull_the_brake(braked: ClearinghouseServer, tmp_path: Path) -> None:
    one, other = Member(braked, "Looks up", tmp_path), Member(braked, "Looks up, too", tmp_path)
    value = int(own_pdq(listed(braked, 90, 1))[0], 16)
    near = [coded(f"{value ^ 1 << bit:064x}") for bit in range(100)]

    def matched(who: Member) -> int:
        answers = lookup(who, *near).json()["scanned_hashes"].values()
        return sum(answer["match_type"] == "near" for answer in answers)

    assert [matched(one) for _ in range(5)] == [100] * 5, "as many as are too many, but of one participant"
    assert matched(other) == 100
    eventually(lambda: matched(other) == 0)
    log = braked.log_text()
    assert not any(text in log for text in (*near, f"{value:064x}"))


def _signed(server: ClearinghouseServer, name: str) -> Callable[[httpx2.Client], httpx2.Response]:
    signer, target = Signer.of(server.invite(name)), "/v1/changes?after=0"
    return lambda http: http.get(target, headers=signer.headers("GET", target))


def _by_password(server: ClearinghouseServer, name: str) -> Callable[[httpx2.Client], httpx2.Response]:
    member = Member(server, name, server.folder)
    return lambda http: http.get("/hashsharing/v2/status", auth=(member.user, member.password))


def _by_header_keys(server: ClearinghouseServer, name: str) -> Callable[[httpx2.Client], httpx2.Response]:
    member = Member(server, name, server.folder)
    return lambda http: http.get("/stopncii/v1/FetchHashes", headers=dict(member.stopncii.headers))


def _by_look_up(server: ClearinghouseServer, name: str) -> Callable[[httpx2.Client], httpx2.Response]:
    member = Member(server, name, server.folder)
    body = {"hashes": [base64.b64encode(bytes(range(32))).decode()]}
    return lambda http: http.post("/arachnid/v1/pdq", json=body, auth=(member.user, member.password))


@pytest.mark.parametrize(
    ("dialect", "most"), [(_signed, 4), (_by_password, 4), (_by_header_keys, 4), (_by_look_up, MOST_LOOKUPS)]
)
def test_a_participant_is_limited_alone_in_every_dialect(
    braked: ClearinghouseServer,
    knocking: httpx2.Client,
    dialect: Callable[[ClearinghouseServer, str], Callable[[httpx2.Client], httpx2.Response]],
    most: int,
) -> None:
    one, other = (dialect(braked, f"{name}{dialect.__name__}") for name in ("One", "Other"))
    assert [one(knocking).status_code for _ in range(most)] == [200] * most
    refused = next(answer for _ in range(most) if (answer := one(knocking)).status_code != 200)  # time gives some back
    assert (refused.status_code, refused.json()["code"]) == (429, "too-many-requests")
    assert 1 <= int(refused.headers["retry-after"]) <= 15
    assert other(knocking).status_code == 200
