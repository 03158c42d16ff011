"""Meta's own client, unmodified, and the dialect that it speaks: what it finds, forgets and is refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest
from threatexchange.exchanges.clients.ncmec.hash_api import FeedbackType, FingerprintType, NCMECHashAPI

from support.servers import ClearinghouseServer
from support.submissions import SECRETS, make
from support.waiting import eventually

TX = Path(sys.executable).with_name("tx")
#: The stock client knows a closed list of addresses: this puts ours in the place of one, and changes nothing else.
AT_OUR_ADDRESS = """
import os
from threatexchange.exchanges.clients.ncmec.hash_api import NCMECEnvironment as Env
from threatexchange.extensions.manifest import ThreatExchangeExtensionManifest
url = os.environ["CLEARINGHOUSE_BASE"]
Env.test_Industry._value_ = url
Env._value2member_map_[url] = Env.test_Industry
TX_MANIFEST = ThreatExchangeExtensionManifest()
"""
STOCK = ("ncmec", "at_our_address", ("--environment", "test_Industry"))
OURS = ("takeback", "takeback.exchanges.threatexchange", ("--base-url", "BASE"))


@pytest.fixture(scope="module")
def clearinghouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClearinghouseServer]:
    server = ClearinghouseServer(tmp_path_factory.mktemp("hash-sharing"), publish_interval_s=0.1)
    server.start()
    yield server
    server.stop()


class Member:
    """A participant with a password, and its copy of the client."""

    def __init__(self, server: ClearinghouseServer, name: str, folder: Path) -> None:
        self.id = json.loads(server.invite(name).read_text())["participant"]
        given = json.loads(server.run("participant", "password", self.id))
        self.base, self.user, self.password = given["base_url"], given["user"], given["password"]
        self.folder, self.http = folder, httpx2.Client(base_url=self.base, auth=(self.user, self.password), timeout=30)

    def tx(self, *words: str) -> str:
        """Runs the client."""
        (self.folder / "at_our_address.py").write_text(AT_OUR_ADDRESS)
        secret = f"{self.user}:{self.password}"
        environment = {
            **os.environ,
            "TZ": "UTC",
            "TX_STATEDIR": str(self.folder / "state"),
            "CLEARINGHOUSE_BASE": self.base,
            "TX_NCMEC_CREDENTIALS": secret,
            "TX_TAKEBACK_CREDENTIALS": secret,
            "PYTHONPATH": str(self.folder),
        }
        done = subprocess.run([TX, *words], env=environment, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def library(self) -> NCMECHashAPI:
        """Gives the client's library."""
        address: Any = SimpleNamespace(value=self.base)
        return NCMECHashAPI(self.user, self.password, address)


@pytest.fixture(scope="module")
def member(clearinghouse: ClearinghouseServer, tmp_path_factory: pytest.TempPathFactory) -> Member:
    return Member(clearinghouse, "Library", tmp_path_factory.mktemp("library"))


def listed(server: ClearinghouseServer, number: int) -> tuple[list[str], list[str]]:
    """Sends a submission and waits until it is on the list: its pictures' own PDQ values, and its secrets."""
    made = make(number)
    with httpx2.Client(base_url=server.url, timeout=30) as http:
        assert http.post("/v1/submissions", json=made.body).status_code == 201
        filled = {"secrets": [*made.secrets, *(["0" * 64] * (SECRETS - len(made.secrets)))]}

        def is_listed() -> bool:
            return bool(http.post("/v1/receipts/status", json=filled).json()["entries"][0]["state"] == "listed")

        eventually(is_listed)
    prints = [one for entry in made.body["entries"] for one in entry["fingerprints"]]
    return [one["value"] for one in prints if one["type"] == "pdq" and "edit" not in one], made.secrets


def fetched(member: Member) -> set[str]:
    """Lets the client fetch, which stays five seconds behind the clock, and gives the values that it then has."""
    member.tx("fetch")
    return {line.split()[1] for line in member.tx("dataset", "-P").splitlines()}


@pytest.mark.parametrize(("api", "extension", "options"), [STOCK, OURS], ids=["stock ncmec", "our exchange"])
def test_the_client_finds_and_forgets(
    api: str, extension: str, options: tuple[str, ...], clearinghouse: ClearinghouseServer, tmp_path: Path
) -> None:
    member = Member(clearinghouse, f"Client of {api}", tmp_path)
    values, secrets = listed(clearinghouse, 100 + len(api))
    member.tx("config", "extensions", "add", extension)
    words = [member.base if word == "BASE" else word for word in options]
    member.tx("config", "collab", "edit", api, "--create", *words, "demo")
    eventually(lambda: fetched(member) >= set(values), seconds=120)
    copy = member.folder / "hash.txt"
    copy.write_text(values[0])
    assert "demo" in member.tx("match", "-H", "-S", "pdq", "photo", str(copy))

    more, _ = listed(clearinghouse, 200 + len(api))
    eventually(lambda: fetched(member) >= {*values, *more}, seconds=120)

    with httpx2.Client(base_url=clearinghouse.url, timeout=30) as http:
        gone = {"secrets": [secrets[0], *(["0" * 64] * (SECRETS - 1))]}
        assert http.post("/v1/receipts/withdraw", json=gone).status_code == 204
    left = {*values[1:], *more}
    eventually(lambda: values[0] not in (now := fetched(member)) and now >= left, seconds=120)


def test_who_asks_and_what_there_is(clearinghouse: ClearinghouseServer, member: Member) -> None:
    client = member.library()
    assert client.status().esp_name == "Library"
    assert [one.esp_id for one in client.members()] == [900]
    (reason,) = client.feedback_reasons(FingerprintType.pdq).items()
    values, _ = listed(clearinghouse, 300)
    until = int(time.time())
    page = client.get_entries(start_timestamp=0, end_timestamp=until)
    again = client.get_entries(start_timestamp=until, end_timestamp=until + 1)
    assert not again.updates, "what it has is not given again"
    entry = next(one for one in page.updates if one.fingerprints.get("pdq") == values[0])
    client.submit_upvote(900, entry.id, FingerprintType.pdq)
    client.submit_upvote(900, entry.id, FingerprintType.pdq)
    client.submit_feedback(900, entry.id, FingerprintType.md5, FeedbackType.downvote, reason[0])
    path = f"/v2/entries/{{}}/{entry.id}/{{}}/feedback"
    yes = "<feedbackSubmission><affirmative/></feedbackSubmission>"
    for member_id, type_ in [(901, "PDQ"), (900, "SHA1")]:
        assert member.http.put(path.format(member_id, type_), content=yes).status_code == 404


def test_nobody_else_is_let_in(clearinghouse: ClearinghouseServer, tmp_path: Path) -> None:
    member = Member(clearinghouse, "Rotated", tmp_path)
    assert member.http.get("/v2/status").status_code == 200
    for auth in [(member.user, "wrong"), ("p-" + "0" * 24, member.password), (member.user, "")]:
        answer = httpx2.get(f"{member.base}/v2/entries", auth=auth)
        assert (answer.status_code, answer.json()["code"]) == (401, "not-authorised")
    for header in ["", "Bearer x", "Basic %%%", "Basic bm9jb2xvbg=="]:
        assert httpx2.get(f"{member.base}/v2/entries", headers={"authorization": header}).status_code == 401
    new = json.loads(clearinghouse.run("participant", "password", member.id))["password"]
    assert member.http.get("/v2/status").status_code == 401, "the old one ended"
    clearinghouse.run("participant", "suspend", member.id)
    answer = httpx2.get(f"{member.base}/v2/status", auth=(member.user, new))
    assert (answer.status_code, answer.json()["code"]) == (403, "suspended")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=yesterday", "from"),
        ("to=2026-01-02T03:04:05", "to"),
        ("from=2026-13-02T03:04:05Z", "from"),
        ("to=2126-01-02T03:04:05Z", "to"),
        ("from=2026-01-03T00:00:00Z&to=2026-01-02T00:00:00Z", "from"),
        ("cursor=1.2", "cursor"),
        ("cursor=a.b.c", "cursor"),
        (f"cursor=1.2.{2**64}", "cursor"),
    ],
)
def test_a_range_that_is_none_is_refused(query: str, field: str, member: Member) -> None:
    answer = member.http.get(f"/v2/entries?{query}")
    assert (answer.status_code, answer.json()["field"]) == (400, field)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<feedbackSubmission/>",
        b"<other><affirmative/></other>",
        b"<feedbackSubmission><affirmative/><negative/></feedbackSubmission>",
        b'<!DOCTYPE x [<!ENTITY a "b">]><feedbackSubmission><affirmative/></feedbackSubmission>',
        b"<feedbackSubmission><affirmative>" * 3000,
    ],
)
def test_what_is_no_vote_is_refused(body: bytes, member: Member) -> None:
    answer = member.http.put(f"/v2/entries/900/{'ab' * 16}/PDQ/feedback", content=body)
    assert (answer.status_code, answer.json()["field"]) == (400, "body")
