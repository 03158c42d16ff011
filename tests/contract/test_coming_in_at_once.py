"""Submissions that come in at the same time, in several transactions: each receipt once, and nothing slips through."""

from __future__ import annotations

import asyncio
import random
from collections import Counter

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from contract.conftest import Run
from contract.test_clearinghouse import clock, secret, states
from contract.test_trust import both, entry, picture, staff, value
from support.exchange_simulator import pdq
from takeback.clearinghouse.intake import AT_ONCE, intake, take_in
from takeback.clearinghouse.negative import compare_new_values
from takeback.clearinghouse.publishing import publish_waiting
from takeback.clearinghouse.statistics import list_statistics
from takeback.clearinghouse.withdrawal import withdraw
from takeback.errors import ConflictError
from takeback.matching.negative import NegativeList
from takeback.model.entry import Age, Submission
from takeback.model.proposal import ProposalKind
from takeback.model.receipt import ReceiptState
from takeback.staff.negative import NegativeGate, addition
from takeback.storage.database import Database

_BLOCKED = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


def test_two_processes_take_in_the_same_in_any_order_once(run: Run) -> None:
    async def story(database: Database) -> None:
        drawn = random.Random(7)
        processes = [intake(database, NegativeGate()) for _ in range(AT_ONCE)]
        given = [tuple(drawn.sample(range(60), 5)) for _ in range(80)]
        asked = [process.ask(picture(*numbers)) for numbers in given for process in processes]
        publishing = asyncio.create_task(publish_waiting(database, clock()))
        assert await asyncio.gather(*asked) == [5] * len(asked)
        await publishing
        await publish_waiting(database, clock())
        distinct = len({number for numbers in given for number in numbers})
        assert (await list_statistics(database)).entries_by_state["listed"] == distinct

    run(story)


def test_of_two_that_contradict_each_other_one_is_kept(run: Run) -> None:
    async def story(database: Database) -> None:
        processes = [intake(database, NegativeGate()) for _ in range(AT_ONCE)]
        other = [Submission(Age.UNSURE, (entry(number, pdq(value(number + 1_000))),)) for number in range(30)]
        asked = [
            process.ask(one)
            for number in range(30)
            for process, one in zip(processes, (picture(number), other[number]), strict=True)
        ]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        for first, second in zip(answers[::2], answers[1::2], strict=True):
            assert Counter(map(type, (first, second))) == {int: 1, ConflictError: 1}

    run(story)


class HeldUp(NegativeGate):
    """A gate before which somebody stands still, with what it has read."""

    def __init__(self) -> None:
        super().__init__()
        self.has_read, self.go_on = asyncio.Event(), asyncio.Event()

    async def read(self, connection: AsyncConnection) -> NegativeList:
        found = await super().read(connection)
        self.has_read.set()
        await self.go_on.wait()
        return found


def test_a_value_that_is_added_meanwhile_suspends_what_came_in_without_it(run: Run) -> None:
    async def story(database: Database) -> None:
        await staff(database)
        gate, new = HeldUp(), addition("A logo", [f"pdq:{value(1):064x}"])
        coming = asyncio.create_task(take_in(database, picture(1), gate))
        await gate.has_read.wait()
        adding = asyncio.create_task(both(database, clock(), ProposalKind.ADD_NEGATIVE, new.subject, new.details))
        await stands_still(database, adding)
        gate.go_on.set()
        assert await coming == 1
        await adding
        assert await compare_new_values(database, clock()) == 1
        assert await states(database, 1) == [ReceiptState.SUSPENDED]

    run(story)


def test_a_withdrawal_meanwhile_comes_behind_what_is_sent_again(run: Run) -> None:
    async def story(database: Database) -> None:
        await take_in(database, picture(1))
        await publish_waiting(database, clock())
        gate = HeldUp()
        again = asyncio.create_task(take_in(database, picture(1), gate))
        await gate.has_read.wait()
        withdrawing = asyncio.create_task(withdraw(database, (secret(1),)))
        await stands_still(database, withdrawing)
        gate.go_on.set()
        assert await again == 1, "what is there is there"
        await withdrawing
        with pytest.raises(ConflictError, match="was withdrawn"):
            await take_in(database, picture(1))

    run(story)


async def stands_still(database: Database, task: asyncio.Task[None]) -> None:
    """Returns when a task waits for another's transaction. One that goes on instead fails."""

    async def waits() -> bool:
        if database.is_sqlite:
            return database._turn.locked()
        return bool(await database.read("blocked", lambda connection: connection.scalar(_BLOCKED)))

    async with asyncio.timeout(30):
        while not (task.done() or await waits()):  # noqa: ASYNC110 - another's transaction sets no event
            await asyncio.sleep(0.01)
    assert not task.done()
