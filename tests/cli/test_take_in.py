"""`takeback entry take-in`: what operators and help lines bring, by the rules of the page, and told by the audit."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from support.commands import run_command
from support.members import on_database
from support.servers import ClearinghouseServer
from support.submissions import Made, make
from takeback.clock import SystemClock
from takeback.fingerprints.evidence import says_too_little
from takeback.matching.negative import patterns
from takeback.model.operator import Role
from takeback.staff.operators import add_operator
from takeback.storage import audit
from takeback.storage.migrate import migrate
from takeback.storage.schema import entry

CLOCK = SystemClock()
TakeIn = Callable[..., Result]


@pytest.fixture(scope="module")
def clearinghouse(tmp_path_factory: pytest.TempPathFactory) -> ClearinghouseServer:
    """Its data, an operator and a viewer; nothing has to run."""
    server = ClearinghouseServer(tmp_path_factory.mktemp("take-in"))
    on_database(server, migrate)
    for name, role in (("Ana", Role.OPERATOR), ("Vi", Role.VIEWER)):
        on_database(server, lambda database, n=name, r=role: add_operator(database, CLOCK, n, r))
    return server


@pytest.fixture
def take_in(clearinghouse: ClearinghouseServer, tmp_path: Path) -> TakeIn:
    def run(body: object, channel: str = "helpline", operator: str = "Ana", *more: str) -> Result:
        file = tmp_path / "fingerprints.json"
        file.write_bytes(body if isinstance(body, bytes) else json.dumps(body).encode())
        words = ("--channel", channel, "--operator", operator, "--settings", str(clearinghouse.settings), *more)
        return run_command("entry", "take-in", str(file), *words)

    return run


def channels(server: ClearinghouseServer, made: Made) -> list[str]:
    """How each entry of a submission came in, where it did."""
    receipts = [bytes.fromhex(one["receipt"]) for one in made.body["entries"]]
    wanted = select(entry.c.channel).where(entry.c.receipt.in_(receipts))

    async def work(connection: AsyncConnection) -> list[str]:
        return list((await connection.execute(wanted)).scalars())

    return on_database(server, lambda database: database.run("test", work))


def noted(server: ClearinghouseServer) -> list[str]:
    """The audit's events of this command, without who."""
    told = on_database(server, lambda database: database.run("events", audit.events))
    return [one.partition(":")[2] for one in told if one.endswith(":take-in")]


def test_what_is_brought_comes_in_once_and_the_audit_says_by_whom(
    clearinghouse: ClearinghouseServer, take_in: TakeIn
) -> None:
    made, before = make(1, 3), len(noted(clearinghouse))
    first = take_in(made.body)
    assert (first.exit_code, first.output) == (
        0,
        "3 entries, 3 of them new. What is new goes out with the next publication.\n",
    )
    assert channels(clearinghouse, made) == ["helpline"] * 3
    again = take_in(made.body, "operator", "Ana", "--json")
    assert json.loads(again.output) == {"entries": 3, "new": 0}
    assert channels(clearinghouse, made) == ["helpline"] * 3, "a channel stays the same for ever"
    assert take_in(make(2, 1).body, "operator").exit_code == 0
    assert channels(clearinghouse, make(2, 1)) == ["operator"]
    assert noted(clearinghouse)[before:] == [
        "channel/helpline:3:take-in",
        "channel/operator:0:take-in",
        "channel/operator:1:take-in",
    ]


def test_all_or_nothing_and_one_error_names_the_field(clearinghouse: ClearinghouseServer, take_in: TakeIn) -> None:
    known, common = make(10, 1), next(value.hex() for _, value in patterns() if says_too_little(value) is None)
    assert take_in(known.body).exit_code == 0
    before = noted(clearinghouse)

    def spoilt(change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
        body = make(11, 2).body
        change(body["entries"][1])
        return body

    def other_values(one: dict[str, Any]) -> None:
        one["receipt"] = known.body["entries"][0]["receipt"]

    wrong = {
        "entries[1].fingerprints[0].value": (spoilt(lambda one: one["fingerprints"][0].update(value="AB" * 16)), 2),
        "entries[1].kind": (spoilt(lambda one: one.update(kind="sound")), 2),
        "entries[1].name": (spoilt(lambda one: one.update(name="x")), 2),
        "entries[1].fingerprints": (spoilt(lambda one: one["fingerprints"].pop(0)), 2),
        "entries[1].fingerprints[2].quality": (spoilt(lambda one: one["fingerprints"][2].update(quality=49)), 2),
        "entries[1].fingerprints[2].value": (spoilt(lambda one: one["fingerprints"][2].update(value=common)), 2),
        "entries[1].receipt": (spoilt(other_values), 5),
        "age": ({**make(11, 2).body, "age": "adult"}, 2),
        "body": (b"no json", 2),
        "FILE": (b" " * 2_097_153, 2),
    }
    for field, (body, code) in wrong.items():
        done = take_in(body)
        assert (done.exit_code, done.output.count("\n")) == (code, 1), (field, done.output)
        assert done.output.startswith(f"takeback: {field}"), (field, done.output)
        assert not any(one["value"] in done.output for one in make(11, 2).body["entries"][1]["fingerprints"])
    assert channels(clearinghouse, make(11, 2)) == []
    assert noted(clearinghouse) == before


@pytest.mark.parametrize(
    ("channel", "operator", "code", "says"),
    [
        ("browser", "Ana", 2, "--channel"),
        ("test", "Ana", 2, "--channel"),
        ("helpline", "Vi", 3, "operator"),
        ("helpline", "Nobody", 4, "operator list"),
    ],
)
def test_only_an_operator_and_only_by_these_channels(
    clearinghouse: ClearinghouseServer, take_in: TakeIn, channel: str, operator: str, code: int, says: str
) -> None:
    done = take_in(make(20, 1).body, channel, operator)
    assert (done.exit_code, says in done.output) == (code, True), done.output
    assert channels(clearinghouse, make(20, 1)) == []
