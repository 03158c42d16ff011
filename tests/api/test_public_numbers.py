"""What everybody may know, over real HTTP: the numbers as page and as JSON, and who takes part."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from support.members import Member, on_database
from support.servers import ClearinghouseServer, free_port
from support.signing import Signer
from support.submissions import make
from support.waiting import eventually
from takeback.clearinghouse.decoys import add_decoy, withdraw_decoy
from takeback.clearinghouse.publishing import publish_waiting
from takeback.clock import ManualClock, SystemClock, today
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.operator import Role
from takeback.staff.operators import add_operator
from takeback.storage.database import Database

JUDGED, WRONG = 30, 12


@pytest.fixture(scope="module")
def metrics() -> str:
    return f"127.0.0.1:{free_port()}"


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory, metrics: str) -> Iterator[ClearinghouseServer]:
    """One whose figures nobody has asked for yet: they move once a day."""
    server = ClearinghouseServer(Path(tmp_path_factory.mktemp("known")), publish_interval_s=0.1)
    with server.settings.open("a", encoding="utf-8") as file:
        file.write(f"metrics_port = {metrics.rpartition(':')[2]}\n")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def visitor(known: ClearinghouseServer) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=known.url, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def site(known: ClearinghouseServer) -> Signer:
    """A participant with a copy of the list."""
    return Signer.of(known.invite("Photo site"))


def names(visitor: httpx2.Client, site: Signer) -> list[str]:
    target = "/v1/changes?after=0"
    changes = visitor.get(target, headers=site.headers("GET", target)).json()["changes"]
    return [one["entry"] for one in changes if one["change"] == "upsert"]


def say(visitor: httpx2.Client, site: Signer, path: str, body: dict[str, Any]) -> dict[str, int]:
    content = json.dumps(body).encode()
    headers = {**site.headers("POST", path, content), "content-type": "application/json"}
    answer = visitor.post(path, content=content, headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, int] = answer.json()
    return found


def words(page: str) -> str:
    """The page as one line of text."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_numbers_are_the_same_as_page_and_as_json(visitor: httpx2.Client, site: Signer) -> None:
    assert visitor.post("/v1/submissions", json=make(1, JUDGED).body).status_code == 201
    entries = eventually(lambda: names(visitor, site))
    assert len(entries) == JUDGED, "what came together goes out together"
    verdicts = [
        {"entry": name, "verdict": "wrong", "action": "kept"}
        if number < WRONG
        else {"entry": name, "verdict": "confirmed", "action": "removed"}
        for number, name in enumerate(entries)
    ]
    assert say(visitor, site, "/v1/feedback", {"feedback": verdicts})["taken"] == JUDGED

    told = visitor.get("/v1/transparency").json()
    assert told["listed_by_tier"] == {"corroborated": 10, "submitted": 10}, "18 and 12, rounded down"
    (period,) = told["periods"]
    assert (period["judged"], period["wrong_percent"], period["days_to_removal"]) == (30, 40, 1)

    page = words(visitor.get("/en/numbers").text)
    for sentence in (
        "On the list, by who confirmed them",
        "No service yet 10 or more",
        "One service 10 or more",
        "Services looked at 30 or more.",
        "Out of 100, 40 or fewer did not belong here.",
        "Days until one was removed, in the middle: 1 or fewer.",
    ):
        assert sentence in page
    assert not re.search(r"\b(18|12|29)\b", page), "no count as it is"
    assert "Two services or more" not in page


def test_who_takes_part_is_named_and_looked_up_once_a_minute(
    visitor: httpx2.Client, site: Signer, known: ClearinghouseServer, metrics: str
) -> None:
    Member(known, "Stock client", known.folder)  # it has header keys
    before = set(names(visitor, site))

    async def decoy(database: Database) -> None:
        """Listed and withdrawn three days ago, so that a find of today is late."""
        at = ManualClock(SystemClock().now() - timedelta(days=3))
        ana = await add_operator(database, at, "Ana", Role.OPERATOR)
        value = Fingerprint(FingerprintType.PDQ, bytes.fromhex("5a0f" * 16), 100)
        added = await add_decoy(database, at, ana, site.key_id, (value,))
        await publish_waiting(database, at)
        found.extend(set(names(visitor, site)) - before)
        await withdraw_decoy(database, at, ana, added.id)

    found: list[str] = []
    on_database(known, decoy)
    (name,) = found
    hit = {"entry": name, "day": str(today(SystemClock())), "count": 1}
    assert say(visitor, site, "/v1/hits", {"hits": [hit]}) == {"taken": 0, "unknown": 1}, "it is off the list"

    def looked_up() -> float:
        told = httpx2.get(f"http://{metrics}/metrics").text
        counted = re.findall(r'^takeback_transactions_total\{name="public-standings",.*\} (\S+)$', told, re.MULTILINE)
        return sum(map(float, counted))

    assert looked_up() == 0
    page = words(visitor.get("/en/services").text)
    assert "Photo site – slow to forget what was taken back" in page
    assert "Stock client – we cannot see whether it forgets" in page
    assert looked_up() == 1
    assert {words(visitor.get("/en/services").text) for _ in range(5)} == {page}
    assert looked_up() == 1
