"""Who is behind, who is slow to take back, and what went wrong last, on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import cast

import pytest

from contract.conftest import Run
from contract.test_clearinghouse import clock, page, secret, submission
from takeback.clearinghouse import participants
from takeback.clearinghouse.by_time import range_of
from takeback.clearinghouse.by_value import FIRST_START, records_since
from takeback.clearinghouse.credentials import ERROR_EVERY, note_error
from takeback.clearinghouse.freshness import (
    TOLD_AGAIN,
    PublicStanding,
    ServicesOfTheMinute,
    note_day,
    public_standings,
    standings,
)
from takeback.clearinghouse.header_keys import end_header_keys, give_header_keys
from takeback.clearinghouse.intake import take_in
from takeback.clearinghouse.publishing import publish_waiting
from takeback.clearinghouse.receipts import status_of
from takeback.clearinghouse.trust import take_feedback
from takeback.clearinghouse.withdrawal import withdraw
from takeback.clock import ManualClock
from takeback.model.change import Upsert
from takeback.model.feedback import ActionTaken, Feedback, Verdict
from takeback.model.health import Health
from takeback.model.participant import Participant
from takeback.model.receipt import ReceiptState
from takeback.settings import Settings
from takeback.storage.database import Database

DAY = timedelta(days=1)


async def healths(database: Database, at: ManualClock) -> dict[str, Health]:
    return {one.participant.name: one.health for one in await standings(database, at, Settings())}


async def slow(database: Database, at: ManualClock, settings: Settings) -> set[str]:
    """The names of those that everybody is told are slow."""
    return {one.name for one in await public_standings(database, at, settings) if one.slow}


def test_who_does_not_take_back_is_named(run: Run) -> None:
    async def story(database: Database) -> None:
        at = clock()
        await note_day(database, at)
        prompt, late = [(await participants.invite(database, at, name)).participant for name in ("Prompt", "Late")]
        await participants.invite(database, at, "Never came")
        await take_in(database, submission(1, 2))
        await publish_waiting(database, at)
        for one in (prompt, late):
            await page(database, one)
            await page(database, one, after=2)
        await withdraw(database, (secret(1),))
        assert (await healths(database, at))["Late"] == Health(1, None, 0, slow=False, verdicts=0)
        at.advance(DAY)  # noon of the next day: at its midnight it was gone for half a day
        await note_day(database, at)
        await page(database, prompt, after=3)
        found = await healths(database, at)
        assert found["Late"] == Health(1, date(2026, 11, 24), 0, slow=False, verdicts=0)
        at.advance(DAY)
        await note_day(database, at)
        assert await slow(database, at, Settings()) == {"Late"}
        found = await healths(database, at)
        assert found["Late"] == Health(1, date(2026, 11, 24), 1, slow=True, verdicts=0)
        assert found["Prompt"] == Health(0, None, 0, slow=False, verdicts=0)
        assert not found["Never came"].slow, "it has no copy that could be late"
        assert await slow(database, at, Settings(slow_after_h=72)) == set()
        await page(database, late, after=3)
        assert await slow(database, at, Settings()) == set()
        await participants.suspend(database, at, late.id)
        assert (await healths(database, at))["Late"].behind == 0, "who is shut out cannot be behind"

    run(story)


class ByTime:
    """A client that asks for [from, to), as those of hash sharing do."""

    def __init__(self, database: Database, member: Participant, at: ManualClock) -> None:
        self.database, self.member, self.at, self.asked = database, member, at, 0

    async def fetch(self) -> None:
        to = int(self.at.now().timestamp())
        await range_of(self.database, self.at, self.member, self.asked, to)
        self.asked = to


class ByValue(ByTime):
    """A client that comes back with the time that it was given last, as StopNCII's do."""

    async def fetch(self) -> None:
        self.asked = (await records_since(self.database, self.at, self.member, self.asked or FIRST_START)).to


@pytest.mark.parametrize("kind", [ByTime, ByValue])
def test_who_asks_in_a_dialect_is_named_as_well(run: Run, kind: type[ByTime]) -> None:
    async def story(database: Database) -> None:
        at = clock()
        await note_day(database, at)
        members = [(await participants.invite(database, at, name)).participant for name in ("Prompt", "Late")]
        prompt, late = [kind(database, member, at) for member in members]
        await take_in(database, submission(1, 2))
        await publish_waiting(database, at)
        for _ in range(2):  # what it was given it has when it comes back
            for client in (prompt, late):
                await client.fetch()
            at.advance(timedelta(minutes=1))
        assert (await healths(database, at))["Late"] == Health(0, None, 0, slow=False, verdicts=0)
        await withdraw(database, (secret(1),))
        for _ in range(2):
            at.advance(DAY)
            await note_day(database, at)
            await prompt.fetch()
        assert await slow(database, at, Settings()) == {"Late"}
        found = await healths(database, at)
        assert (found["Late"].slow, found["Late"].owed) == (True, 1)
        assert found["Prompt"] == Health(0, None, 0, slow=False, verdicts=0)
        await late.fetch()
        assert await slow(database, at, Settings()) == {"Late"}, "it was given the withdrawal, and may have died"
        at.advance(timedelta(minutes=1))
        await late.fetch()
        assert await slow(database, at, Settings()) == set()

    run(story)


def test_a_copy_that_was_never_confirmed_is_as_old_as_its_last_sync(run: Run) -> None:
    async def story(database: Database) -> None:
        at = clock()
        member = (await participants.invite(database, at, "Fetched once")).participant
        await take_in(database, submission(1))
        await publish_waiting(database, at)
        await page(database, member)  # everything, and it never comes back
        at.advance(DAY)
        await note_day(database, at)
        await withdraw(database, (secret(1),))
        for _ in range(2):
            at.advance(DAY)
            await note_day(database, at)
        assert await slow(database, at, Settings()) == {"Fetched once"}

    run(story)


def test_verdicts_are_counted_for_a_month(run: Run) -> None:
    async def story(database: Database) -> None:
        at = clock()
        member = (await participants.invite(database, at, "Reviews")).participant
        await take_in(database, submission(1, 2))
        await publish_waiting(database, at)
        rows = [c.entry.entry for c in (await page(database, member)).changes if isinstance(c, Upsert)]
        said = tuple(Feedback(name, Verdict.CONFIRMED, ActionTaken.KEPT) for name in rows)
        await take_feedback(database, at, member, said)
        assert (await healths(database, at))["Reviews"].verdicts == 2
        at.advance(31 * DAY)
        assert (await healths(database, at))["Reviews"].verdicts == 0

    run(story)


def test_the_last_error_is_a_code_and_a_time(run: Run) -> None:
    async def story(database: Database) -> None:
        at, member = clock(), (await participants.invite(database, clock(), "Errs")).participant

        async def noted() -> tuple[object, object]:
            found = await participants.find(database, member.id)
            assert found is not None
            return found.last_error, found.last_error_at

        assert await noted() == (None, None)
        begun = at.now()
        await note_error(database, at, member.id, "not-authorised")
        at.advance(ERROR_EVERY / 2)
        await note_error(database, at, member.id, "not-authorised")
        assert await noted() == ("not-authorised", begun), "a flood of them costs no writes"
        await note_error(database, at, member.id, "invalid-input")
        assert await noted() == ("invalid-input", at.now())
        await note_error(database, at, "p-nobody", "invalid-input")

    run(story)


def test_who_has_header_keys_cannot_show_that_it_forgets(run: Run) -> None:
    async def story(database: Database) -> None:
        at = clock()
        await note_day(database, at)
        stock, own = [(await participants.invite(database, at, name)).participant for name in ("Stock", "Own")]
        await give_header_keys(database, at, stock.id, bytes(32))
        await take_in(database, submission(1))
        await publish_waiting(database, at)
        named: dict[str, tuple[Feedback, ...]] = {}

        async def both_fetch(since: int) -> int:
            """Twice each, so that it is known that they have it. Gives where the stock client goes on."""
            asked = await records_since(database, at, stock, since)
            at.advance(timedelta(minutes=1))
            await records_since(database, at, stock, asked.to)
            await page(database, own, after=(await page(database, own)).next)
            return asked.to

        async def fetched() -> tuple[ReceiptState, int | None]:
            (one,) = await status_of(database, (secret(1),))
            return one.state, one.fetched_by

        since = await both_fetch(FIRST_START)
        assert await fetched() == (ReceiptState.LISTED, 2)
        for one in (stock, own):
            (change,) = (await page(database, one)).changes
            assert isinstance(change, Upsert)
            named[one.id] = (Feedback(change.entry.entry, Verdict.WRONG, ActionTaken.KEPT),)
        for one in (stock, own):
            await take_feedback(database, at, one, named[one.id])
        assert await fetched() == (ReceiptState.SUSPENDED, 0)
        await both_fetch(since)
        assert await fetched() == (ReceiptState.SUSPENDED, 1), "the stock client goes on matching it"
        assert {name: one.unproven for name, one in (await healths(database, at)).items()} == {
            "Own": False,
            "Stock": True,
        }
        assert await public_standings(database, at, Settings()) == (
            PublicStanding("Own", slow=False, unproven=False),
            PublicStanding("Stock", slow=False, unproven=True),
        )
        await end_header_keys(database, at, stock.id)
        assert await fetched() == (ReceiptState.SUSPENDED, 2)
        assert not (await healths(database, at))["Stock"].unproven

    run(story)


def test_what_everybody_may_know_of_services_is_looked_up_once_a_minute(run: Run) -> None:
    class NoDatabase:
        """Whoever asks it something fails."""

    async def story(database: Database) -> None:
        at, services, nothing = clock(), ServicesOfTheMinute(), cast("Database", NoDatabase())
        await participants.invite(database, at, "First")
        told = await services.get(database, at, Settings())
        assert [one.name for one in told] == ["First"]
        await participants.invite(database, at, "Second")
        at.advance(TOLD_AGAIN - timedelta(seconds=1))
        assert await services.get(nothing, at, Settings()) == told
        at.advance(timedelta(seconds=1))
        told = await services.get(database, at, Settings())
        assert [one.name for one in told] == ["First", "Second"]

    run(story)
