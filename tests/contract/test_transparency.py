"""What became of entries, as the database says it, on both."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from contract.conftest import Run
from contract.test_clearinghouse import invited, page, secret, submission
from takeback.clearinghouse.intake import take_in
from takeback.clearinghouse.publishing import publish_waiting
from takeback.clearinghouse.transparency import Period, TransparencyOfTheDay
from takeback.clearinghouse.trust import take_feedback
from takeback.clearinghouse.withdrawal import withdraw
from takeback.clock import ManualClock
from takeback.model.change import Upsert
from takeback.model.feedback import ActionTaken, Feedback, Verdict
from takeback.model.participant import Participant
from takeback.storage.database import Database
from takeback.storage.outcomes import outcomes


def test_figures_by_month(run: Run) -> None:
    async def story(database: Database) -> None:
        now = ManualClock(datetime(2026, 3, 30, 12, tzinfo=UTC))
        one, other = await invited(database, "One"), await invited(database, "Other")
        await take_in(database, submission(*range(14)))
        await publish_waiting(database, now)
        figures = TransparencyOfTheDay()
        assert (await figures.get(database, now)).periods == ()

        async def say(reader: Participant, count: int, verdict: Verdict, action: ActionTaken) -> None:
            changes = (await page(database, reader)).changes
            names = [change.entry.entry for change in changes if isinstance(change, Upsert)][:count]
            await take_feedback(database, now, reader, tuple(Feedback(n, verdict, action) for n in names))

        await say(one, 3, Verdict.WRONG, ActionTaken.KEPT)
        now.advance(timedelta(days=4))
        await say(other, 14, Verdict.CONFIRMED, ActionTaken.REMOVED)
        now.advance(timedelta(days=9))
        await say(one, 14, Verdict.CONFIRMED, ActionTaken.REMOVED)
        found = await database.run("outcomes", outcomes)
        assert {(one.listed_on, one.judged_on, one.removed_on) for one in found} == {
            (date(2026, 3, 30), date(2026, 4, 3), date(2026, 4, 3))
        }, "what counts is who was first; a later verdict of one service replaces its earlier one"
        assert {(one.confirmed, one.wrong) for one in found} == {(2, 0)}
        shown = await figures.get(database, now)
        assert shown.periods == (Period("2026-04", "2026-04", 10, None, 7),)
        assert shown.listed_by_tier == {"confirmed": 10}

        await withdraw(database, tuple(secret(n) for n in range(14)))
        assert await figures.get(database, now) == shown, "figures move once a day"
        now.advance(timedelta(days=1))
        assert (await figures.get(database, now)).periods == ()

    run(story)
