"""What clients that know entries by their values are given, on both databases (spec/stopncii.md)."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from contract.conftest import Run
from contract.test_by_time import Client as TimedClient
from contract.test_clearinghouse import clock, invited, secret
from support.exchange_simulator import md5, pdq, sha256
from support.joining import admitted, decided, now_, two_operators
from takeback.clearinghouse import by_time
from takeback.clearinghouse.by_value import (
    FIRST_START,
    TELL_FOR,
    Record,
    Said,
    forget_told,
    hear,
    records_of,
    records_since,
)
from takeback.clearinghouse.header_keys import HeaderKeys, give_header_keys, with_header_keys
from takeback.clearinghouse.intake import take_in
from takeback.clearinghouse.lookup import LookupIndex, Near, near_for
from takeback.clearinghouse.participants import suspend
from takeback.clearinghouse.publishing import publish_waiting
from takeback.clearinghouse.test_entries import changed_after, fingerprints_of
from takeback.clearinghouse.withdrawal import withdraw
from takeback.clock import ManualClock
from takeback.errors import InvalidInputError, NotAuthorisedError, NotFoundError, SuspendedError
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.entry import Age, EntryState, Kind, Submission, SubmittedEntry
from takeback.model.feedback import Verdict
from takeback.model.operator import Operator
from takeback.model.participant import Participant
from takeback.model.proposal import ProposalKind
from takeback.model.receipt import receipt_digest
from takeback.model.tier import StrongestAction
from takeback.storage.database import Database

KEY = bytes(32)
#: Rings, squares, waves and the film.
TEST_IDS = [one.id for one in changed_after(0, 4)]


def of(number: int, picture: int) -> SubmittedEntry:
    """Entry `number`, of a picture that others may have sent as well."""
    prints = (md5(number), sha256(number), pdq(picture))
    return SubmittedEntry(receipt_digest(secret(number)), Kind.IMAGE, prints)


async def listed(database: Database, now: ManualClock, *entries: SubmittedEntry) -> None:
    await take_in(database, Submission(Age.UNDER_18, entries))
    await publish_waiting(database, now)


async def reader(database: Database, name: str = "Reader") -> Participant:
    member = await invited(database, name)
    await give_header_keys(database, clock(), member.id, KEY)
    return member


class Client:
    """One that honours withdrawal. It keeps what it has after every page, with the time to come back with."""

    def __init__(self, database: Database, member: Participant, now: ManualClock, size: int = 3) -> None:
        self.database, self.member, self.now, self.size = database, member, now, size
        self.index = LookupIndex(database)
        self.start, self.has = FIRST_START, dict[tuple[str, bytes], Record]()
        self.last_at = 0

    async def fetch(self, pages: int = 1_000) -> None:
        """Reads at most so many pages, as one that is interrupted."""
        start = self.start
        rest = await records_since(self.database, self.now, self.member, start)
        for _ in range(pages):
            page = await records_of(self.database, self.index, self.member, rest, start=start, limit=self.size)
            assert page.come_back_at >= self.start, "it never goes back"
            for record in page.records:
                self.take(record)
                assert record.at >= min(start, self.start) or start == FIRST_START, "no record is older than asked"
            self.start = page.come_back_at
            if page.rest is None:
                return
            rest = page.rest

    def take(self, record: Record) -> None:
        key = (record.value.type.value, record.value.value)
        if record.state is EntryState.LISTED:
            self.has[key] = record
        else:
            self.has.pop(key, None)

    @property
    def values(self) -> set[bytes]:
        return {value for _, value in self.has}


class CommonClient(Client):
    """One that goes on matching whatever it was ever told of, as stock clients do."""

    def take(self, record: Record) -> None:
        assert record.state is EntryState.LISTED or record.value.value in self.values, "it never had that"
        self.has[record.value.type.value, record.value.value] = record


def values(pictures: Iterable[int]) -> set[bytes]:
    return {pdq(picture).value for picture in pictures}


async def kept(database: Database) -> int:
    async def work(connection: AsyncConnection) -> int:
        question = "SELECT count(*) FROM entry WHERE state = 'withdrawn' AND left_sealed IS NOT NULL"
        return int((await connection.execute(text(question))).scalar_one())

    return await database.run("count", work)


def test_a_withdrawal_reaches_who_has_the_value_and_nobody_else(run: Run) -> None:
    async def story(database: Database) -> None:
        now = clock()
        one, late = (
            Client(database, await reader(database), now),
            CommonClient(database, await reader(database, "L"), now),
        )
        await listed(database, now, of(1, 1), of(2, 2))
        await one.fetch()
        assert one.values == values([1, 2])
        assert {record.case for record in one.has.values()}.isdisjoint({secret(1).hex()})
        now.advance(timedelta(minutes=1))
        await withdraw(database, (secret(1),))
        await one.fetch()
        assert one.values == values([2])
        await late.fetch()
        assert late.values == values([2]), "a client that comes later is not given what is gone"
        # listed and withdrawn between two fetches: it goes to nobody
        await listed(database, now, of(3, 3))
        await withdraw(database, (secret(3),))
        now.advance(timedelta(minutes=1))
        await late.fetch()

    run(story)


def test_a_withdrawn_value_is_kept_no_longer_than_telling_takes(run: Run) -> None:
    async def story(database: Database) -> None:
        now = clock()
        await listed(database, now, of(1, 1), of(2, 2), of(3, 3))
        await withdraw(database, (secret(1),))
        assert await kept(database) == 0, "there is nobody to tell"
        one, other = [Client(database, await reader(database, name), now) for name in ("One", "Other")]
        await one.fetch()
        await other.fetch()
        await withdraw(database, (secret(2),))
        assert await kept(database) == 1, "its pdq, and nothing else"
        for client in (one, one, other):
            now.advance(timedelta(minutes=1))
            await client.fetch()
            await forget_told(database, now)
            assert await kept(database) == 1, "the other has not come back with it"
        await other.fetch()
        await forget_told(database, now)
        assert await kept(database) == 0
        await withdraw(database, (secret(3),))
        await forget_told(database, now)
        now.advance(TELL_FOR - timedelta(days=1))
        await forget_told(database, now)
        assert await kept(database) == 1
        now.advance(timedelta(days=1))
        assert await forget_told(database, now) == 1
        assert await kept(database) == 0

    run(story)


def test_a_value_that_somebody_else_has_sent_as_well_stays(run: Run) -> None:
    async def story(database: Database) -> None:
        now = clock()
        one = Client(database, await reader(database), now)
        await listed(database, now, of(1, 7), of(2, 7))
        await one.fetch()
        await withdraw(database, (secret(1),))
        now.advance(timedelta(minutes=1))
        await one.fetch()
        assert one.values == values([7])
        await withdraw(database, (secret(2),))
        now.advance(timedelta(minutes=1))
        await one.fetch()
        assert one.values == set()

    run(story)


@pytest.mark.parametrize("seed", range(2))
def test_no_change_is_lost(seed: int, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients that are interrupted or begin anew, of one participant that asks in another dialect as well."""
    monkeypatch.setattr(by_time, "MARK_EVERY", 2)

    async def story(database: Database) -> None:
        drawn, now = random.Random(seed), clock()
        members = [await reader(database, f"Client {at}") for at in range(3)]
        clients = [Client(database, member, now, size=1 + at) for at, member in enumerate(members)]
        common = CommonClient(database, await reader(database, "Common"), now)
        timed = TimedClient(database, members[0], now)
        pictures, number = dict[int, int](), 0
        for _ in range(50):
            match drawn.randrange(6):
                case 0 | 1:
                    new = {number + at: drawn.randrange(12) for at in range(drawn.randrange(1, 5))}
                    number += len(new)
                    pictures |= new
                    await listed(database, now, *(of(n, picture) for n, picture in new.items()))
                case 2 if pictures:
                    gone = drawn.choice(sorted(pictures))
                    del pictures[gone]
                    await withdraw(database, (secret(gone),))
                case 3:
                    now.advance(timedelta(seconds=drawn.choice([0, 1, 7, 3600])))
                    await forget_told(database, now)
                case 4:
                    await timed.fetch(behind=drawn.choice([-20, 0, 5, 90]))
                    await common.fetch()
                case _:
                    one = drawn.choice(clients)
                    if drawn.random() < 0.1:  # it lost its copy
                        one.start, one.has = FIRST_START, {}
                    await one.fetch(pages=drawn.choice([1, 2, 1_000]))
        now.advance(timedelta(seconds=7200))
        await timed.fetch()
        assert len(timed.has) == len(pictures)
        for one in clients:
            await one.fetch()
            assert one.values == values(pictures.values())
        await common.fetch()
        assert common.values >= values(pictures.values())

    run(story)


def test_one_that_is_interrupted_goes_on_from_where_it_was(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(by_time, "MARK_EVERY", 2)

    async def story(database: Database) -> None:
        now = clock()
        client = Client(database, await reader(database), now, size=2)
        await listed(database, now, *(of(number, number) for number in range(10)))
        await client.fetch(pages=3)
        assert len(client.has) == 6
        before = client.start
        client.has.clear()
        await client.fetch()
        assert before < client.start
        assert 4 <= len(client.has) < 10, "not from the beginning"

    run(story)


def test_what_is_said_of_a_value_counts_for_every_entry_of_it(run: Run) -> None:
    async def story(database: Database) -> None:
        now = clock()
        member, other, index = await reader(database), await reader(database, "Other"), LookupIndex(database)
        await listed(database, now, of(1, 7), of(2, 7), of(3, 8))

        async def said(by: Participant, value: Fingerprint, verdict: Verdict | None) -> tuple[int, int, int]:
            heard = await hear(database, now, index, by, [Said(value, verdict)])
            return heard.taken, heard.undecided, heard.unknown

        client = Client(database, member, now)
        await client.fetch()
        assert await said(member, pdq(7), Verdict.WRONG) == (1, 0, 0)
        assert await said(member, pdq(7), None) == (0, 1, 0)
        assert await said(member, pdq(9), Verdict.CONFIRMED) == (0, 0, 1)
        assert await said(other, pdq(7), Verdict.WRONG) == (1, 0, 0)
        now.advance(timedelta(minutes=1))
        await client.fetch()
        assert client.values == values([8]), "two that say wrong suspend it"

    run(story)


def test_header_keys(run: Run) -> None:
    async def story(database: Database) -> None:
        member = await invited(database)
        with pytest.raises(NotFoundError):
            await give_header_keys(database, clock(), "p-0", KEY)
        first = await give_header_keys(database, clock(), member.id, KEY)
        assert (await with_header_keys(database, clock(), first, KEY)).id == member.id
        second = await give_header_keys(database, clock(), member.id, KEY)
        wrong = [first, HeaderKeys(second.fetch, first.subscription), HeaderKeys(first.fetch, second.subscription)]
        for keys in [*wrong, HeaderKeys("", ""), HeaderKeys("", member.id), HeaderKeys(second.fetch, "p-1.x")]:
            with pytest.raises(NotAuthorisedError):
                await with_header_keys(database, clock(), keys, KEY)
        await suspend(database, clock(), member.id)
        with pytest.raises(SuspendedError):
            await with_header_keys(database, clock(), second, KEY)

    run(story)


def test_header_keys_overlap(run: Run) -> None:
    week = timedelta(days=7)

    async def story(database: Database) -> None:
        at, member = clock(), await invited(database)
        first, second, third = [await give_header_keys(database, at, member.id, KEY, overlap=week) for _ in range(3)]
        for valid in (second, third):
            assert (await with_header_keys(database, at, valid, KEY)).id == member.id
        halves = [HeaderKeys(second.fetch, third.subscription), HeaderKeys(third.fetch, second.subscription)]
        for wrong in (first, *halves):
            with pytest.raises(NotAuthorisedError):
                await with_header_keys(database, at, wrong, KEY)
        at.advance(week)
        with pytest.raises(NotAuthorisedError):
            await with_header_keys(database, at, second, KEY)
        assert (await with_header_keys(database, at, third, KEY)).id == member.id
        fourth = await give_header_keys(database, at, member.id, KEY)
        with pytest.raises(NotAuthorisedError):
            await with_header_keys(database, at, third, KEY)
        assert (await with_header_keys(database, at, fourth, KEY)).id == member.id

    run(story)


def test_a_time_in_the_future_is_refused(run: Run) -> None:
    async def story(database: Database) -> None:
        member = await reader(database)
        with pytest.raises(InvalidInputError, match="startTimestamp"):
            await records_since(database, clock(), member, int(clock().now().timestamp()) + 3600)

    run(story)


async def sandboxed(database: Database, at: ManualClock) -> tuple[tuple[Operator, Operator], Participant]:
    both = await two_operators(database, at)
    member = await admitted(database, at, both)
    await give_header_keys(database, at, member.id, KEY)
    return both, member


def test_an_engineer_in_the_sandbox_sees_everything_that_this_dialect_does(run: Run) -> None:
    async def story(database: Database) -> None:
        at = clock()
        both, member = await sandboxed(database, at)
        client, counts = Client(database, member, at), []
        for _ in range(4):
            await client.fetch()
            counts.append(len(client.has))
            at.advance(timedelta(minutes=1))
        assert counts == [4, 4, 3, 3], "four come, one changes, one is withdrawn, and then nothing"
        again = CommonClient(database, member, at)
        await again.fetch()
        assert again.values == client.values, "who begins again is told of nothing that is gone"
        # Verdicts on test values are taken, and those on values of the list are about nothing.
        await listed(database, at, of(1, 1))
        given = [next(iter(client.has.values())).value, pdq(1)]
        heard = await hear(database, at, client.index, member, [Said(one, Verdict.WRONG) for one in given])
        assert (heard.taken, heard.unknown) == (1, 1)
        # It is told of nothing of the list, so nobody keeps a withdrawn value for it.
        await withdraw(database, (secret(1),))
        assert await kept(database) == 0
        await decided(database, at, both, ProposalKind.MAKE_LIVE, member.id)
        await listed(database, at, of(2, 2))
        live = Client(database, await now_(database, member), at)
        await live.fetch()
        assert live.values == values([2])
        await withdraw(database, (secret(2),))
        assert await kept(database) == 1, "now it is owed that"
        at.advance(timedelta(minutes=1))
        await live.fetch()
        assert live.values == set()

    run(story)


def test_the_list_never_reaches_the_sandbox_by_values(run: Run) -> None:
    """Whatever happens to the list, even if it has the very test values: only test entries are told."""

    async def story(database: Database) -> None:
        at = clock()
        _, member = await sandboxed(database, at)
        test_values = {one.value for id_ in TEST_IDS for one in fingerprints_of(id_)}
        squares = next(one for one in fingerprints_of(TEST_IDS[1]) if one.type is FingerprintType.PDQ)
        as_test = SubmittedEntry(receipt_digest(secret(1)), Kind.IMAGE, (squares,))
        client = Client(database, member, at)
        for number in range(2, 6):
            await listed(database, at, of(number, number), *([as_test] if number == 2 else []))
            await client.fetch()
            at.advance(timedelta(minutes=1))
            assert client.values <= test_values
        assert squares.value not in client.values, "that the list has it says nothing here"
        asked = [squares.value, pdq(3).value]
        assert await near_for(client.index, member, asked) == [None, None]
        rings = next(one for one in fingerprints_of(TEST_IDS[0]) if one.type is FingerprintType.PDQ).value
        near = bytes([rings[0] ^ 0xFF]) + rings[1:]
        assert await near_for(client.index, member, [rings, near]) == [
            Near(0, StrongestAction.HOLD, is_test=True),
            Near(8, StrongestAction.HOLD, is_test=True),
        ]

    run(story)
