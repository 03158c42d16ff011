"""A platform's agent over real HTTP: what is asked about uploads, and what it answers."""

from __future__ import annotations

import base64
import json
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

import takeback
from support.agents import AgentServer, file_list, some_pdq, turned
from support.pictures import half_size_jpeg, photograph
from support.waiting import eventually
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.media import Fingerprinted, Fingerprinter
from takeback.model.agent_key import KeyRole

PICTURE = photograph("coffee.png")
COPY = half_size_jpeg(PICTURE)
OTHER = photograph("rocket.jpg")
LISTED = some_pdq(1)
REST = """
screens_a_minute = 10000
lookups_a_minute = 20000
screen_body_limit_bytes = 3000000
screen_batch_items = 50
unscannable_profile = "fail-closed"
stale_profile = "fail-closed"

[[policies]]
name = "only-strong-in-profiles"
do = "off"
surfaces = ["profile"]
grades = ["probable"]

[[policies]]
name = "trying"
do = "remove"
lists = ["theirs"]
surfaces = ["message"]
regions = ["US"]
dry_run = true

"""


def prints_of(picture: bytes) -> tuple[Fingerprint, ...]:
    with Fingerprinter() as fingerprinter:
        made = fingerprinter.fingerprint(picture)
    assert isinstance(made, Fingerprinted)
    return made.fingerprints


class Running:
    """The agent, its lists' files, and clients with keys."""

    def __init__(self, folder: Path) -> None:
        self.ours, self.theirs = folder / "ours.txt", folder / "theirs.txt"
        picture = next(one.hex for one in prints_of(PICTURE) if one.type is FingerprintType.PDQ)
        lists = file_list(self.ours, [f"pdq {picture}", f"pdq {LISTED.hex()}"], name="ours")
        lists += file_list(self.theirs, [f"pdq {LISTED.hex()}"], name="theirs", tier="confirmed", action="remove")
        self.server = AgentServer(folder / "agent", REST + lists)
        keys = {role: self.server.key(role.value, role) for role in KeyRole}
        self.key = keys[KeyRole.SCREEN]
        self.server.start()
        self.http = self.server.client(self.key)
        self.admin = self.server.client(keys[KeyRole.ADMIN])
        eventually(lambda: all(row["fresh"] for row in self.lists()), because="the files are read")

    def lists(self) -> list[dict[str, Any]]:
        return self.admin.get("/v1/status").json()["lists"]

    def look(self, value: bytes, **said: object) -> dict[str, Any]:
        answer = self.http.post("/v1/screen", json={"fingerprints": [print_body(value)], **said})
        assert answer.status_code == 200, answer.text
        return answer.json()


def print_body(value: bytes, type_: str = "pdq") -> dict[str, str]:
    return {"type": type_, "value": value.hex()}


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("agent"))
    yield running
    running.server.stop()


def test_a_file_is_looked_up_and_held(agent: Running) -> None:
    said = {"content": "post/1", "surface": "public", "region": "DE", "account": "user/1"}
    answer = agent.http.post("/v1/screen", content=COPY, params=said).json()
    assert (answer["outcome"], answer["do"], answer["because"]) == ("matched", "hold", "hold-what-is-near")
    assert len(answer["hold"]) == 32
    (match,) = answer["matches"]
    assert {name: match[name] for name in ("list", "type", "threshold", "grade", "variant", "tier", "action")} == {
        "list": "ours",
        "type": "pdq",
        "threshold": 31,
        "grade": "strong",
        "variant": "upload",
        "tier": "submitted",
        "action": "hold",
    }
    assert match["distance"] <= 31
    again = agent.http.post("/v1/screen", files={"file": COPY}, data=said).json()
    assert again["hold"] == answer["hold"]


def test_another_picture_is_none_of_the_lists_business(agent: Running) -> None:
    answer = agent.http.post("/v1/screen", content=OTHER, params={"content": "post/2"}).json()
    assert (answer["outcome"], answer["do"]) == ("clear", "allow")
    assert {"pdq", "md5", "sha256"} <= set(answer["checked"])
    assert "hold" not in answer


def test_each_list_that_knows_it_is_named(agent: Running) -> None:
    answer = agent.look(turned(LISTED, 20))
    assert [(one["list"], one["distance"], one["tier"]) for one in answer["matches"]] == [
        ("ours", 20, "submitted"),
        ("theirs", 20, "confirmed"),
    ]


def test_messages_are_looked_at_where_somebody_decided_so(agent: Running) -> None:
    assert agent.look(LISTED, surface="message", region="FR")["outcome"] == "not-looked-at"
    assert agent.look(LISTED, surface="message")["outcome"] == "not-looked-at"
    there = agent.look(LISTED, surface="message", region="US", content="m/1")
    assert (there["do"], there["because"], there["would"]) == ("hold", "hold-what-is-near", "hold")
    tried = next(one for one in there["matches"] if one["list"] == "theirs")
    assert (tried["policy"], tried["dry_run"], tried["do"]) == ("trying", True, "hold")  # one family of evidence


def test_what_is_only_probable_is_off_where_a_row_says_so(agent: Running) -> None:
    far = turned(LISTED, 40)
    assert {one["grade"] for one in agent.look(far)["matches"]} == {"probable"}
    assert agent.look(far, surface="profile")["do"] == "allow"


def test_what_cannot_be_read_fails_open_or_closed_as_chosen(agent: Running) -> None:
    answers = {
        surface: agent.http.post("/v1/screen", content=b"no picture", params={"surface": surface}).json()
        for surface in ("public", "profile")
    }
    assert {name: (one["outcome"], one["do"]) for name, one in answers.items()} == {
        "public": ("unscannable", "allow"),
        "profile": ("unscannable", "hold"),
    }
    assert answers["profile"]["because"] == "unscannable"


def test_many_are_looked_up_at_once_and_as_one_by_one(agent: Running) -> None:
    values = [LISTED, turned(LISTED, 31), turned(LISTED, 48), some_pdq(2), bytes(32)]
    items = [{"fingerprints": [print_body(value)], "content": f"post/{at}"} for at, value in enumerate(values, 100)]
    several = agent.http.post("/v1/screen/batch", json={"items": items}).json()["items"]
    single = [agent.http.post("/v1/screen", json=item).json() for item in items]
    assert several == single
    assert [one["outcome"] for one in several] == ["matched", "matched", "matched", "clear", "clear"]
    strong = agent.http.post("/v1/screen/batch", json={"items": items, "strong_only": True}).json()["items"]
    assert [one["outcome"] for one in strong] == ["matched", "matched", "clear", "clear", "clear"]
    assert "checked" not in several[-1]  # it says too little about a picture, and was not asked


def test_a_stream_answers_line_by_line_while_it_is_sent(agent: Running) -> None:
    def line(value: bytes, content: str) -> bytes:
        return json.dumps({"fingerprints": [print_body(value)], "content": content}).encode() + b"\n"

    with socket.create_connection(("127.0.0.1", agent.server.port), timeout=20) as wire:
        wire.sendall(
            b"POST /v1/screen/stream HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n"
            b"authorization: Bearer " + agent.key.encode() + b"\r\n\r\n"
        )
        for at, value in enumerate((LISTED, some_pdq(2))):
            part = line(value, f"stream/{at}")
            wire.sendall(b"%x\r\n" % len(part) + part + b"\r\n")
            got = b""
            while f'"stream/{at}"'.encode() not in got:  # this line is answered before the next one is sent
                got += wire.recv(65_536)
        wire.sendall(b"0\r\n\r\n")
    lines = line(LISTED, "a") + b"{}\n\n" + b'{"fingerprints":[{"type":"pdq","value":"zz"}]}\n' + line(some_pdq(2), "b")
    answers = [json.loads(one) for one in agent.http.post("/v1/screen/stream", content=lines).text.splitlines()]
    assert [one.get("outcome", one.get("code")) for one in answers] == [
        "matched",
        "invalid-input",
        "invalid-input",
        "clear",
    ]


def test_what_comes_onto_a_list_matches_at_once_and_what_goes_off_stops(agent: Running) -> None:
    new, before = some_pdq(77), agent.ours.read_text()
    assert agent.look(new)["outcome"] == "clear"
    agent.ours.write_text(before + f"pdq {new.hex()}\n")
    eventually(lambda: agent.look(new)["outcome"] == "matched")
    agent.ours.write_text(before)
    eventually(lambda: agent.look(new)["outcome"] == "clear")


def test_a_list_that_cannot_be_fetched_says_so_and_the_others_go_on(agent: Running) -> None:
    before = agent.theirs.read_text()
    agent.theirs.unlink()

    def theirs() -> dict[str, Any]:
        return next(row for row in agent.lists() if row["name"] == "theirs")

    eventually(lambda: theirs()["error"] == "unavailable")
    assert theirs()["fresh"]
    assert "No such file" in theirs()["detail"]
    assert str(agent.theirs) not in agent.server.log_text()
    assert len(agent.look(LISTED)["matches"]) == 2  # the copy is good until it is too old
    agent.theirs.write_text(before)
    eventually(lambda: theirs()["error"] is None)


@pytest.mark.parametrize(
    ("path", "body", "status", "field"),
    [
        ("/v1/screen", {"fingerprints": [{"type": "pdq", "value": "00"}]}, 400, "body[0].fingerprints[0].value"),
        ("/v1/screen", {"fingerprints": [{"type": "pdna", "value": "00"}]}, 400, "body[0].fingerprints[0].type"),
        ("/v1/screen", {"fingerprints": [], "surface": "wall"}, 400, "surface"),
        ("/v1/screen", {"fingerprints": [], "region": "de"}, 400, "region"),
        ("/v1/screen", {"fingerprints": [], "url": "http://127.0.0.1/"}, 400, "url"),
        ("/v1/screen/batch", {"items": [{"fingerprints": []}] * 51}, 413, "items"),
        ("/v1/screen/batch", [], 400, "body"),
    ],
    ids=["value", "type", "surface", "region", "an address to fetch", "too many", "a list"],
)
def test_what_is_wrong_is_named(agent: Running, path: str, body: object, status: int, field: str) -> None:
    answer = agent.http.post(path, json=body)
    assert (answer.status_code, answer.json()["field"]) == (status, field), answer.text
    assert agent.http.post(path, content=b"{", headers={"content-type": "application/json"}).status_code == 400


def test_a_body_over_the_limit_is_refused(agent: Running) -> None:
    assert agent.http.post("/v1/screen", content=b"x" * 3_000_001).status_code == 413
    form = agent.http.post("/v1/screen", files={"picture": COPY})
    assert (form.status_code, form.json()["field"]) == (400, "file")


def test_pict_rs_asks_in_its_own_way(agent: Running) -> None:
    """As pict-rs 0.5 does: a chunked POST of the stored bytes with their type; any 2xx keeps, all else refuses.

    Its configuration holds one address, so the key goes as that address's password (HTTP Basic).
    """

    def parts(content: bytes) -> Iterator[bytes]:
        yield content[: len(content) // 2]
        yield content[len(content) // 2 :]

    def ask(content: bytes, password: str) -> int:
        coded = base64.b64encode(f"pict-rs:{password}".encode()).decode()
        headers = {"content-type": "image/jpeg", "authorization": f"Basic {coded}"}
        return httpx2.post(f"{agent.server.url}/v1/hooks/pict-rs", content=parts(content), headers=headers).status_code

    assert (ask(COPY, agent.key), ask(OTHER, agent.key), ask(OTHER, "wrong")) == (422, 204, 401)


def test_the_sdk_asks_an_agent_as_it_asks_a_list(agent: Running, tmp_path: Path) -> None:
    (tmp_path / "upload.jpg").write_bytes(COPY)
    with takeback.Agent(agent.server.url, agent.key) as client:
        found = client.check(tmp_path / "upload.jpg")
        assert isinstance(found, takeback.Matched)
        assert found.matches[0].grade is takeback.Grade.STRONG
        assert isinstance(client.check(OTHER), takeback.Clear)
        broken = client.check(b"no picture")
        assert isinstance(broken, takeback.Unscannable)
        assert broken.reason.value == "unsupported-format"
        assert isinstance(client.check(prints_of(PICTURE)), takeback.Matched)
        clear, matched = client.screen_many([(Fingerprint(FingerprintType.PDQ, some_pdq(5), 100),), prints_of(PICTURE)])
        assert (clear.do, matched.do) == ("allow", "hold")
    with takeback.Agent(agent.server.url, "tbk.no.key") as stranger, pytest.raises(takeback.TakebackError, match="key"):
        stranger.check(OTHER)
    with takeback.Agent("http://127.0.0.1:9") as nobody, pytest.raises(takeback.TakebackError, match="did not answer"):
        nobody.check(OTHER)


def test_the_platform_waits_for_instructions(agent: Running) -> None:
    begin = time.monotonic()
    answer = agent.admin.get("/v1/instructions", params={"wait": 1})
    assert (answer.json(), answer.headers["cache-control"]) == ({"instructions": [], "next": 0}, "no-store")
    assert time.monotonic() - begin >= 0.9


def test_nothing_of_an_upload_stands_in_the_log(agent: Running) -> None:
    text = agent.server.log_text()
    for secret in (LISTED.hex(), agent.key, "post/1", "user/1"):
        assert secret not in text


def test_health(agent: Running) -> None:
    for path in ("/health", "/healthz", "/ready"):
        assert httpx2.get(f"{agent.server.url}{path}").status_code == 200


def test_a_killed_agent_has_lost_nothing(tmp_path: Path) -> None:
    """kill -9 while a list comes in: the next start goes on, and what was held is held."""
    lines = [f"md5 {os.urandom(16).hex()}" for _ in range(16_000)]
    server = AgentServer(tmp_path / "agent", file_list(tmp_path / "list.txt", [f"pdq {LISTED.hex()}"]))
    key, admin = server.key("a"), server.key("b", KeyRole.ADMIN)
    server.start()
    body = {"fingerprints": [print_body(LISTED)], "content": "post/1"}

    def look() -> dict[str, Any]:
        return server.client(key).post("/v1/screen", json=body).json()

    hold = eventually(lambda: look().get("hold"))
    (tmp_path / "list.txt").write_text("\n".join([f"pdq {LISTED.hex()}", *lines]))

    def entries() -> int:
        return server.client(admin).get("/v1/status").json()["lists"][0]["entries"]

    eventually(lambda: 1 < entries() < len(lines), seconds=60)
    server.kill9()
    server.start()
    assert entries() >= 1
    eventually(lambda: entries() == len(lines) + 1, seconds=60)
    assert look()["hold"] == hold
    server.stop()
