"""Operators' commands about entries and the negative list: what they do, show, and never show."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support import loops
from support.commands import run_command
from support.exchange_simulator import md5, pdq, sha256
from takeback.clearinghouse.intake import take_in
from takeback.clearinghouse.keys import open_database
from takeback.clearinghouse.publishing import publish_waiting
from takeback.clock import SystemClock
from takeback.model.entry import Age, Kind, Submission, SubmittedEntry
from takeback.model.operator import Role
from takeback.settings import Settings
from takeback.staff.operators import add_operator
from takeback.storage import entries
from takeback.storage.migrate import migrate

PRINTS = (md5(1), sha256(2), pdq(sum(1 << bit for bit in range(0, 256, 2))))
Takeback = Callable[..., Any]


@pytest.fixture
def kept(tmp_path: Path) -> dict[str, str]:
    """A clearinghouse with one entry, an operator and an administrator; their ids."""
    settings = Settings(data_dir=str(tmp_path))

    async def fill() -> dict[str, str]:
        database = open_database(settings)
        await migrate(database)
        await take_in(database, Submission(Age.UNSURE, (SubmittedEntry(bytes(32), Kind.IMAGE, PRINTS),)))
        await publish_waiting(database, SystemClock())
        (id_,) = await database.run("ids", lambda connection: entries.to_compare(connection, b"", 9))
        ana = await add_operator(database, SystemClock(), "Ana", Role.OPERATOR)
        bo = await add_operator(database, SystemClock(), "Bo", Role.ADMINISTRATOR)
        await database.close()
        return {"entry": id_.hex(), "ana": ana.id, "bo": bo.id}

    return loops.run(fill())


@pytest.fixture
def takeback(tmp_path: Path) -> Takeback:
    return lambda *words: run_command(*words, env={"TAKEBACK_DATA_DIR": str(tmp_path), "COLUMNS": "200"})


def test_an_entry_is_shown_suspended_and_proposed_for_release(takeback: Takeback, kept: dict[str, str]) -> None:
    shown = json.loads(takeback("entry", "show", kept["entry"], "--json").output)
    assert (shown["state"], shown["fingerprints"], "values" in shown) == ("listed", 3, False)
    assert "No entry waits" in takeback("entry", "list").output
    assert takeback("entry", "suspend", kept["entry"], "--operator", kept["ana"]).exit_code == 0
    (row,) = json.loads(takeback("entry", "list", "--json").output)
    assert (row["entry"], row["suspended_by"]) == (kept["entry"], "operator")
    assert kept["entry"] in takeback("entry", "list").output
    for command in ("release", "verify"):
        proposal = takeback("entry", command, kept["entry"], "--operator", kept["ana"])
        assert proposal.output.startswith("c-")
    assert takeback("entry", "release-held", "--operator", kept["ana"]).exit_code == 0


def test_values_are_an_administrator_s(takeback: Takeback, kept: dict[str, str]) -> None:
    everything = ""
    for words in (("show", kept["entry"]), ("show", kept["entry"], "--json"), ("list",)):
        everything += takeback("entry", *words).output
    refused = takeback("entry", "show", kept["entry"], "--values", "--operator", kept["ana"])
    assert (refused.exit_code, "administrator" in refused.output) == (3, True)
    assert takeback("entry", "show", kept["entry"], "--values").exit_code == 2
    everything += refused.output
    assert not any(one.hex in everything for one in PRINTS)
    shown = json.loads(takeback("entry", "show", kept["entry"], "--values", "--operator", kept["bo"], "--json").output)
    assert set(shown["values"]) == {f"{one.type.value}:{one.hex}" for one in PRINTS}


def test_a_public_picture_is_proposed_after_its_effect_is_known(takeback: Takeback, kept: dict[str, str]) -> None:
    words = ("negative", "add", "A logo", "--value", f"pdq:{PRINTS[2].hex}", "--operator", kept["ana"], "--json")
    assert json.loads(takeback(*words, "--dry-run").output) == {"would_suspend": 1}
    made = json.loads(takeback(*words).output)
    assert made["would_suspend"] == 1
    assert made["proposal"].startswith("c-")
    assert json.loads(takeback("negative", "list", "--json").output)["pictures"] == [], "it takes two"
    assert "scripts/write_patterns.py" in takeback("negative", "list").output
    assert takeback("negative", "remove", made["picture"], "--operator", kept["ana"]).output.startswith("c-")


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("entry", "show", "xyz"), 2, "entry"),
        (("entry", "show", "00" * 16), 4, "no entry"),
        (("entry", "show", "00" * 16, "--on-list-of", "p-0"), 4, "participant list"),
        (("entry", "suspend", "00" * 16, "--operator", "o-0"), 4, "operator list"),
        (("entry", "release", "00" * 16, "--operator", "o-0"), 4, "operator list"),
        (("negative", "add", "A logo", "--value", "pdq:1", "--operator", "o-0"), 4, "operator list"),
    ],
)
def test_a_mistake_says_what_to_do(
    takeback: Takeback, kept: dict[str, str], words: tuple[str, ...], code: int, says: str
) -> None:
    assert kept
    done = takeback(*words)
    assert (done.exit_code, says in done.output) == (code, True), done.output
