"""Changes that need two operators, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from contract.conftest import Run
from takeback.clearinghouse import two_person
from takeback.clock import ManualClock
from takeback.errors import ConflictError, NotAuthorisedError, NotFoundError
from takeback.model.operator import Operator, Role
from takeback.model.proposal import LAPSES_AFTER, Proposal, ProposalKind
from takeback.staff.operators import add_operator, all_operators, close_account
from takeback.staff.two_person import open_proposals
from takeback.storage import audit
from takeback.storage.database import Database


def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 24, 12, tzinfo=UTC))


async def proposed(database: Database, at: ManualClock) -> tuple[Operator, Operator, Proposal]:
    """Two administrators, one of whom proposes to make a viewer an operator."""
    ana = await add_operator(database, at, "Ana", Role.ADMINISTRATOR)
    bo = await add_operator(database, at, "Bo", Role.ADMINISTRATOR)
    new = await add_operator(database, at, "Chi", Role.VIEWER)
    kind, details = ProposalKind.CHANGE_ROLE, {"role": "operator"}
    return ana, bo, await two_person.propose(database, at, ana, kind, new.id, details)


def test_another_carries_it_out_once(run: Run) -> None:
    async def story(database: Database) -> None:
        at = clock()
        ana, bo, waiting = await proposed(database, at)
        with pytest.raises(NotAuthorisedError, match="yourself"):
            await two_person.carry_out(database, at, ana, waiting.id)
        assert [one.id for one in await open_proposals(database, at)] == [waiting.id]
        await two_person.carry_out(database, at, bo, waiting.id)
        assert {one.name: one.role for one in await all_operators(database)}["Chi"] is Role.OPERATOR
        with pytest.raises(ConflictError, match="carried-out already"):
            await two_person.carry_out(database, at, bo, waiting.id)
        assert await open_proposals(database, at) == []
        told = await database.run("events", audit.events)
        assert told[-2:] == [
            f"{ana.id}:{waiting.subject}:propose-change-role",
            f"{bo.id}:{waiting.subject}:change-role",
        ]

    run(story)


def test_what_is_refused_lapsed_or_unknown_is_not_done(run: Run) -> None:
    async def story(database: Database) -> None:
        at = clock()
        ana, bo, waiting = await proposed(database, at)
        await two_person.refuse(database, at, ana, waiting.id)
        with pytest.raises(ConflictError, match="refused already"):
            await two_person.carry_out(database, at, bo, waiting.id)
        old = await two_person.propose(database, at, ana, waiting.kind, waiting.subject, waiting.details)
        at.advance(LAPSES_AFTER + timedelta(seconds=1))
        with pytest.raises(ConflictError, match="too old"):
            await two_person.carry_out(database, at, bo, old.id)
        with pytest.raises(NotFoundError):
            await two_person.carry_out(database, at, bo, "c-0")
        assert {one.name: one.role for one in await all_operators(database)}["Chi"] is Role.VIEWER

    run(story)


def test_a_role_that_is_too_low_is_refused(run: Run) -> None:
    async def story(database: Database) -> None:
        at = clock()
        _, _, waiting = await proposed(database, at)
        low = await add_operator(database, at, "Dee", Role.OPERATOR)
        for attempt in (two_person.carry_out, two_person.refuse):
            with pytest.raises(NotAuthorisedError, match="needs administrator"):
                await attempt(database, at, low, waiting.id)

    run(story)


def test_the_last_administrator_stays(run: Run) -> None:
    async def story(database: Database) -> None:
        at = clock()
        ana, bo, waiting = await proposed(database, at)
        await close_account(database, at, bo.id)
        with pytest.raises(ConflictError, match="last administrator"):
            await close_account(database, at, ana.id)
        await two_person.refuse(database, at, ana, waiting.id)
        with pytest.raises(NotFoundError):
            await close_account(database, at, bo.id)

    run(story)
