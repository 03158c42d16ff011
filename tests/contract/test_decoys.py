"""Decoys: who still finds what was taken back, on both databases; and the commands around them."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from contract.conftest import Run
from contract.test_clearinghouse import clock, page, pdq
from contract.test_freshness import slow
from support import loops
from support.commands import run_command
from takeback.clearinghouse import participants
from takeback.clearinghouse.decoys import add_decoy, all_decoys, found_by_hand, withdraw_decoy
from takeback.clearinghouse.hits import Brake, take_hits
from takeback.clearinghouse.keys import open_database
from takeback.clearinghouse.publishing import publish_waiting
from takeback.clearinghouse.trust import take_feedback
from takeback.clock import ManualClock, SystemClock, today
from takeback.errors import ConflictError, NotAuthorisedError, NotFoundError
from takeback.media import Fingerprinter
from takeback.model.change import Upsert
from takeback.model.decoy import NAMED_DAYS, DecoyState
from takeback.model.feedback import ActionTaken, Feedback, Verdict
from takeback.model.hits import Hits
from takeback.model.operator import Operator, Role
from takeback.model.participant import Participant
from takeback.settings import Settings
from takeback.staff.operators import add_operator
from takeback.storage.database import Database

DAY = timedelta(days=1)
BRAKE = Brake(1_000, 2)


async def begun(database: Database, at: ManualClock) -> tuple[Operator, Participant, str]:
    """An operator, a participant that was given a decoy, and its name on that participant's list."""
    ana = await add_operator(database, at, "Ana", Role.OPERATOR)
    member = (await participants.invite(database, at, "Photo site")).participant
    await add_decoy(database, at, ana, member.id, (pdq(1),))
    await publish_waiting(database, at)
    (change,) = (await page(database, member)).changes
    assert isinstance(change, Upsert)
    return ana, member, change.entry.entry


async def state(database: Database) -> DecoyState:
    (one,) = await all_decoys(database)
    return one.state


def test_who_still_finds_it_after_its_withdrawal_is_named(run: Run) -> None:
    async def story(database: Database) -> None:
        at = clock()
        ana, member, name = await begun(database, at)
        assert await state(database) is DecoyState.UNFOUND
        await take_hits(database, at, member, (Hits(name, today(at), 1),), BRAKE)
        assert await state(database) is DecoyState.FOUND
        (decoy,) = await all_decoys(database)
        await withdraw_decoy(database, at, ana, decoy.id)
        at.advance(DAY)
        await take_hits(database, at, member, (Hits(name, today(at), 1),), BRAKE)
        assert await state(database) is DecoyState.WITHDRAWN, "everybody has a day to fetch the list"
        assert await slow(database, at, Settings(slow_after_h=999)) == set()
        at.advance(DAY)
        taken = await take_hits(database, at, member, (Hits(name, today(at), 1),), BRAKE)
        assert (taken.taken, await state(database)) == (0, DecoyState.STILL_FOUND)
        assert await slow(database, at, Settings(slow_after_h=999)) == {"Photo site"}
        at.advance((NAMED_DAYS + 1) * DAY)
        assert await slow(database, at, Settings(slow_after_h=9_999)) == set()

    run(story)


def test_a_verdict_or_an_operators_eyes_say_it_as_well(run: Run) -> None:
    async def story(database: Database) -> None:
        at = clock()
        ana, member, name = await begun(database, at)
        (decoy,) = await all_decoys(database)
        await withdraw_decoy(database, at, ana, decoy.id)
        at.advance(2 * DAY)
        await take_feedback(database, at, member, (Feedback(name, Verdict.CONFIRMED, ActionTaken.REMOVED),))
        assert await state(database) is DecoyState.STILL_FOUND
        at.advance(DAY)
        seen = await found_by_hand(database, at, ana, decoy.id)
        assert (seen.state, seen.found_on) == (DecoyState.STILL_FOUND, today(at))

    run(story)


def test_another_participants_finds_say_nothing(run: Run) -> None:
    async def story(database: Database) -> None:
        at = clock()
        ana, _, _ = await begun(database, at)
        other = (await participants.invite(database, at, "Another")).participant
        (change,) = (await page(database, other)).changes
        assert isinstance(change, Upsert)
        await take_hits(database, at, other, (Hits(change.entry.entry, today(at), 1),), BRAKE)
        assert await state(database) is DecoyState.UNFOUND
        with pytest.raises(NotFoundError):
            await add_decoy(database, at, ana, "p-none", (pdq(2),))
        viewer = await add_operator(database, at, "Vi", Role.VIEWER)
        with pytest.raises(NotAuthorisedError):
            await add_decoy(database, at, viewer, other.id, (pdq(2),))
        (decoy,) = await all_decoys(database)
        await withdraw_decoy(database, at, ana, decoy.id)
        with pytest.raises(ConflictError):
            await withdraw_decoy(database, at, ana, decoy.id)

    run(story)


def test_the_commands_draw_list_and_withdraw(tmp_path: Path) -> None:
    environment = {"TAKEBACK_DATA_DIR": str(tmp_path / "data"), "COLUMNS": "200"}
    drawing = tmp_path / "decoy.png"

    def takeback(*words: str) -> str:
        done = run_command("decoy", *words, env=environment)
        assert done.exit_code == 0, done.output
        return done.stdout

    assert run_command("operator", "add", "Ana", "--role", "administrator", env=environment).exit_code == 0
    settings = Settings(data_dir=str(tmp_path / "data"))

    async def in_database(work) -> object:
        database = open_database(settings)
        try:
            return await work(database)
        finally:
            await database.close()

    member = loops.run(in_database(lambda database: participants.invite(database, SystemClock(), "Site"))).participant
    made = json.loads(takeback("make", member.id, str(drawing), "--operator", "Ana", "--json"))
    assert made["state"] == "unfound"

    async def listed(database: Database) -> object:
        await publish_waiting(database, SystemClock())
        return await page(database, member)

    (change,) = loops.run(in_database(listed)).changes
    with Fingerprinter() as fingerprinter:
        assert set(change.entry.fingerprints) == set(fingerprinter.fingerprint(drawing).fingerprints)
    assert takeback("found", made["decoy"], "--operator", "Ana").strip() == made["decoy"]
    assert json.loads(takeback("withdraw", made["decoy"], "--operator", "Ana", "--json"))["state"] == "withdrawn"
    assert [one["decoy"] for one in json.loads(takeback("list", "--json"))] == [made["decoy"]]
    assert "withdrawn" in takeback("list")
