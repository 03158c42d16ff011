"""What operators take in by hand, on both databases: the rules of the page, its channel, and what the audit keeps."""

from __future__ import annotations

import pytest

from contract.conftest import Run
from contract.test_clearinghouse import clock, invited, secret, states, submission
from contract.test_trust import entry, staff
from support.exchange_simulator import pdq
from takeback.clearinghouse.by_time import page_of, range_of
from takeback.clearinghouse.intake import take_in, take_in_by_hand
from takeback.clearinghouse.publishing import publish_waiting
from takeback.clearinghouse.withdrawal import withdraw
from takeback.errors import ConflictError, InvalidInputError, TakebackError, TooCommonError
from takeback.matching.negative import patterns
from takeback.model.channel import Channel
from takeback.model.entry import Age, Submission
from takeback.model.receipt import ReceiptState
from takeback.staff.negative import NegativeGate
from takeback.storage import audit
from takeback.storage.database import Database

LISTED, WAITING, UNLISTED = ReceiptState.LISTED, ReceiptState.WAITING, ReceiptState.UNLISTED


def test_each_channel_is_kept_and_the_audit_says_who_and_how_many(run: Run) -> None:
    async def story(database: Database) -> None:
        (ana, _), gate, reader = await staff(database), NegativeGate(), await invited(database)
        await take_in(database, submission(1))
        brought = [(Channel.HELPLINE, (1, 2, 3), 2), (Channel.OPERATOR, (4,), 1), (Channel.OPERATOR, (2, 4), 0)]
        for channel, numbers, new in brought:
            assert await take_in_by_hand(database, clock(), ana, submission(*numbers), gate, channel) == new
        assert await states(database, 1, 2, 3, 4) == [WAITING] * 4
        await publish_waiting(database, clock())
        assert await states(database, 1, 2, 3, 4) == [LISTED] * 4
        asked = await range_of(database, clock(), reader, 0, int(clock().now().timestamp()))
        page = await page_of(database, reader, asked, lambda one: one, limit=10)
        assert sorted(one.channel for one in page.changes) == ["browser", "helpline", "helpline", "operator"]
        told = await database.run("events", audit.events)
        assert [one for one in told if one.endswith(":take-in")] == [
            f"{ana.id}:channel/helpline:2:take-in",
            f"{ana.id}:channel/operator:1:take-in",
            f"{ana.id}:channel/operator:0:take-in",
        ]
        found = await database.run("s", lambda c: audit.search(c, audit.Search(subject="channel/helpline")))
        assert [(one.actor, one.subject, one.action) for one in found] == [(ana.id, "channel/helpline:2", "take-in")]

    run(story)


def test_a_refusal_keeps_nothing_and_notes_nothing(run: Run) -> None:
    async def story(database: Database) -> None:
        (ana, _), gate = await staff(database), NegativeGate()
        await take_in(database, submission(1, 2))
        await withdraw(database, (secret(2),))
        common = Submission(Age.UNSURE, (entry(6), entry(7, pdq(int.from_bytes(patterns()[0][1])))))
        refused: list[tuple[Submission, Channel, type[TakebackError], str]] = [
            (submission(1, 3, value=500), Channel.HELPLINE, ConflictError, r"entries\[0\]\.receipt"),
            (submission(3, 2), Channel.HELPLINE, ConflictError, r"entries\[1\]\.receipt: its entry was withdrawn"),
            (common, Channel.OPERATOR, TooCommonError, r"entries\[1\]\.fingerprints\[2\]\.value"),
            (submission(3), Channel.BROWSER, InvalidInputError, "channel"),
            (submission(3), Channel.TEST, InvalidInputError, "channel"),
        ]
        for given, channel, error, says in refused:
            with pytest.raises(error, match=says):
                await take_in_by_hand(database, clock(), ana, given, gate, channel)
        assert await states(database, 1, 2, 3, 6, 7) == [WAITING, UNLISTED, UNLISTED, UNLISTED, UNLISTED]
        assert not any(one.endswith(":take-in") for one in await database.run("events", audit.events))

    run(story)
