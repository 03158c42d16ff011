"""What clients that ask by time are given, on both databases: each change once, in order of time, none lost."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from contract.conftest import Run
from contract.test_clearinghouse import clock, invited, secret, submission
from takeback.clearinghouse.by_time import Range, TimedChange, page_of, range_of
from takeback.clearinghouse.by_value import forget_told
from takeback.clearinghouse.freshness import note_day
from takeback.clearinghouse.intake import take_in
from takeback.clearinghouse.participants import give_password, suspend, with_password
from takeback.clearinghouse.publishing import publish_waiting
from takeback.clearinghouse.retention import keep_to_retention
from takeback.clearinghouse.withdrawal import withdraw
from takeback.clock import ManualClock
from takeback.errors import InvalidInputError, NotAuthorisedError, NotFoundError, SuspendedError
from takeback.fingerprints.types import FingerprintType
from takeback.model.entry import Kind
from takeback.model.participant import Participant
from takeback.settings import Settings
from takeback.storage.database import Database

START = int(datetime(2026, 11, 24, 12, tzinfo=UTC).timestamp())
KEY = bytes(32)


class Client:
    """One that stays some seconds behind its clock and asks for [from, to), page by page."""

    def __init__(self, database: Database, member: Participant, now: ManualClock, limit: int = 3) -> None:
        self.database, self.member, self.now, self.limit = database, member, now, limit
        self.asked = 0
        self.has: dict[str, TimedChange] = {}

    async def fetch(self, behind: int = 5) -> None:
        to = int(self.now.now().timestamp()) - behind
        if to < self.asked:
            return
        rest: Range | None = await range_of(self.database, self.now, self.member, self.asked, to)
        while rest is not None:
            page = await page_of(self.database, self.member, rest, lambda one: one, limit=self.limit)
            for change in page.changes:
                if change.fingerprints is None:
                    self.has.pop(change.name, None)
                else:
                    self.has[change.name] = change
            rest = page.rest
        self.asked = to


def test_a_client_has_what_is_listed(run: Run) -> None:
    async def story(database: Database) -> None:
        now = clock()
        client = Client(database, await invited(database), now)
        await take_in(database, submission(1, 2, 3, 4, 5, 6, 7))
        await publish_waiting(database, now)
        await client.fetch()
        assert len(client.has) == 7
        assert {one.kind for one in client.has.values()} == {Kind.IMAGE}
        types = {print_.type for one in client.has.values() for print_ in one.fingerprints or ()}
        assert types == {FingerprintType.MD5}
        before = dict(client.has)
        await client.fetch()
        await withdraw(database, (secret(3),))
        now.advance(timedelta(seconds=1))
        await client.fetch()
        assert len(client.has) == 6
        assert client.has.items() <= before.items()

    run(story)


@pytest.mark.parametrize("behind", [5, 8])
def test_what_comes_after_an_empty_answer_is_not_lost_to_another_client(behind: int, run: Run) -> None:
    """One is told that there is nothing up to a time; meanwhile a second client asks up to that time, or before it."""

    async def story(database: Database) -> None:
        now = clock()
        member = await invited(database)
        one, other = Client(database, member, now), Client(database, member, now)
        await take_in(database, submission(1))
        await publish_waiting(database, now)
        await one.fetch()
        now.advance(timedelta(seconds=30))
        await one.fetch()
        await take_in(database, submission(2))
        await publish_waiting(database, now)
        await withdraw(database, (secret(1),))
        await other.fetch(behind)
        now.advance(timedelta(seconds=30))
        for client in (one, other):
            await client.fetch()
            assert len(client.has) == 1
        assert one.has == other.has

    run(story)


@pytest.mark.parametrize("seed", range(4))
def test_no_change_is_lost(seed: int, run: Run) -> None:
    """Clients with clocks that differ, that come at odd moments and begin anew; changes lie between any two of them."""

    async def story(database: Database) -> None:
        drawn, now = random.Random(seed), clock()
        clients = [Client(database, await invited(database, f"Client {at}"), now, limit=1 + at) for at in range(3)]
        listed, number = set[int](), 0
        for _ in range(40):
            match drawn.randrange(5):
                case 0:
                    number += 1
                    listed.add(number)
                    await take_in(database, submission(number))
                    await publish_waiting(database, now)
                case 1 if listed:
                    gone = drawn.choice(sorted(listed))
                    listed.remove(gone)
                    await withdraw(database, (secret(gone),))
                case 2:
                    now.advance(timedelta(seconds=drawn.choice([0, 1, 7, 3600])))
                case 3:
                    one = drawn.choice(clients)
                    if drawn.random() < 0.1:  # it lost its copy
                        one.asked, one.has = 0, {}
                    await one.fetch(behind=drawn.choice([-20, 0, 5, 90]))
                case _:
                    # a second program with the same password, whose clock is behind
                    await Client(database, drawn.choice(clients).member, now).fetch(behind=drawn.choice([30, 600]))
        now.advance(timedelta(seconds=7200))
        for one in clients:
            await one.fetch()
            assert len(one.has) == len(listed)

    run(story)


def test_a_cursor_is_good_for_as_long_as_the_client_keeps_it(run: Run) -> None:
    """Twelve hours: over midnight, and all that is done by the day. What changes meanwhile is in the next range."""

    async def story(database: Database) -> None:
        now, settings = clock(), Settings()
        member = await invited(database)
        await take_in(database, submission(*range(1, 10)))
        await publish_waiting(database, now)
        begun = int(now.now().timestamp())
        asked = await range_of(database, now, member, 0, begun)
        first = await page_of(database, member, asked, lambda one: one, limit=4)
        assert first.rest is not None
        token, kept = first.rest.token, await page_of(database, member, first.rest, lambda one: one, limit=4)
        for number in range(10, 22):
            now.advance(timedelta(hours=1, seconds=5))
            await take_in(database, submission(number))
            await publish_waiting(database, now)
            await keep_to_retention(database, now, settings)
            await note_day(database, now)
            await forget_told(database, now)
        assert await page_of(database, member, Range.of(token, field="cursor"), lambda one: one, limit=4) == kept
        await withdraw(database, (secret(1), secret(9)))
        found, rest = {one.name for one in first.changes}, Range.of(token, field="cursor")
        while rest is not None:
            page = await page_of(database, member, rest, lambda one: one, limit=4)
            found |= {one.name for one in page.changes}
            assert all(one.fingerprints for one in page.changes), "what was withdrawn has left this range"
            rest = page.rest
        later = await range_of(database, now, member, begun, int(now.now().timestamp()) + 1)
        after = (await page_of(database, member, later, lambda one: one, limit=100)).changes
        assert len(after) == 14
        assert sum(one.fingerprints is None for one in after) == 2
        assert len(found | {one.name for one in after}) == 21

    run(story)


def test_no_two_participants_share_a_name(run: Run) -> None:
    async def story(database: Database) -> None:
        now = clock()
        one, other = [Client(database, await invited(database, name), now) for name in ("One", "Other")]
        await take_in(database, submission(1, 2))
        await publish_waiting(database, now)
        await one.fetch()
        now.advance(timedelta(seconds=100))
        await other.fetch()
        assert one.has.keys().isdisjoint(other.has)

    run(story)


def test_a_time_in_the_future_is_refused(run: Run) -> None:
    async def story(database: Database) -> None:
        member = await invited(database)
        with pytest.raises(InvalidInputError, match="UTC"):
            await range_of(database, clock(), member, 0, START + 9 * 3600)
        with pytest.raises(InvalidInputError, match="from"):
            await range_of(database, clock(), member, START, START - 1)

    run(story)


def test_passwords(run: Run) -> None:
    async def story(database: Database) -> None:
        member = await invited(database)
        with pytest.raises(NotAuthorisedError):
            await with_password(database, member.id, "", KEY)
        first = await give_password(database, clock(), member.id, KEY)
        assert (await with_password(database, member.id, first, KEY)).id == member.id
        with pytest.raises(NotAuthorisedError):
            await with_password(database, member.id, first, bytes(31) + b"1")
        second = await give_password(database, clock(), member.id, KEY)
        with pytest.raises(NotAuthorisedError):
            await with_password(database, member.id, first, KEY)
        await suspend(database, clock(), member.id)
        with pytest.raises(SuspendedError):
            await with_password(database, member.id, second, KEY)
        with pytest.raises(NotFoundError):
            await give_password(database, clock(), "p-0", KEY)

    run(story)
