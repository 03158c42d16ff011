"""Trust and its brakes, on both databases: what suspends an entry, who puts it back, and what never comes in."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from contract.conftest import Run
from contract.test_clearinghouse import clock, invited, page, secret, states
from support.exchange_simulator import md5, pdq, sha256
from takeback.clearinghouse import looking, review, two_person
from takeback.clearinghouse.hits import Brake, take_hits
from takeback.clearinghouse.intake import take_in
from takeback.clearinghouse.negative import compare_new_values, would_suspend
from takeback.clearinghouse.participants import suspend
from takeback.clearinghouse.publishing import Burst, publish_waiting
from takeback.clearinghouse.receipts import status_of
from takeback.clearinghouse.retention import keep_to_retention, renew
from takeback.clearinghouse.statistics import list_statistics
from takeback.clearinghouse.trust import take_feedback
from takeback.clearinghouse.withdrawal import withdraw
from takeback.clock import ManualClock
from takeback.errors import ConflictError, InvalidInputError, NotAuthorisedError, NotFoundError, TooCommonError
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.matching.negative import patterns
from takeback.model.change import Tombstone, Upsert
from takeback.model.entry import Age, EntryId, Kind, Submission, SubmittedEntry
from takeback.model.feedback import ActionTaken, Feedback, Verdict
from takeback.model.hits import Hits
from takeback.model.operator import Operator, Role
from takeback.model.participant import Participant
from takeback.model.proposal import ProposalKind
from takeback.model.receipt import ReceiptState, receipt_digest
from takeback.model.suspension import SuspendedBy
from takeback.model.tier import StrongestAction, Tier
from takeback.settings import Settings
from takeback.staff.negative import NegativeGate, addition, all_values, read_value
from takeback.staff.operators import add_operator
from takeback.storage import audit
from takeback.storage.database import Database

TODAY = date(2026, 11, 24)
BRAKE = Brake(hits_a_day=100, participants=2)
LISTED, SUSPENDED, WAITING, UNLISTED = ReceiptState.LISTED, ReceiptState.SUSPENDED, ReceiptState.WAITING, "unlisted"


def value(number: int) -> int:
    """A PDQ value as true ones are: half of the bits are set."""
    return sum(1 << bit for bit in random.Random(number).sample(range(256), 128))


def picture(*numbers: int, age: Age = Age.UNDER_18) -> Submission:
    return Submission(age, tuple(entry(n, pdq(value(n))) for n in numbers))


def entry(number: int, *more: Fingerprint, kind: Kind = Kind.IMAGE) -> SubmittedEntry:
    return SubmittedEntry(receipt_digest(secret(number)), kind, (md5(number), sha256(number), *more))


async def listed(database: Database, *numbers: int, age: Age = Age.UNDER_18) -> None:
    await take_in(database, picture(*numbers, age=age))
    await publish_waiting(database, clock())


async def name_of(database: Database, reader: Participant) -> str:
    """The one entry on the list, as this participant knows it."""
    (change,) = (await page(database, reader)).changes
    return change.entry.entry if isinstance(change, Upsert) else change.entry


async def vote(database: Database, voter: Participant, verdict: Verdict) -> None:
    given = Feedback(await name_of(database, voter), verdict, ActionTaken.KEPT)
    await take_feedback(database, clock(), voter, (given,))


async def id_of(database: Database, reader: Participant) -> EntryId:
    return await review.entry_named(database, await name_of(database, reader), on_list_of=reader.id)


async def staff(database: Database) -> tuple[Operator, Operator]:
    return (
        await add_operator(database, clock(), "Ana", Role.OPERATOR),
        await add_operator(database, clock(), "Bo", Role.ADMINISTRATOR),
    )


async def both(
    database: Database, at: ManualClock, kind: ProposalKind, subject: str, details: dict[str, str] | None = None
) -> None:
    """Ana proposes it, Bo carries it out."""
    ana, bo = [one for one in await two_operators(database) if one.role is not Role.VIEWER]
    new = await two_person.propose(database, at, ana, kind, subject, details or {})
    await two_person.carry_out(database, at, bo, new.id)


async def two_operators(database: Database) -> list[Operator]:
    from takeback.staff.operators import all_operators  # noqa: PLC0415 - used here alone

    return await all_operators(database)


def test_votes_of_a_suspended_participant_count_nothing(run: Run) -> None:
    async def story(database: Database) -> None:
        voters = [await invited(database, f"Voter {n}") for n in range(3)]
        await listed(database, 1)
        await vote(database, voters[0], Verdict.CONFIRMED)
        await vote(database, voters[1], Verdict.CONFIRMED)
        assert (await list_statistics(database)).listed_by_tier == {"confirmed": 1}
        await suspend(database, clock(), voters[0].id)
        assert (await list_statistics(database)).listed_by_tier == {"corroborated": 1}
        await suspend(database, clock(), voters[1].id)
        assert (await list_statistics(database)).listed_by_tier == {"submitted": 1}

    run(story)


def test_one_operator_suspends_and_two_release(run: Run) -> None:
    async def story(database: Database) -> None:
        ana, bo = await staff(database)
        voters = [await invited(database, f"Voter {n}") for n in range(3)]
        viewer = await add_operator(database, clock(), "Chi", Role.VIEWER)
        await listed(database, 1)
        id_ = await id_of(database, voters[0])
        await vote(database, voters[0], Verdict.WRONG)
        with pytest.raises(NotAuthorisedError):
            await review.suspend_entry(database, clock(), viewer, id_)
        await review.suspend_entry(database, clock(), ana, id_)
        assert await states(database, 1) == [SUSPENDED]
        assert isinstance((await page(database, voters[2])).changes[0], Tombstone)
        with pytest.raises(ConflictError, match="already"):
            await review.suspend_entry(database, clock(), bo, id_)
        (aside,) = await review.set_aside(database)
        assert (aside.id, aside.suspended_by) == (id_, SuspendedBy.OPERATOR)

        for voter in voters:  # votes do not undo what an operator did
            await vote(database, voter, Verdict.CONFIRMED)
        assert await states(database, 1) == [SUSPENDED]
        for voter in voters:
            await vote(database, voter, Verdict.WRONG)

        subject = looking.subject_of(id_)
        alone = await two_person.propose(database, clock(), ana, ProposalKind.RELEASE_ENTRY, subject, {})
        with pytest.raises(NotAuthorisedError, match="yourself"):
            await two_person.carry_out(database, clock(), ana, alone.id)
        await two_person.carry_out(database, clock(), bo, alone.id)
        assert await states(database, 1) == [LISTED]
        await vote(database, voters[0], Verdict.WRONG)  # verdicts begin anew
        assert await states(database, 1) == [LISTED]
        await vote(database, voters[1], Verdict.WRONG)
        assert await states(database, 1) == [SUSPENDED]
        events = await database.run("events", audit.events)
        assert f"{ana.id}:{subject}:suspend-entry" in events
        assert f"{bo.id}:{subject}:release-entry" in events
        await withdraw(database, (secret(1),))
        with pytest.raises(ConflictError):
            await review.suspend_entry(database, clock(), ana, id_)
        with pytest.raises(ConflictError, match="not suspended"):
            await both(database, clock(), ProposalKind.RELEASE_ENTRY, subject)

    run(story)


def test_what_the_hotline_verified_no_machine_suspends(run: Run) -> None:
    async def story(database: Database) -> None:
        ana, _ = await staff(database)
        readers = [await invited(database, f"Reader {n}") for n in range(2)]
        await listed(database, 1)
        id_ = await id_of(database, readers[0])
        await both(database, clock(), ProposalKind.VERIFY_ENTRY, looking.subject_of(id_))
        (change,) = (await page(database, readers[0])).changes
        assert isinstance(change, Upsert)
        assert (change.entry.tier, change.entry.action) == (Tier.VERIFIED, StrongestAction.REMOVE)
        for reader in readers:
            await vote(database, reader, Verdict.WRONG)
            counted = Hits(await name_of(database, reader), TODAY + timedelta(days=1), 1000)
            await take_hits(database, clock(), reader, (counted,), BRAKE)
        new = addition("A logo", [f"pdq:{value(1):064x}"])
        await both(database, clock(), ProposalKind.ADD_NEGATIVE, new.subject, new.details)
        assert await compare_new_values(database, clock()) == 0
        assert await states(database, 1) == [LISTED]
        await review.suspend_entry(database, clock(), ana, id_)  # a person can
        assert await states(database, 1) == [SUSPENDED]

    run(story)


def test_a_public_picture_is_refused_and_what_was_listed_is_suspended(run: Run) -> None:
    async def story(database: Database) -> None:
        await staff(database)
        gate, reader = NegativeGate(), await invited(database)
        near = value(1) ^ 0b1111  # four bits from what is listed
        new = addition("The logo of a site", [f"pdq:{near:064x}", f"sha256:{sha256(77).value.hex()}"])
        assert await take_in(database, picture(1, 2), gate) == 2
        await publish_waiting(database, clock())
        assert await take_in(database, picture(3), gate) == 1
        assert await would_suspend(database, [read_value(f"pdq:{near:064x}"), read_value(f"pdq:{value(3):064x}")]) == 2
        await both(database, clock(), ProposalKind.ADD_NEGATIVE, new.subject, new.details)

        # What comes in is compared from now on; nothing of the submission is kept.
        again = Submission(Age.UNSURE, (entry(4, pdq(value(4))), entry(5, pdq(value(1)))))
        with pytest.raises(TooCommonError) as refused:
            await take_in(database, again, gate)
        assert (refused.value.field, refused.value.code) == ("entries[1].fingerprints[2].value", "too-common")
        assert f"{value(1):064x}" not in str(refused.value)
        with pytest.raises(TooCommonError, match="Leave this entry out"):
            await take_in(database, Submission(Age.UNSURE, (entry(77),)), gate)
        assert await states(database, 4, 5, 77) == [UNLISTED] * 3
        assert await take_in(database, picture(1, 2), gate) == 2, "sending again what is kept is no new entry"

        # What is listed, or waits, is suspended by the comparison in the background.
        assert await compare_new_values(database, clock()) == 1
        assert await compare_new_values(database, clock()) == 0
        assert await states(database, 1, 2, 3) == [SUSPENDED, LISTED, WAITING]
        assert sum(isinstance(change, Tombstone) for change in (await page(database, reader)).changes) == 1
        assert {one.compared for one in await all_values(database)} == {True}

        await both(database, clock(), ProposalKind.REMOVE_NEGATIVE, new.subject)
        assert await take_in(database, again, gate) == 2
        assert await states(database, 1) == [SUSPENDED], "only two operators put it back"
        assert await all_values(database) == []
        with pytest.raises(NotFoundError, match="negative list"):
            await both(database, clock(), ProposalKind.REMOVE_NEGATIVE, new.subject)

    run(story)


def test_patterns_are_refused_from_the_start(run: Run) -> None:
    async def story(database: Database) -> None:
        gate, pattern = NegativeGate(), patterns()[-1][1]
        drawn = Fingerprint(FingerprintType.PDQ, pattern, 100)
        with pytest.raises(TooCommonError):
            await take_in(database, Submission(Age.UNSURE, (entry(1, pdq(value(1)), drawn),)), gate)

        def film(blank: int, own: int) -> Submission:
            flips = [int.from_bytes(pattern, "big") ^ (1 << at) for at in range(blank)]
            values = [*flips, *(value(at) for at in range(own))]
            frames = [
                Fingerprint(FingerprintType.VPDQ, one.to_bytes(32, "big"), 100, at) for at, one in enumerate(values)
            ]
            return Submission(Age.UNSURE, (entry(2, *frames, kind=Kind.VIDEO),))

        with pytest.raises(TooCommonError):
            await take_in(database, film(4, 4), gate)
        assert await take_in(database, film(3, 4), gate) == 1, "most films hold a blank frame"

    run(story)


@pytest.mark.parametrize(
    ("label", "values"),
    [
        ("", ["md5:" + "0" * 32]),
        ("x" * 121, ["md5:" + "0" * 32]),
        ("A logo", []),
        ("A logo", ["pdq:12"]),
        ("A logo", ["sha1:" + "0" * 40]),
        ("A logo", ["0" * 64]),
        ("A logo", [f"md5:{n:032x}" for n in range(41)]),
    ],
)
def test_a_mistake_in_an_addition_is_named(label: str, values: list[str]) -> None:
    with pytest.raises(InvalidInputError, match=r"label|values"):
        addition(label, values)


def test_too_many_hits_suspend_until_two_operators_have_looked(run: Run) -> None:
    async def story(database: Database) -> None:
        await staff(database)
        readers = [await invited(database, f"Reader {n}") for n in range(3)]
        await listed(database, 1)
        time = clock()

        async def hits(reader: Participant, count: int, day: date = TODAY) -> int:
            counted = Hits(await name_of(database, reader), day, count)
            return (await take_hits(database, time, reader, (counted,), BRAKE)).taken

        assert await hits(readers[0], 1_000_000) == 1
        assert await states(database, 1) == [LISTED], "one participant alone takes nothing off"
        await suspend(database, time, readers[0].id)
        assert await hits(readers[1], 30) == await hits(readers[2], 39) == 1
        assert await states(database, 1) == [LISTED], "whoever is suspended counts nothing"
        assert await hits(readers[2], 120) == 1
        assert await states(database, 1) == [SUSPENDED]
        for reader in readers[1:]:
            await vote(database, reader, Verdict.CONFIRMED)
        assert await states(database, 1) == [SUSPENDED]
        id_ = await id_of(database, readers[1])
        assert (await review.look_at(database, id_)).hits_by_day == {TODAY: 1_000_130}

        await both(database, time, ProposalKind.RELEASE_ENTRY, looking.subject_of(id_))
        assert await hits(readers[1], 500) == 1
        assert await states(database, 1) == [LISTED], "operators have seen the hits of that day"
        time.advance(timedelta(days=1))
        tomorrow = TODAY + timedelta(days=1)
        await hits(readers[1], 100, tomorrow)
        await hits(readers[2], 100, tomorrow)
        assert await states(database, 1) == [SUSPENDED]

        assert await hits(readers[1], 5, TODAY - timedelta(days=1)) == 0, "that day is over"
        assert (await take_hits(database, time, readers[1], (Hits("0" * 32, tomorrow, 5),), BRAKE)).unknown == 1
        await withdraw(database, (secret(1),))
        assert await counted_rows(database) == 0

    run(story)


async def counted_rows(database: Database) -> int:
    async def work(connection: AsyncConnection) -> int:
        return int((await connection.execute(text("SELECT count(*) FROM hit"))).scalar_one())

    return await database.run("count", work)


def test_a_burst_is_held_and_nothing_of_it_is_lost(run: Run) -> None:
    burst = Burst(entries=5, days=2)

    async def story(database: Database) -> None:
        ana, _ = await staff(database)
        time = clock()
        await take_in(database, picture(*range(5)))
        assert await publish_waiting(database, time, burst) == 5
        await take_in(database, picture(*range(10, 16)))
        assert await publish_waiting(database, time, burst) == 0
        assert await states(database, *range(10, 16)) == [WAITING] * 6
        await take_in(database, picture(20))
        assert await publish_waiting(database, time, burst) == 1, "who comes after the burst does not wait with it"
        await withdraw(database, (secret(10),))
        time.advance(timedelta(days=1))
        assert await publish_waiting(database, time, burst) == 0
        time.advance(timedelta(days=1))
        assert await publish_waiting(database, time, burst) == 5

        await take_in(database, picture(*range(30, 40)))
        assert await publish_waiting(database, time, burst) == 0
        assert len(await review.set_aside(database)) == 10
        assert await review.release_held(database, time, ana) == 10
        assert await publish_waiting(database, time, burst) == 10

    run(story)


def test_entries_expire_unless_they_are_renewed(run: Run) -> None:
    settings = Settings(expiry_days_unsure=30, hit_days_kept=7)

    async def story(database: Database) -> None:
        reader, time = await invited(database), clock()
        await listed(database, 1, 2, age=Age.UNSURE)
        await listed(database, 3, age=Age.UNDER_18)
        names = [change.entry.entry for change in (await page(database, reader)).changes if isinstance(change, Upsert)]
        await take_hits(database, time, reader, tuple(Hits(name, TODAY, 3) for name in names), BRAKE)
        time.advance(timedelta(days=7))
        await keep_to_retention(database, time, settings)
        assert await counted_rows(database) == 3
        time.advance(timedelta(days=1))
        await keep_to_retention(database, time, settings)
        assert await counted_rows(database) == 0
        time.advance(timedelta(days=2))
        await renew(database, time, (secret(2), secret(99)))
        told = await status_of(database, (secret(1), secret(2), secret(3)), settings)
        assert [one.expires_on for one in told] == [TODAY + timedelta(days=30), TODAY + timedelta(days=40), None]
        time.advance(timedelta(days=20))
        await keep_to_retention(database, time, settings)
        await keep_to_retention(database, time, settings)
        assert await states(database, 1, 2, 3) == [UNLISTED, LISTED, LISTED]
        assert sum(isinstance(change, Tombstone) for change in (await page(database, reader)).changes) == 1
        assert (await list_statistics(database)).fingerprints_by_type == {"md5": 2, "sha256": 2, "pdq": 2}
        time.advance(timedelta(days=10))
        await keep_to_retention(database, time, settings)
        assert await states(database, 2, 3) == [UNLISTED, LISTED], "under 18: until they take it back"
        await renew(database, time, (secret(1),))
        assert await states(database, 1) == [UNLISTED]

    run(story)


def test_values_are_shown_to_an_administrator_alone_and_it_is_written_down(run: Run) -> None:
    async def story(database: Database) -> None:
        ana, bo = await staff(database)
        reader = await invited(database)
        await listed(database, 1)
        id_ = await id_of(database, reader)
        assert (await review.look_at(database, id_)).fingerprints == 3
        with pytest.raises(NotAuthorisedError):
            await looking.fingerprints_of(database, clock(), ana, id_.hex())
        _, shown = await looking.fingerprints_of(database, clock(), bo, id_.hex())
        assert set(shown) == {md5(1), sha256(1), pdq(value(1))}
        assert (await database.run("events", audit.events))[-1] == f"{bo.id}:{looking.subject_of(id_)}:show-values"
        with pytest.raises(NotFoundError):
            await review.look_at(database, bytes(16))
        with pytest.raises(InvalidInputError, match="entry"):
            await review.entry_named(database, "xyz")

    run(story)


def test_of_a_thousand_lawful_pictures_none_is_removed_by_a_machine(run: Run) -> None:
    """Somebody lists what is lawful: all of it may be held for a person, and nothing more (product.md, T1)."""

    async def story(database: Database) -> None:
        careless, honest = await invited(database, "Careless"), await invited(database, "Honest")
        for begin in range(0, 1000, 100):
            await take_in(database, picture(*range(begin, begin + 100)), NegativeGate())
        await publish_waiting(database, clock())
        names = [c.entry.entry for c in (await page(database, careless)).changes if isinstance(c, Upsert)]
        assert len(names) == 1000
        # One participant confirms without looking, again and again; the other looks.
        yes = tuple(Feedback(name, Verdict.CONFIRMED, ActionTaken.REMOVED) for name in names[:50] * 2)
        await take_feedback(database, clock(), careless, yes)
        changes = (await page(database, honest, limit=2000)).changes
        assert {c.entry.action for c in changes if isinstance(c, Upsert)} == {StrongestAction.HOLD}
        wrong = tuple(
            Feedback(c.entry.entry, Verdict.WRONG, ActionTaken.KEPT) for c in changes if isinstance(c, Upsert)
        )
        await take_feedback(database, clock(), honest, wrong[-50:])
        assert (await list_statistics(database)).listed_by_tier == {"submitted": 950, "corroborated": 50}

    run(story)


def test_waiting_status_is_told_while_held(run: Run) -> None:
    async def story(database: Database) -> None:
        await take_in(database, picture(1, 2))
        await publish_waiting(database, clock(), Burst(entries=1, days=2))
        assert {status.state for status in await status_of(database, (secret(1), secret(2)))} == {WAITING}

    run(story)
