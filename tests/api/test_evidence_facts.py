"""What a platform tells of held content over HTTP: sealed, kept for a report, and never given back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from support.agents import AgentServer
from support.evidence import FACTS, staffed
from takeback.model.agent_key import KeyRole
from takeback.storage.database import Database

PATH = "/v1/evidence/h-1/facts"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AgentServer]:
    running = AgentServer(tmp_path_factory.mktemp("facts") / "agent", "facts_body_limit_bytes = 4096\n")

    async def hold(database: Database) -> None:
        await (await staffed(database, running.settings.data_path)).hold()

    running.on_database(hold)
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def http(server: AgentServer) -> Iterator[httpx2.Client]:
    with server.client(server.key("uploads", KeyRole.SCREEN)) as client:
        yield client


def test_facts_are_sealed_and_nothing_of_them_is_given_back_or_logged(server: AgentServer, http: httpx2.Client) -> None:
    answer = http.post(PATH, content=FACTS)
    assert answer.status_code == 201
    assert list(answer.json()) == ["evidence"]
    files = [file for file in Path(server.settings.data_dir).rglob("*") if file.is_file()]
    assert any(file.name == f"{answer.json()['evidence']}.sealed" for file in files)
    for secret in (b"192.0.2.55", b"someone@example.org", b"handle"):
        assert not [file for file in (*files, server.log) if secret in file.read_bytes()]
    assert http.get(PATH).status_code == 405


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (b"{", "body"),
        (b'{"shoe_size": 9}', "shoe_size"),
        (b'{"uploaded_at": "2026-11-26T11:00:00"}', "uploaded_at"),
        (b'{"reported": {"ip_events": [{"address": "not-an-address"}]}}', "address"),
        (b'{"upload_event": {"address": "192.0.2.55", "happening": "Sneezed"}}', "upload_event.happening"),
        (b'{"victims": [{"age": 151}]}', "victims[0].age"),
    ],
)
def test_what_is_wrong_is_named_and_never_repeated(http: httpx2.Client, body: bytes, names: str) -> None:
    answer = http.post(PATH, content=body)
    assert (answer.status_code, answer.json()["field"]) == (400, names)
    assert "Sneezed" not in answer.text
    assert "not-an-address" not in answer.text


def test_an_unknown_hold_and_too_much_are_refused(http: httpx2.Client) -> None:
    assert http.post("/v1/evidence/h-9/facts", content=FACTS).status_code == 404
    assert http.post(PATH, content=json.dumps({"context": "x" * 5_000})).status_code == 413
