"""The story through a platform's agent: listed, synced by long poll, held, decided at the desk, seen, withdrawn."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from support.agents import AgentServer
from support.person import Person
from support.pictures import half_size_jpeg, photograph
from support.servers import ClearinghouseServer
from support.waiting import eventually
from takeback.clock import SystemClock
from takeback.model.agent_key import KeyRole
from takeback.model.hold import Hold
from takeback.model.operator import Operator, Role
from takeback.participant.desk.decisions import decide
from takeback.participant.desk.opening import open_hold
from takeback.staff.operators import add_operator
from takeback.storage.database import Database
from takeback.storage.platform import holds

PICTURE = photograph("coffee.png")
COPY, OTHER = half_size_jpeg(PICTURE), photograph("rocket.jpg")


@pytest.fixture
def agent(clearinghouse: ClearinghouseServer, tmp_path: Path) -> AgentServer:
    credentials = clearinghouse.invite("The platform")
    rows = f'sync_wait_s = 6\n[[lists]]\nname = "ours"\nkind = "takeback"\ncredentials = "{credentials}"\n'
    return AgentServer(tmp_path / "agent", rows)


def test_a_picture_travels_through_an_agent(clearinghouse: ClearinghouseServer, agent: AgentServer) -> None:
    key, admin = agent.key("uploads"), agent.key("admin", KeyRole.ADMIN)
    agent.start()
    uploads, told = agent.client(key), agent.client(admin)
    person = Person(clearinghouse.url)

    def look(content: bytes, id_: str) -> dict[str, Any]:
        return uploads.post("/v1/screen", content=content, params={"content": id_, "region": "DE"}).json()

    # Nothing is listed yet. The agent waits at the clearinghouse for news.
    eventually(lambda: told.get("/v1/status").json()["lists"][0]["fresh"])
    assert look(COPY, "picture/0")["outcome"] == "clear"

    # A person lists a picture; without anybody asking for it, the platform knows a moment later.
    person.send(PICTURE)
    eventually(lambda: person.status()["state"] == "listed")
    listed = time.monotonic()
    eventually(lambda: look(COPY, "picture/1")["outcome"] == "matched")
    assert time.monotonic() - listed < 5  # seconds; the poll would wait 6 where nothing happens
    held = look(COPY, "picture/1")
    assert (held["do"], held["matches"][0]["list"]) == ("hold", "ours")
    assert look(OTHER, "picture/2")["do"] == "allow"

    # The copy that was there before is found by itself, and waits with the other.
    def old_copy() -> Hold | None:
        return agent.on_database(
            lambda database: database.read("old-copy", lambda connection: holds.latest_of(connection, "picture/0"))
        )

    eventually(old_copy, because="a new entry finds old media at once")

    # Somebody at the desk looks and confirms. The platform is told, and so is the person, by the receipt.
    async def confirm(database: Database) -> None:
        reviewer: Operator = await add_operator(database, SystemClock(), "Ana", Role.OPERATOR)
        await open_hold(database, SystemClock(), agent.settings, reviewer, held["hold"])
        await decide(database, SystemClock(), agent.settings, reviewer, held["hold"], "as-listed")

    agent.on_database(confirm)
    feed = told.get("/v1/instructions", params={"wait": 20}).json()
    done = sorted((one["content"], one["doing"]) for one in feed["instructions"])
    assert done == [("picture/0", "remove"), ("picture/1", "remove")], "one decision answers both"
    eventually(lambda: person.status()["removed_on"] == 1, because="feedback does not wait for the next sync")

    # The person takes it back: within moments nothing matches any more.
    person.withdraw(0)
    begin = time.monotonic()
    eventually(lambda: look(COPY, "picture/3")["outcome"] == "clear")
    assert time.monotonic() - begin < 5

    # A clearinghouse that is away changes nothing for uploads, and the agent goes on by itself when it is back.
    clearinghouse.kill9()
    eventually(lambda: told.get("/v1/status").json()["lists"][0]["error"] == "unavailable", seconds=60)
    assert look(OTHER, "picture/4")["outcome"] == "clear"
    clearinghouse.start()
    eventually(lambda: told.get("/v1/status").json()["lists"][0]["error"] is None, seconds=60)
    agent.stop()
