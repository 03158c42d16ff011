"""A life of the list at random, and what must hold of it at every moment, on both databases.

What everybody does is drawn; what the list must come to says `support/expected_list.py`. At every moment: no change
is lost or comes out of order for any reader, by cursor or by time; what was withdrawn or suspended is not served; names
are one participant's own, and stay; tiers move by the published rule alone.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from contract.conftest import Run
from contract.test_clearinghouse import LIST, clock, invited, secret, states, submission
from support.exchange_simulator import md5, sha256
from support.expected_list import LISTED, PUBLISHED, SUSPENDED, WAITING, WITHDRAWN, Expected, ExpectedList
from support.joining import decided, two_operators
from support.small_segments import make_segments_small
from takeback.clearinghouse import participants, review
from takeback.clearinghouse.by_time import Range, page_of, range_of
from takeback.clearinghouse.checking import findings
from takeback.clearinghouse.feed import page_for
from takeback.clearinghouse.hits import Brake, take_hits
from takeback.clearinghouse.intake import take_in
from takeback.clearinghouse.negative import compare_new_values
from takeback.clearinghouse.packing import pack_feed
from takeback.clearinghouse.publishing import Burst, publish_waiting
from takeback.clearinghouse.retention import keep_to_retention, renew
from takeback.clearinghouse.trust import take_feedback
from takeback.clearinghouse.withdrawal import keep, withdraw, withdraw_due, withdraw_later
from takeback.clock import today
from takeback.errors import ConflictError, SuspendedError, TooCommonError
from takeback.fingerprints.types import Fingerprint
from takeback.model.change import Upsert
from takeback.model.entry import Age, EntryId, EntryState, Kind, ListedEntry, Submission, SubmittedEntry
from takeback.model.feedback import ActionTaken, Feedback, Verdict
from takeback.model.hits import Hits
from takeback.model.list_digest import digest_of
from takeback.model.operator import Operator
from takeback.model.participant import Participant
from takeback.model.proposal import ProposalKind
from takeback.model.receipt import COOLING_OFF_DAYS, ReceiptState, receipt_digest
from takeback.model.suspension import SuspendedBy
from takeback.model.tier import RULES
from takeback.settings import Settings
from takeback.staff.negative import NegativeGate, addition
from takeback.storage import entries
from takeback.storage.database import Database

STEPS, READERS = 200, 3
#: Of the feed: places in a piece, and after how many steps what is full is packed.
PLACES, PACKED_EVERY = 4, 7
BURST, BRAKE, EXPIRY_DAYS = Burst(entries=5, days=2), Brake(hits_a_day=100, participants=2), 8
SETTINGS = Settings(expiry_days_under_18=EXPIRY_DAYS)
SHOWN = {LISTED: ReceiptState.LISTED, SUSPENDED: ReceiptState.SUSPENDED, WAITING: ReceiptState.WAITING}
#: How many entries platforms talk about at a time, and how likely each of them is to say something.
MUCH_TALKED_OF, MOST = 3, 0.7
#: Each of these happens in every life; otherwise it shows less than it says.
HAPPENS = {
    *SuspendedBy,
    *("held", "held is over", "let go", "votes put it back", "released", "verified", "common", "shut out", "let in"),
    *("withdrawn", "withdrawn on its day", "kept after all", "expired", "renewed", "too late"),
}


@dataclass
class Reader:
    """A platform that reads a page now and then, of any size, and holds what it was given."""

    member: Participant
    cursor: int = 0
    has: dict[str, ListedEntry] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    #: What it had when it had everything. What was on single pages, chance decides, and the story must not.
    had: set[int] = field(default_factory=set)


@dataclass
class ReaderByTime:
    """One whose software asks for [from, to), as NCMEC's does; it may come back for the rest of a range much later."""

    member: Participant
    until: int = 0
    asked: int = 0
    begun_at: int = 0
    rest: Range | None = None
    has: dict[str, int] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)


class Life:
    """Everything that happens, to the list and to what it must come to."""

    def __init__(
        self, database: Database, staff: tuple[Operator, Operator], readers: list[Reader], by_time: ReaderByTime
    ) -> None:
        self.database, self.staff, self.readers, self.by_time = database, staff, readers, by_time
        self.now, self.gate = clock(), NegativeGate()
        self.expected = ExpectedList(BURST, BRAKE, EXPIRY_DAYS)
        self.expected.active = {one.member.id for one in (*readers, by_time)}
        self.number_of: dict[Fingerprint, int] = {}
        self.steps = 0

    async def step(self, draw: random.Random) -> None:
        """Does one thing."""
        kinds: dict[Callable[[random.Random], Awaitable[object]], int] = {
            self.send: 5, self.publish: 8, self.read: 8, self.read_by_time: 8, self.judge: 22, self.find: 12,
            self.withdraw: 2, self.withdraw_later: 3, self.keep: 2, self.renew: 2, self.the_day: 3,
            self.suspend: 2, self.release: 5, self.verify: 1, self.forbid: 2, self.let_go: 4,
            self.shut_out: 4, self.let_in: 6,
        }  # fmt: skip
        (does,) = draw.choices(list(kinds), list(kinds.values()))
        await does(draw)
        self.steps += 1
        self.now.advance(timedelta(hours=draw.randint(1, 20)) if draw.random() < 0.15 else timedelta(seconds=1))

    # What people send and take back.

    async def send(self, draw: random.Random) -> None:
        first = len(self.expected.entries)
        numbers = range(first, first + draw.choice([1, 2, 3, 8]))
        await take_in(self.database, submission(*numbers), self.gate)
        for number in numbers:
            self.expected.entries[number], self.number_of[md5(number)] = Expected(), number
        if gone := self.expected.of(WITHDRAWN):
            with pytest.raises(ConflictError, match="withdrawn"):
                await take_in(self.database, submission(draw.choice(gone)), self.gate)
            self.expected.happened["too late"] += 1

    async def withdraw(self, draw: random.Random) -> None:
        for number in self._one(draw, WAITING, LISTED, SUSPENDED):
            await withdraw(self.database, (secret(number),))
            self.expected.entries[number].withdraw()
            self.expected.happened["withdrawn"] += 1

    async def withdraw_later(self, draw: random.Random) -> None:
        for number in self._one(draw, WAITING, LISTED, SUSPENDED):
            await withdraw_later(self.database, self.now, (secret(number),))
            entry = self.expected.entries[number]
            entry.withdraw_on = entry.withdraw_on or today(self.now) + timedelta(days=COOLING_OFF_DAYS)

    async def keep(self, draw: random.Random) -> None:
        planned = [number for number, one in self.expected.entries.items() if one.withdraw_on is not None]
        for number in draw.sample(planned, min(1, len(planned))):
            await keep(self.database, (secret(number),))
            self.expected.entries[number].withdraw_on = None
            self.expected.happened["kept after all"] += 1

    async def renew(self, draw: random.Random) -> None:
        for number in self._one(draw, WAITING, LISTED, SUSPENDED):
            await renew(self.database, self.now, (secret(number),))
            self.expected.entries[number].renewed_on = today(self.now)
            self.expected.happened["renewed"] += 1

    # What the server does by itself.

    async def publish(self, _: random.Random) -> None:
        await publish_waiting(self.database, self.now, BURST)
        self.expected.publish(today(self.now))

    async def the_day(self, _: random.Random) -> None:
        await withdraw_due(self.database, self.now)
        self.expected.withdraw_due(today(self.now))
        await keep_to_retention(self.database, self.now, SETTINGS)
        self.expected.expire(today(self.now))

    # What operators do.

    async def suspend(self, draw: random.Random) -> None:
        for number in self._one(draw, WAITING, LISTED, SUSPENDED):
            if self.expected.entries[number].by is not SuspendedBy.OPERATOR:
                await review.suspend_entry(self.database, self.now, self.staff[0], await self._id(number))
                self.expected.suspend(number)
                self.expected.happened[SuspendedBy.OPERATOR] += 1

    async def release(self, draw: random.Random) -> None:
        for number in self._one(draw, SUSPENDED):
            await self._decided(ProposalKind.RELEASE_ENTRY, number)
            self.expected.release(number, today(self.now))
            self.expected.happened["released"] += 1

    async def verify(self, draw: random.Random) -> None:
        for number in self._one(draw, *PUBLISHED):
            await self._decided(ProposalKind.VERIFY_ENTRY, number)
            self.expected.verify(number, today(self.now))
            self.expected.happened["verified"] += 1

    async def forbid(self, draw: random.Random) -> None:
        """A public picture has the value of an entry: that is suspended, and nobody sends the value again."""
        for number in self._one(draw, WAITING, LISTED, SUSPENDED, WITHDRAWN):
            new = addition(f"Picture {number}", [f"md5:{md5(number).hex}"])
            await decided(self.database, self.now, self.staff, ProposalKind.ADD_NEGATIVE, new.subject, **new.details)
            await compare_new_values(self.database, self.now)
            self.expected.forbid(number)
            other = 1_000_000 + self.steps
            prints = (md5(number), sha256(other))
            again = SubmittedEntry(receipt_digest(secret(other)), Kind.IMAGE, prints)
            with pytest.raises(TooCommonError):
                await take_in(self.database, Submission(Age.UNDER_18, (again,)), self.gate)
            self.expected.happened["common"] += 1

    async def let_go(self, _: random.Random) -> None:
        await review.release_held(self.database, self.now, self.staff[0])
        self.expected.release_held(today(self.now))

    async def shut_out(self, draw: random.Random) -> None:
        reader = draw.choice(self.readers)
        if reader.member.id in self.expected.active:
            await participants.suspend(self.database, self.now, reader.member.id)
            self.expected.active.remove(reader.member.id)
            self.expected.recount(reader.member.id, today(self.now))
            self.expected.happened["shut out"] += 1
            with pytest.raises(SuspendedError):
                await self._page(reader, 1)

    async def let_in(self, draw: random.Random) -> None:
        out = [one.member.id for one in self.readers if one.member.id not in self.expected.active]
        for id_ in draw.sample(out, min(1, len(out))):
            await decided(self.database, self.now, self.staff, ProposalKind.RESUME_PARTICIPANT, id_)
            self.expected.active.add(id_)
            self.expected.recount(id_, today(self.now))
            self.expected.happened["let in"] += 1

    # What platforms do.

    async def judge(self, draw: random.Random) -> None:
        for reader, number in await self._known(draw):
            verdict = draw.choice([Verdict.CONFIRMED, Verdict.WRONG, Verdict.WRONG])
            said = Feedback(reader.names[number], verdict, ActionTaken.KEPT)
            taken = await take_feedback(self.database, self.now, reader.member, (said,))
            assert taken.taken == (self.expected.entries[number].state in PUBLISHED), "what is gone is judged no more"
            self.expected.vote(number, reader.member.id, verdict, today(self.now))

    async def find(self, draw: random.Random) -> None:
        day = today(self.now) - timedelta(days=draw.randint(0, 1))
        for reader, number in await self._known(draw):
            count = draw.choice([2, 40, 120])
            found = (Hits(reader.names[number], day, count),)
            await take_hits(self.database, self.now, reader.member, found, BRAKE)
            self.expected.hit(number, reader.member.id, day, count)

    async def read(self, draw: random.Random) -> None:
        for reader in self._reading(draw):
            await self.read_page(reader, draw.randint(1, 12))

    async def read_page(self, reader: Reader, limit: int) -> bool:
        """Reads one page, and gives whether it was the last."""
        page = await self._page(reader, limit)
        places = [change.sequence for change in page.changes]
        assert places == sorted(set(places))
        assert all(place > reader.cursor for place in places)
        listed = self.expected.listed()
        for change in page.changes:
            if isinstance(change, Upsert):
                number = self._number(change.entry.fingerprints)
                assert change.entry.tier is listed.get(number), "what is served is listed, and believed so far"
                assert reader.names.setdefault(number, change.entry.entry) == change.entry.entry, "a name stays"
                reader.has[change.entry.entry] = change.entry
                reader.told.add(change.entry.entry)
            else:
                reader.has.pop(change.entry, None)
                reader.told.add(change.entry)
        reader.cursor = page.next
        if page.head is not None:
            assert page.head == digest_of(reader.has.values()), "no change was lost"
            assert {self._number(one.fingerprints): one.tier for one in reader.has.values()} == listed
            reader.had |= set(listed)
            actions = {rule.tier: rule.action for rule in RULES.tiers}
            assert all(entry.action is actions[entry.tier] for entry in reader.has.values())
        return page.head is not None

    async def read_by_time(self, draw: random.Random) -> None:
        await self.read_page_by_time(draw.choice([1, 4, 1_000]))

    async def read_page_by_time(self, limit: int) -> None:
        """Begins the next range where the last one ended, or goes on with it."""
        reader = self.by_time
        if reader.rest is None:
            to = int(self.now.now().timestamp()) - 5
            if to <= reader.asked:
                return
            reader.rest = await range_of(self.database, self.now, reader.member, reader.asked, to)
            assert reader.rest.after == reader.until, "between two ranges lies nothing"
            reader.until, reader.asked, reader.begun_at = reader.rest.until, to, self.steps
        page = await page_of(self.database, reader.member, reader.rest, lambda one: one, limit=limit)
        listed = self.expected.listed()
        for change in page.changes:
            reader.told.add(change.name)
            if change.fingerprints is None:
                reader.has.pop(change.name, None)
                continue
            number = self._number(change.fingerprints)
            assert number in listed, "what is served is listed"
            assert reader.has.setdefault(change.name, number) == number, "a name stays"
        reader.rest = page.rest
        if page.rest is None and reader.begun_at == self.steps:
            assert sorted(reader.has.values()) == sorted(listed), "no change was lost"

    async def end(self) -> None:
        """Everybody is let in and reads to the end."""
        for one in self.readers:
            await self.let_in(random.Random(one.cursor))
        await self.publish(random.Random())
        for one in self.readers:
            while not await self.read_page(one, 100):
                pass
        self.now.advance(timedelta(minutes=1))
        while self.by_time.rest is not None:
            await self.read_page_by_time(1_000)
        self.now.advance(timedelta(minutes=1))
        self.steps += 1
        await self.read_page_by_time(10_000)
        assert self.by_time.rest is None
        shown = [SHOWN.get(one.state, ReceiptState.UNLISTED) for one in self.expected.entries.values()]
        assert await states(self.database, *self.expected.entries) == shown
        assert await self.database.read("check", findings) == []

    def _one(self, draw: random.Random, *states: EntryState) -> list[int]:
        """Draws an entry in one of these states, or none where there is none."""
        return draw.sample(found := self.expected.of(*states), min(1, len(found)))

    def _reading(self, draw: random.Random) -> list[Reader]:
        """Draws one who is let in."""
        return draw.sample(inside := self._inside(), min(1, len(inside)))

    def _inside(self) -> list[Reader]:
        return [one for one in self.readers if one.member.id in self.expected.active]

    async def _known(self, draw: random.Random) -> list[tuple[Reader, int]]:
        """Draws an entry, of which a few are drawn often, and some who were told of it; one of them reads first."""
        for reader in self._reading(draw):
            while not await self.read_page(reader, draw.randint(5, 20)):
                pass
            if known := sorted(reader.had)[-MUCH_TALKED_OF:]:
                number = draw.choice(known)
                return [(one, number) for one in self._inside() if number in one.had and draw.random() < MOST]
        return []

    async def _page(self, reader: Reader, limit: int):
        current = await participants.find(self.database, reader.member.id)
        assert current is not None
        return await page_for(self.database, self.now, current, list_id=LIST, after=reader.cursor, limit=limit)

    async def _id(self, number: int) -> EntryId:
        receipt = receipt_digest(secret(number))
        found = await self.database.read("find", lambda connection: entries.by_receipts(connection, [receipt]))
        return found[receipt].id

    async def _decided(self, kind: ProposalKind, number: int) -> None:
        await decided(self.database, self.now, self.staff, kind, f"entry/{(await self._id(number)).hex()}")

    def _number(self, prints: tuple[Fingerprint, ...] | frozenset[Fingerprint]) -> int:
        (found,) = (self.number_of[one] for one in prints if one in self.number_of)
        return found


@pytest.mark.parametrize("seed", [1, 3])  # lives in which everything happens
def test_whatever_happens_every_reader_has_the_list(run: Run, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(database: Database) -> None:
        await make_segments_small(database, PLACES, monkeypatch)
        packed = 0
        readers = [Reader(await invited(database, f"Reader {n}")) for n in range(READERS)]
        by_time = ReaderByTime(await invited(database, "Reader by time"))
        life, draw = Life(database, await two_operators(database, clock()), readers, by_time), random.Random(seed)
        for _ in range(STEPS):
            await life.step(draw)
            if life.steps % PACKED_EVERY == 0:
                packed += await pack_feed(database)
        await life.end()
        assert packed, "pages were read from pieces of the feed, too"
        told = [one.told for one in (*readers, by_time)]
        assert all(told)
        assert not any(one & other for at, one in enumerate(told) for other in told[at + 1 :]), "ids are one's own"
        assert life.expected.happened.keys() >= HAPPENS, HAPPENS - life.expected.happened.keys()

    run(story)
