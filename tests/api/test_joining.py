"""A company's way over real HTTP: from the form to the list, with keys that change, and out again."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.test_bad_input import problem
from api.test_signatures import CHANGES, get, refused
from support import loops
from support.joining import Domains, decided, two_operators
from support.servers import ClearinghouseServer
from support.signing import Signer
from support.submissions import asked, make
from support.waiting import eventually
from takeback.clearinghouse import applications, credentials, participants
from takeback.clearinghouse.freshness import Standing, standings
from takeback.clearinghouse.keys import open_database, password_key
from takeback.clearinghouse.verification import verify
from takeback.clock import SystemClock
from takeback.model.proposal import ProposalKind
from takeback.settings import load
from takeback.storage import day_heads
from takeback.storage.database import Database
from takeback.wire.json import encode
from takeback.wire.keys import key_body

T = TypeVar("T")
OPEN = 5
BODY = {
    "name": "Example Photos",
    "domain": "photos.example",
    "email": "safety@photos.example",
    "purpose": "To check what is uploaded.",
    "hits": "Two people look at it.",
    "types": ["md5", "pdq"],
    "regions": "DE,FR",
    "agreement": "takeback-1",
}
FORM = {**BODY, "name": "Forms & <Sons>"}


class Operators:
    """What operators do, beside the running server."""

    def __init__(self, server: ClearinghouseServer) -> None:
        self.server, self.clock, self.settings = server, SystemClock(), load(server.settings, {})
        self.both = self.run(lambda database: two_operators(database, self.clock))

    def run(self, work: Callable[[Database], Awaitable[T]]) -> T:
        async def whole() -> T:
            database = open_database(self.settings)
            try:
                return await work(database)
            finally:
                await database.close()

        return loops.run(whole())

    def decide(self, kind: ProposalKind, subject: str) -> None:
        """One proposes, the other carries out."""
        self.run(lambda database: decided(database, self.clock, self.both, kind, subject))

    def admitted(self, http: httpx2.Client, name: str) -> str:
        """Gives the id of a participant in the sandbox."""
        application = http.post("/v1/applications", json={**BODY, "name": name}).json()["application"]
        code = self.code(application)
        assert http.post(f"/v1/applications/{application}/code", json={"code": code}).status_code == 200
        self.decide(ProposalKind.ADMIT_PARTICIPANT, application)
        return self.standing(name).participant.id

    def code(self, application: str) -> str:
        """Finds the token at the domain and has the letter written; gives its code."""
        token = self.run(lambda database: applications.application(database, application)).token
        key, shown = password_key(self.settings.data_path), Domains(token)
        told = self.run(lambda db: verify(db, self.clock, self.settings, shown, key, application))
        assert (told.letter_sent, told.problem) == (True, None)
        letters = (letter.read_text() for letter in (self.server.data / "outbox").glob("*.eml"))
        (text,) = [text for text in letters if application in text]
        return re.findall(r"Your code: (\d{8})", text)[0]

    def signer(self, member: str) -> Signer:
        """Gives a participant with a new key."""
        key = self.run(lambda database: credentials.give_key(database, self.clock, member)).private_key
        assert key is not None
        return Signer(key, member)

    def standing(self, name: str) -> Standing:
        """Gives how a participant is doing."""
        found = self.run(lambda database: standings(database, self.clock, self.settings))
        return next(one for one in found if one.participant.name == name)


@pytest.fixture(scope="module")
def clearinghouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClearinghouseServer]:
    server = ClearinghouseServer(Path(tmp_path_factory.mktemp("joining")), publish_interval_s=0.1)
    with server.settings.open("a") as settings:
        settings.write(f"open_applications = {OPEN}\n")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def operators(clearinghouse: ClearinghouseServer) -> Operators:
    return Operators(clearinghouse)


@pytest.fixture(scope="module")
def web(clearinghouse: ClearinghouseServer) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=clearinghouse.url, timeout=30) as client:
        yield client


def test_from_the_form_to_the_list_and_out(
    clearinghouse: ClearinghouseServer, operators: Operators, web: httpx2.Client
) -> None:
    # 1. The form, and what is wrong with it, without a script.
    empty = web.get("/join")
    assert "form-action 'self'" in empty.headers["content-security-policy"]
    assert "set-cookie" not in empty.headers
    assert web.post("/join", data={**FORM, "agreement": "another"}).status_code == 409
    wrong = web.post("/join", data={**FORM, "domain": "127.0.0.1"})
    assert (wrong.status_code, "domain: is not a domain" in wrong.text) == (400, True)
    assert "Forms &amp; &lt;Sons&gt;" in wrong.text
    sent = web.post("/join", data=FORM)
    assert (sent.status_code, sent.headers["location"][:8]) == (303, "/join/a-")
    page = web.get(sent.headers["location"])
    application = urlsplit(sent.headers["location"]).path.rpartition("/")[2]
    state = web.get(f"/v1/applications/{application}").json()
    assert state["token"] in page.text
    assert state["file"] == "https://photos.example/.well-known/takeback-verification.txt"
    # 2. The code from the letter.
    code = operators.code(application)
    assert web.post(f"/join/{application}", data={"code": "x"}).status_code == 400
    assert web.post(f"/join/{application}", data={"code": code}).status_code == 200
    assert web.get(f"/v1/applications/{application}").json()["email_verified"]
    # 3. Admitted: the sandbox, and nothing of the list.
    operators.decide(ProposalKind.ADMIT_PARTICIPANT, application)
    assert "sandbox" in web.get(f"/join/{application}").text
    member = operators.standing(FORM["name"]).participant.id
    file = clearinghouse.folder / "forms.json"
    clearinghouse.run("participant", "key", member, "--output", str(file))
    signer = Signer.of(file)
    assert web.post("/v1/submissions", json=make(1).body).status_code == 201
    values = {one["value"] for entry in make(1).body["entries"] for one in entry["fingerprints"]}
    first = get(web, signer.headers("GET", CHANGES))
    assert (first.json()["sandbox"], len(first.json()["changes"])) == (True, 4)
    assert not any(value in first.text for value in values)
    assert web.get("/test-pictures/rings.png").headers["content-type"] == "image/png"
    # 4. Live: the list, of the types of the agreement alone.
    operators.decide(ProposalKind.MAKE_LIVE, member)

    def listed() -> bool:
        return len(get(web, signer.headers("GET", CHANGES)).json()["changes"]) == 3

    eventually(listed)
    whole = get(web, signer.headers("GET", CHANGES)).json()
    assert "sandbox" not in whole
    assert {one["type"] for change in whole["changes"] for one in change["fingerprints"]} == {"md5", "pdq"}
    # 5. Suspended with the next request, resumed by two, gone with the next request.
    operators.run(lambda database: participants.suspend(database, operators.clock, member))
    refused(get(web, signer.headers("GET", CHANGES)), 403, "suspended")
    operators.decide(ProposalKind.RESUME_PARTICIPANT, member)
    assert get(web, signer.headers("GET", CHANGES)).status_code == 200
    operators.run(lambda database: participants.leave(database, operators.clock, member))
    refused(get(web, signer.headers("GET", CHANGES)))


def test_keys_change_with_an_overlap(operators: Operators, web: httpx2.Client) -> None:
    member = operators.admitted(web, "Keys")
    old = operators.signer(member)

    def register(signer: Signer, key: Ed25519PrivateKey, overlap_days: int = 7, proof_of: str = "") -> httpx2.Response:
        body = encode(key_body(key, proof_of or member, overlap_days))
        headers = {**signer.headers("POST", "/v1/key", body), "content-type": "application/json"}
        return web.post("/v1/key", content=body, headers=headers)

    new = replace(old, key=Ed25519PrivateKey.generate())
    assert problem(register(old, new.key, proof_of="p-another"), 400, "invalid-input")["field"] == "proof"
    assert "old_ends" in register(old, new.key).json()
    for signer in (old, new):
        assert get(web, signer.headers("GET", CHANGES)).status_code == 200
    third = replace(old, key=Ed25519PrivateKey.generate())
    problem(register(old, third.key), 401, "not-authorised")  # one that is ending makes no other
    problem(register(new, new.key), 409, "conflict")
    assert register(new, third.key, overlap_days=0).json() == {}
    for signer in (old, new):
        refused(get(web, signer.headers("GET", CHANGES)))
    assert get(web, third.headers("GET", CHANGES)).status_code == 200
    eventually(lambda: operators.standing("Keys").participant.last_error == "not-authorised")
    target = "/v1/changes?after=77&limit=10"
    assert get(web, third.headers("GET", target), target).status_code == 400
    eventually(lambda: operators.standing("Keys").participant.last_error == "invalid-input")


def test_the_sandbox_in_the_dialect_of_stock_clients(
    clearinghouse: ClearinghouseServer, operators: Operators, web: httpx2.Client
) -> None:
    given = json.loads(clearinghouse.run("participant", "password", operators.admitted(web, "Stock")))
    with httpx2.Client(base_url=given["base_url"], auth=(given["user"], given["password"]), timeout=30) as http:
        assert 'id="999"' in http.get("/v2/members").text
        for at, (images, gone) in enumerate([(3, 0), (1, 0), (0, 1)]):
            found = http.get(f"/v2/entries?from=2026-01-0{1 + at}T00:00:00Z&to=2026-01-0{2 + at}T00:00:00Z").text
            assert (found.count("<image>"), found.count("<deletedImage>")) == (images, gone)
            assert "900" not in re.findall(r'member id="(\d+)"', found)
        name = re.findall(r"<id>(\w+)</id>", found)[0]
        vote = '<feedbackSubmission xmlns="x"><affirmative/></feedbackSubmission>'
        assert http.put(f"/v2/entries/999/{name}/PDQ/feedback", content=vote).status_code == 200
        assert http.put(f"/v2/entries/900/{name}/PDQ/feedback", content=vote).status_code == 404
        key = password_key(operators.settings.data_path)
        again = operators.run(
            lambda db: credentials.give_password(db, operators.clock, given["user"], key, overlap=timedelta(days=1))
        )
        for password in (given["password"], again):
            assert http.get("/v2/status", auth=(given["user"], password)).status_code == 200


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"types": []}, 400, "types"),
        ({"types": ["sha1"]}, 400, "types[0]"),
        ({"domain": "localhost"}, 400, "domain"),
        ({"email": "a@b.example\r\nBcc: c@d.example"}, 400, "email"),
        ({"purpose": "x" * 1001}, 400, "purpose"),
        ({"agreement": "another"}, 409, None),
        ({"more": 1}, 400, "more"),
    ],
)
def test_an_application_that_is_off_is_refused(
    web: httpx2.Client, change: dict[str, object], status: int, field: str | None
) -> None:
    answer = web.post("/v1/applications", json={**BODY, **change})
    assert (answer.status_code, answer.json().get("field")) == (status, field)


def test_who_does_not_take_back_is_named_in_public(
    clearinghouse: ClearinghouseServer, operators: Operators, web: httpx2.Client
) -> None:
    signer = Signer.of(clearinghouse.invite("Slow & late"))
    made = make(9)
    assert web.post("/v1/submissions", json=made.body).status_code == 201

    def listed() -> bool:  # these, and not what other tests have sent
        entries = web.post("/v1/receipts/status", json=asked(made.secrets)).json()["entries"]
        return all(one["state"] == "listed" for one in entries[: len(made.secrets)])

    eventually(listed)
    cursor = get(web, signer.headers("GET", CHANGES)).json()["next"]
    target = f"/v1/changes?after={cursor}&limit=10"
    assert get(web, signer.headers("GET", target), target).status_code == 200
    assert web.post("/v1/receipts/withdraw", json=asked(made.secrets)).status_code == 204
    assert not operators.standing("Slow & late").health.slow
    day = operators.clock.now().date() - timedelta(days=2)
    operators.run(lambda db: db.run("test", lambda connection: day_heads.note(connection, day, 1_000)))
    assert "Slow &amp; late</bdi> – slow to forget what was taken back" in web.get("/services").text
    assert operators.standing("Slow & late").health.owed == len(made.secrets)


def test_nobody_can_fill_the_database(web: httpx2.Client) -> None:
    sent = [web.post("/v1/applications", json={**BODY, "name": f"Site {n}"}).status_code for n in range(OPEN + 2)]
    assert sent == [201] * OPEN + [503] * 2, "whoever became a participant is not counted"
    assert web.post("/join", data=FORM).status_code == 503
    problem(web.post("/v1/applications", json={**BODY, "purpose": "x" * 70_000}), 413, "too-large")
    problem(web.get("/v1/applications/a-" + "0" * 32), 404, "not-found")
