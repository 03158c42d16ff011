"""Today's picture, all of it, on both databases: intake, tiers, verdicts, who keeps up, and how old what waits is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from contract.conftest import Run
from contract.test_clearinghouse import LIST, secret, submission
from support.held import hold
from support.joining import applying, two_operators
from takeback.clearinghouse import applications, looking, participants, review, two_person
from takeback.clearinghouse.feed import page_for
from takeback.clearinghouse.freshness import note_day
from takeback.clearinghouse.intake import take_in
from takeback.clearinghouse.picture import Picture, picture
from takeback.clearinghouse.publishing import publish_waiting
from takeback.clearinghouse.statistics import list_statistics
from takeback.clearinghouse.trust import take_feedback
from takeback.clearinghouse.withdrawal import withdraw_later
from takeback.clock import ManualClock
from takeback.model.application import Application
from takeback.model.feedback import ActionTaken, Feedback, Verdict
from takeback.model.operator import Operator
from takeback.model.participant import Participant
from takeback.model.proposal import ProposalKind
from takeback.model.receipt import receipt_digest
from takeback.model.view import View
from takeback.settings import Settings
from takeback.storage import entries
from takeback.storage.database import Database

TODAY = date(2026, 11, 24)
SETTINGS = Settings(burst_hold_days=2)


class Days:
    """A clearinghouse over some weeks, always at noon."""

    def __init__(self, database: Database, ana: Operator) -> None:
        self.database, self.ana = database, ana
        self.clock = ManualClock(datetime(2026, 10, 20, 12, tzinfo=UTC))

    async def to(self, day: date) -> None:
        while self.clock.now().date() < day:
            self.clock.advance(timedelta(days=1))
            await note_day(self.database, self.clock)

    async def entry(self, number: int) -> bytes:
        digest = receipt_digest(secret(number))
        found = await self.database.run("one", lambda connection: entries.by_receipts(connection, [digest]))
        return found[digest].id

    async def publish(self, *numbers: int) -> None:
        await take_in(self.database, submission(*numbers))
        await publish_waiting(self.database, self.clock)

    async def suspend(self, number: int) -> None:
        await review.suspend_entry(self.database, self.clock, self.ana, await self.entry(number))

    async def fetch(self, reader: Participant) -> None:
        await page_for(self.database, self.clock, reader, list_id=LIST, after=0, limit=100)

    async def judge(self, reader: Participant, number: int, verdict: Verdict) -> None:
        name = View(reader.view_key).name_of(await self.entry(number))
        await take_feedback(self.database, self.clock, reader, (Feedback(name, verdict, ActionTaken.KEPT),))

    async def apply(self, name: str) -> Application:
        return await applications.apply(self.database, self.clock, SETTINGS, applying(name), version="takeback-1")

    async def propose(self) -> None:
        subject = looking.subject_of(await self.entry(1))
        await two_person.propose(self.database, self.clock, self.ana, ProposalKind.RELEASE_ENTRY, subject, {})


def test_all_of_it(run: Run) -> None:
    async def story(database: Database) -> None:
        start = ManualClock(datetime(2026, 10, 20, 12, tzinfo=UTC))
        ana, _ = await two_operators(database, start)
        at = Days(database, ana)
        await note_day(database, at.clock)
        prompt, slow, _, shut = [
            (await participants.invite(database, at.clock, name)).participant
            for name in ("Prompt", "Slow", "Never came", "Shut out")
        ]
        await participants.suspend(database, at.clock, shut.id)
        await at.publish(1, 2, 3, 4, 5, 6)
        await at.suspend(1)

        await at.to(date(2026, 11, 4))
        await at.apply("Waits for twenty days")
        await at.publish(7, 8)
        await at.suspend(2)
        for reader in (prompt, slow):
            await at.judge(reader, 3, Verdict.CONFIRMED)

        await at.to(date(2026, 11, 21))
        await at.apply("Waits for three days")
        refused = await at.apply("Refused")
        await applications.refuse_application(database, at.clock, refused.id)
        await at.suspend(4)
        await at.judge(prompt, 5, Verdict.WRONG)
        await at.fetch(slow)
        await at.propose()

        await at.to(date(2026, 11, 23))
        await hold(database, at.clock, 100, 101)
        await at.to(TODAY)
        await hold(database, at.clock, 102)
        await at.apply("Came today")
        await at.suspend(7)
        await at.propose()
        await take_in(database, submission(9))
        await withdraw_later(database, at.clock, (secret(6),))
        await at.fetch(prompt)

        def by_day(**counts: int) -> list[tuple[date, int]]:
            days = [TODAY - timedelta(days=29 - back) for back in range(30)]
            return [(day, counts.get(f"{day:%b%d}", 0)) for day in days]

        found = await picture(database, at.clock, SETTINGS)
        assert found == Picture(
            statistics=await list_statistics(database),
            published=by_day(Nov04=2),
            confirmed=by_day(Nov04=2),
            wrong=by_day(Nov21=1),
            suspended_by_tier={"submitted": 4, "corroborated": 0, "confirmed": 0, "verified": 0},
            last_fetch={"within the hour": 1, "within a day": 0, "within a week": 1, "longer ago": 0, "never": 1},
            proposal_ages={"within the hour": 1, "within a day": 0, "within a week": 1, "longer ago": 0},
            suspended_ages={"since today": 1, "up to a week": 1, "up to a month": 1, "longer than a month": 1},
            application_ages={"since today": 1, "up to a week": 1, "up to a month": 1, "longer than a month": 0},
            held_ages={"since today": 1, "up to a week": 2, "up to a month": 0, "longer than a month": 0},
            withdrawals={date(2026, 11, 26): 1},
        )
        statistics = found.statistics
        assert statistics.entries_by_state == {"waiting": 4, "listed": 4, "suspended": 4, "withdrawn": 0}
        assert statistics.listed_by_tier == {"submitted": 3, "confirmed": 1}
        assert statistics.feedback_by_verdict == {"confirmed": 2, "wrong": 1}
        assert (statistics.active_participants, found.waiting) == (3, 4)

    run(story)


def test_of_nothing_it_is_all_zeros(run: Run) -> None:
    async def story(database: Database) -> None:
        found = await picture(database, ManualClock(datetime(2026, 11, 24, 12, tzinfo=UTC)), SETTINGS)
        for counts in (found.suspended_ages, found.application_ages, found.held_ages, found.proposal_ages):
            assert set(counts.values()) == {0}
        assert {number for _, number in [*found.published, *found.confirmed, *found.wrong]} == {0}
        assert found.withdrawals == {}

    run(story)
