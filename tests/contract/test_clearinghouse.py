"""What the clearinghouse promises, on both databases."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from contract.conftest import Run
from support.exchange_simulator import md5, pdq, sha256
from takeback.clearinghouse import participants
from takeback.clearinghouse.feed import page_for
from takeback.clearinghouse.intake import take_in
from takeback.clearinghouse.publishing import publish_waiting
from takeback.clearinghouse.receipts import status_of
from takeback.clearinghouse.statistics import list_statistics
from takeback.clearinghouse.trust import take_feedback
from takeback.clearinghouse.withdrawal import keep, withdraw, withdraw_due, withdraw_later
from takeback.clock import ManualClock
from takeback.errors import ConflictError, InvalidInputError, NotFoundError
from takeback.model.change import ChangePage, Tombstone, Upsert
from takeback.model.entry import Age, Kind, Submission, SubmittedEntry
from takeback.model.feedback import ActionTaken, Feedback, Verdict
from takeback.model.list_digest import digest_of
from takeback.model.participant import Participant
from takeback.model.receipt import ReceiptState, receipt_digest
from takeback.model.tier import StrongestAction, Tier
from takeback.storage.database import Database
from takeback.storage.migrate import migrate
from takeback.storage.schema import entry, metadata

LIST = "test.example/list"


def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 24, 12, tzinfo=UTC))


def secret(number: int) -> bytes:
    return number.to_bytes(32, "big")


def submission(*numbers: int, value: int = 0) -> Submission:
    return Submission(
        Age.UNDER_18,
        tuple(
            SubmittedEntry(receipt_digest(secret(n)), Kind.IMAGE, (md5(n + value), sha256(n + value))) for n in numbers
        ),
    )


async def invited(database: Database, name: str = "Photoshare") -> Participant:
    return (await participants.invite(database, clock(), name)).participant


async def page(database: Database, reader: Participant, after: int = 0, limit: int = 1000) -> ChangePage:
    current = await participants.find(database, reader.id)
    assert current is not None
    return await page_for(database, clock(), current, list_id=LIST, after=after, limit=limit)


async def states(database: Database, *numbers: int) -> list[ReceiptState]:
    return [status.state for status in await status_of(database, tuple(secret(n) for n in numbers))]


def test_an_entry_lives_through_all_of_its_states(run: Run) -> None:
    async def story(database: Database) -> None:
        reader = await invited(database)
        assert await take_in(database, submission(1)) == 1
        assert await states(database, 1) == [ReceiptState.WAITING]
        assert (await page(database, reader)).changes == ()

        assert await publish_waiting(database, clock()) == 1
        (status,) = await status_of(database, (secret(1),))
        assert (status.state, status.since, status.services) == (ReceiptState.LISTED, date(2026, 11, 24), 1)
        assert (status.fetched_by, status.removed_on) == (0, 0)
        first = await page(database, reader)
        (upsert,) = first.changes
        assert isinstance(upsert, Upsert)
        assert set(upsert.entry.fingerprints) == {md5(1), sha256(1)}
        assert (upsert.entry.tier, upsert.entry.action) == (Tier.SUBMITTED, StrongestAction.HOLD)
        assert first.head == digest_of([upsert.entry])

        await page(database, reader, after=first.next)  # coming back says that the page was kept
        await take_feedback(
            database, clock(), reader, (Feedback(upsert.entry.entry, Verdict.CONFIRMED, ActionTaken.REMOVED),)
        )
        (status,) = await status_of(database, (secret(1),))
        assert (status.fetched_by, status.removed_on) == (1, 1)

        await withdraw(database, (secret(1),))
        assert await states(database, 1) == [ReceiptState.UNLISTED]
        last = await page(database, reader, after=first.next)
        assert last.changes == (Tombstone(upsert.entry.entry, last.next),)
        assert last.head == digest_of([])

    run(story)


def test_sending_again_adds_nothing(run: Run) -> None:
    async def story(database: Database) -> None:
        await take_in(database, submission(1, 2))
        assert await take_in(database, submission(1, 2)) == 2
        assert await take_in(database, submission(2, 3)) == 2
        await publish_waiting(database, clock())
        assert await take_in(database, submission(1)) == 1
        assert (await list_statistics(database)).entries_by_state["listed"] == 3

    run(story)


def test_a_receipt_stands_for_one_entry_for_ever(run: Run) -> None:
    async def story(database: Database) -> None:
        await take_in(database, submission(1))
        with pytest.raises(ConflictError, match=r"entries\[1\].receipt"):
            await take_in(database, submission(2, 1, value=7))
        assert await states(database, 2) == [ReceiptState.UNLISTED]  # nothing of it was kept
        await withdraw(database, (secret(1),))
        with pytest.raises(ConflictError, match="withdrawn"):
            await take_in(database, submission(1))

    run(story)


def test_a_withdrawal_erases(run: Run, address: str, tmp_path: Path) -> None:
    async def story(database: Database) -> None:
        async def sealed(connection: AsyncConnection) -> list[bytes]:
            rows = await connection.execute(select(entry.c.sealed).where(entry.c.sealed.is_not(None)))
            return list(rows.scalars())

        reader = await invited(database)
        await take_in(database, submission(1, 2))
        before = await database.run("look", sealed)
        await publish_waiting(database, clock())
        first = await page(database, reader)
        await take_feedback(
            database,
            clock(),
            reader,
            tuple(
                Feedback(c.entry.entry, Verdict.WRONG, ActionTaken.KEPT) for c in first.changes if isinstance(c, Upsert)
            ),
        )
        await withdraw(database, (secret(1), secret(77)))
        await withdraw(database, (secret(1),))  # once more changes nothing
        assert (await page(database, reader)).next == first.next + 1

        (stays,) = await database.run("look", sealed)
        blobs.update(stays=stays, gone=next(one for one in before if one != stays))
        assert await database.run("votes", votes) == 1

    async def votes(connection: AsyncConnection) -> int:
        return int((await connection.execute(text("SELECT count(*) FROM feedback"))).scalar_one())

    blobs: dict[str, bytes] = {}
    run(story)
    if address.startswith("sqlite"):
        file = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.name.startswith("clearinghouse.db"))
        assert blobs["stays"] in file
        assert blobs["gone"] not in file


def test_a_withdrawal_can_be_thought_over(run: Run) -> None:
    """Asked for ahead it changes nothing for 24 hours; then it is a withdrawal like any other."""

    async def story(database: Database) -> None:
        time, reader = clock(), await invited(database)
        await take_in(database, submission(1, 2, 3))
        await publish_waiting(database, time)
        await withdraw_later(database, time, (secret(1), secret(2), secret(77)))
        (planned, *_) = await status_of(database, (secret(1),))
        assert (planned.state, planned.withdraw_on) == (ReceiptState.LISTED, date(2026, 11, 26))
        time.advance(timedelta(hours=24))
        await withdraw_later(database, time, (secret(1),))  # asking once more does not put it off
        assert await withdraw_due(database, time) == 0
        assert len((await page(database, reader)).changes) == 3

        await keep(database, (secret(2), secret(77)))
        assert [status.withdraw_on for status in await status_of(database, (secret(2), secret(3)))] == [None, None]
        time.advance(timedelta(hours=24))
        assert await withdraw_due(database, time) == 1
        assert await withdraw_due(database, time) == 0
        assert await states(database, 1, 2, 3) == [ReceiptState.UNLISTED, ReceiptState.LISTED, ReceiptState.LISTED]
        changes = (await page(database, reader)).changes
        assert sum(isinstance(change, Tombstone) for change in changes) == 1
        await keep(database, (secret(1),))  # too late
        await withdraw_later(database, time, (secret(1),))
        time.advance(timedelta(days=9))
        assert await withdraw_due(database, time) == 0

    run(story)


def test_what_waits_can_be_withdrawn_later_too(run: Run) -> None:
    async def story(database: Database) -> None:
        time = clock()
        await take_in(database, submission(1))
        await withdraw_later(database, time, (secret(1),))
        (status,) = await status_of(database, (secret(1),))
        assert (status.state, status.withdraw_on) == (ReceiptState.WAITING, date(2026, 11, 26))
        time.advance(timedelta(days=2))
        assert await withdraw_due(database, time) == 1
        assert await publish_waiting(database, time) == 0

    run(story)


def test_two_participants_share_no_name(run: Run) -> None:
    async def story(database: Database) -> None:
        one, other = await invited(database, "One"), await invited(database, "Other")
        await take_in(database, submission(*range(20)))
        await publish_waiting(database, clock())
        names = [
            {c.entry.entry for c in (await page(database, r)).changes if isinstance(c, Upsert)} for r in (one, other)
        ]
        assert len(names[0]) == len(names[1]) == 20
        assert not names[0] & names[1]
        with pytest.raises(InvalidInputError):
            await take_feedback(database, clock(), one, (Feedback("z" * 32, Verdict.WRONG, ActionTaken.KEPT),))
        taken = await take_feedback(
            database, clock(), one, tuple(Feedback(n, Verdict.WRONG, ActionTaken.KEPT) for n in names[1])
        )
        assert (taken.taken, taken.unknown) == (0, 20)

    run(story)


def test_votes_move_the_tier_and_suspend(run: Run) -> None:
    async def story(database: Database) -> None:
        voters = [await invited(database, f"Voter {n}") for n in range(4)]
        await take_in(database, submission(1))
        await publish_waiting(database, clock())

        async def vote(voter: Participant, verdict: Verdict) -> tuple[str, str]:
            (change,) = (await page(database, voter)).changes
            name = change.entry.entry if isinstance(change, Upsert) else change.entry
            await take_feedback(database, clock(), voter, (Feedback(name, verdict, ActionTaken.KEPT),))
            (change,) = (await page(database, voters[3])).changes
            return (
                ("off", "") if isinstance(change, Tombstone) else (change.entry.tier.value, change.entry.action.value)
            )

        assert await vote(voters[0], Verdict.CONFIRMED) == ("corroborated", "hold")
        assert await vote(voters[0], Verdict.CONFIRMED) == ("corroborated", "hold")  # one voice is one voice
        assert await vote(voters[1], Verdict.CONFIRMED) == ("confirmed", "remove")
        assert await vote(voters[0], Verdict.WRONG) == ("corroborated", "hold")
        assert await vote(voters[1], Verdict.WRONG) == ("off", "")
        assert await states(database, 1) == [ReceiptState.SUSPENDED]
        assert (await page(database, voters[3])).head == digest_of([])
        assert await vote(voters[0], Verdict.CONFIRMED) == ("corroborated", "hold")
        assert await states(database, 1) == [ReceiptState.LISTED]

    run(story)


def test_a_cursor_that_was_never_given_out_is_refused(run: Run) -> None:
    async def story(database: Database) -> None:
        reader = await invited(database)
        with pytest.raises(InvalidInputError, match="after"):
            await page(database, reader, after=5)

    run(story)


def test_an_operator_s_acts(run: Run) -> None:
    async def story(database: Database) -> None:
        one = await invited(database, "One")
        await participants.suspend(database, clock(), one.id)
        (row,) = await participants.all_participants(database)
        assert row.state == "suspended"
        with pytest.raises(NotFoundError):
            await participants.suspend(database, clock(), "p-nobody")
        with pytest.raises(InvalidInputError):
            await participants.invite(database, clock(), " \n ")

    run(story)


def test_readers_never_miss_a_change_while_many_write(run: Run) -> None:
    """A reader that has seen n never later finds a new change ≤ n, however submissions and withdrawals race."""

    async def story(database: Database) -> None:
        reader = await invited(database)
        drawn, time = random.Random(3), clock()
        done = asyncio.Event()
        seen: dict[str, object] = {}

        async def write(client: int) -> None:
            for at in range(8):
                numbers = [client * 1000 + at * 10 + n for n in range(3)]
                await take_in(database, submission(*numbers))
                await publish_waiting(database, time)
                if drawn.random() < 0.5:
                    await withdraw(database, (secret(drawn.choice(numbers)),))

        async def read() -> int:
            cursor = 0
            while True:
                last = done.is_set()
                got = await page(database, reader, after=cursor, limit=7)
                assert all(change.sequence > cursor for change in got.changes)
                for change in got.changes:
                    name = change.entry.entry if isinstance(change, Upsert) else change.entry
                    seen[name] = change
                cursor = got.next
                if last and got.complete:
                    return cursor
                await asyncio.sleep(0)

        reading = asyncio.create_task(read())
        await asyncio.gather(*(write(client) for client in range(4)))
        done.set()
        await reading
        whole = await page(database, reader, limit=5000)
        assert {c.entry.entry: c for c in whole.changes if isinstance(c, Upsert)} == {
            name: change for name, change in seen.items() if isinstance(change, Upsert)
        }
        live = [change.entry for change in whole.changes if isinstance(change, Upsert)]
        assert whole.head == digest_of(live)
        sequences = [change.sequence for change in whole.changes]
        assert sequences == sorted(set(sequences))

    run(story)


def test_racing_retries_add_one(run: Run) -> None:
    """The same submission, sent eight times at once."""

    async def story(database: Database) -> None:
        assert await asyncio.gather(*(take_in(database, submission(1, 2)) for _ in range(8))) == [2] * 8
        assert (await list_statistics(database)).entries_by_state["waiting"] == 2

    run(story)


def test_migrating_twice_changes_nothing(run: Run) -> None:
    async def story(database: Database) -> None:
        await take_in(database, submission(1))
        await migrate(database)
        assert await states(database, 1) == [ReceiptState.WAITING]

    run(story)


def test_the_steps_lead_to_the_schema_that_is_written(run: Run) -> None:
    async def story(database: Database) -> None:
        def differences(connection: Connection) -> list[object]:
            return compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)

        assert await database.run("compare", lambda connection: connection.run_sync(differences)) == []

    run(story)


def test_a_step_is_taken_while_processes_of_before_run(empty: Run) -> None:
    """One that knows no edits goes on writing beside one that does, and what it wrote is listed as it is."""

    async def write_as_before(connection: AsyncConnection) -> None:
        await connection.execute(
            text(
                "INSERT INTO entry (id, state, kind, age, tier, receipt) "
                "VALUES (:id, 'waiting', 'image', 'unsure', 'submitted', :receipt)"
            ),
            [{"id": number.to_bytes(16, "big"), "receipt": receipt_digest(secret(number))} for number in (1, 2)],
        )

    def one_print(number: int) -> dict[str, object]:
        return {"entry": number.to_bytes(16, "big"), "value": pdq(number).value}

    insert = text("INSERT INTO fingerprint (entry, type, value, quality, at) VALUES (:entry, 'pdq', :value, 100, NULL)")

    async def story(database: Database) -> None:
        await migrate(database, "0001")
        await database.run("before", write_as_before)
        await database.run("before", lambda connection: connection.execute(insert, one_print(1)))
        await migrate(database)
        await database.run("before", lambda connection: connection.execute(insert, one_print(2)))
        reader = await invited(database)
        await publish_waiting(database, clock())
        listed = [change.entry for change in (await page(database, reader)).changes if isinstance(change, Upsert)]
        assert {entry.fingerprints for entry in listed} == {(pdq(1),), (pdq(2),)}

    empty(story)


def test_edits_go_out_as_they_came_in(run: Run) -> None:
    prints = md5(1), sha256(1), pdq(1), pdq(2, edit="centre-10"), pdq(3, edit="square")

    async def story(database: Database) -> None:
        reader = await invited(database)
        sent = Submission(Age.UNSURE, (SubmittedEntry(receipt_digest(secret(1)), Kind.IMAGE, prints),))
        assert await take_in(database, sent) == await take_in(database, sent) == 1
        await publish_waiting(database, clock())
        got = await page(database, reader)
        (change,) = got.changes
        assert isinstance(change, Upsert)
        assert set(change.entry.fingerprints) == set(prints)
        assert got.head == digest_of([change.entry])
        renamed = SubmittedEntry(receipt_digest(secret(1)), Kind.IMAGE, (*prints[:-1], pdq(3, edit="centre-20")))
        with pytest.raises(ConflictError):
            await take_in(database, Submission(Age.UNSURE, (renamed,)))

    run(story)


def test_what_a_participant_acknowledged_goes_back_with_it(run: Run) -> None:
    """One that has lost its copy and begins again has not fetched what it lost."""

    async def story(database: Database) -> None:
        reader = await invited(database)
        await take_in(database, submission(1))
        await publish_waiting(database, clock())
        first = await page(database, reader)
        await page(database, reader, after=first.next)
        assert (await status_of(database, (secret(1),)))[0].fetched_by == 1
        await page(database, reader)
        assert (await status_of(database, (secret(1),)))[0].fetched_by == 0

    run(story)
