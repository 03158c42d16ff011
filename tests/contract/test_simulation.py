"""A life of the list at random, and what must hold of it at every moment, on both databases."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from contract.conftest import Run
from contract.test_clearinghouse import LIST, clock, invited, secret, submission
from support.exchange_simulator import md5
from takeback.clearinghouse import participants
from takeback.clearinghouse.feed import page_for
from takeback.clearinghouse.intake import take_in
from takeback.clearinghouse.publishing import publish_waiting
from takeback.clearinghouse.trust import take_feedback
from takeback.clearinghouse.withdrawal import withdraw
from takeback.fingerprints.types import Fingerprint
from takeback.model.change import Upsert
from takeback.model.entry import ListedEntry
from takeback.model.feedback import ActionTaken, Feedback, Verdict
from takeback.model.list_digest import digest_of
from takeback.model.participant import Participant
from takeback.model.tier import RULES, Tier, standing
from takeback.storage.database import Database

STEPS, READERS = 150, 3


@dataclass
class Reader:
    """A platform that reads a page now and then, of any size, and holds what it was given."""

    member: Participant
    cursor: int = 0
    has: dict[str, ListedEntry] = field(default_factory=dict)
    names: dict[Fingerprint, str] = field(default_factory=dict)


class Life:
    """Everything that was acknowledged, in plain sets: what the list must come to."""

    def __init__(self, database: Database, readers: list[Reader], draw: random.Random) -> None:
        self.database, self.readers, self.draw, self.now = database, readers, draw, clock()
        self.sent: set[int] = set()
        self.published: set[int] = set()
        self.withdrawn: set[int] = set()
        self.votes: dict[int, dict[str, Verdict]] = {}

    async def step(self) -> None:
        """Does one thing."""
        kinds = {self.send: 3, self.publish: 3, self.take_back: 1, self.judge: 3, self.read: 6}
        (does,) = self.draw.choices(list(kinds), list(kinds.values()))
        await does()
        if self.draw.random() < 0.1:
            self.now.advance(timedelta(hours=self.draw.randint(1, 30)))

    async def send(self) -> None:
        first = len(self.sent)
        numbers = range(first, first + self.draw.randint(1, 4))
        await take_in(self.database, submission(*numbers))
        self.sent |= set(numbers)

    async def publish(self) -> None:
        await publish_waiting(self.database, self.now)
        self.published |= self.sent - self.withdrawn

    async def take_back(self) -> None:
        if live := sorted(self.sent - self.withdrawn):
            number = self.draw.choice(live)
            await withdraw(self.database, (secret(number),))
            self.withdrawn.add(number)

    async def judge(self) -> None:
        reader = self.draw.choice(self.readers)
        number = self.draw.randrange(len(self.sent) or 1)
        name = reader.names.get(md5(number))
        if name is None:
            return
        verdict = self.draw.choice(list(Verdict))
        said = Feedback(name, verdict, ActionTaken.KEPT)
        taken = await take_feedback(self.database, self.now, reader.member, (said,))
        assert taken.taken == (number not in self.withdrawn), "what was taken back cannot be judged any more"
        if taken.taken:
            self.votes.setdefault(number, {})[reader.member.id] = verdict

    async def read(self) -> bool:
        """Reads one page: places rise, and nothing on it was withdrawn before. Gives whether it was the last."""
        reader = self.draw.choice(self.readers)
        current = await participants.find(self.database, reader.member.id)
        assert current is not None
        limit = self.draw.randint(1, 12)
        page = await page_for(self.database, self.now, current, list_id=LIST, after=reader.cursor, limit=limit)
        places = [change.sequence for change in page.changes]
        assert places == sorted(set(places))
        assert all(place > reader.cursor for place in places)
        gone = {md5(number) for number in self.withdrawn}
        for change in page.changes:
            if isinstance(change, Upsert):
                entry = change.entry
                assert not gone & set(entry.fingerprints), "a withdrawn entry is never served again"
                (value,) = (one for one in entry.fingerprints if one.type is md5(0).type)
                assert reader.names.setdefault(value, entry.entry) == entry.entry, "a name stays"
                reader.has[entry.entry] = entry
            else:
                reader.has.pop(change.entry, None)
        reader.cursor = page.next
        if page.head is not None:
            assert page.head == digest_of(reader.has.values()), "no change was lost"
            self.check(reader)
        return page.head is not None

    def check(self, reader: Reader) -> None:
        """Compares a copy that is up to date with what it must be."""
        expected: dict[Fingerprint, Tier] = {}
        for number in self.published - self.withdrawn:
            votes = list(self.votes.get(number, {}).values())
            now = standing(confirmed=votes.count(Verdict.CONFIRMED), wrong=votes.count(Verdict.WRONG))
            if not now.suspended:
                expected[md5(number)] = now.tier
        found = {
            one: entry.tier for entry in reader.has.values() for one in entry.fingerprints if one.type is md5(0).type
        }
        assert found == expected, "tiers move by the published rule alone"
        actions = {rule.tier: rule.action for rule in RULES.tiers}
        assert all(entry.action is actions[entry.tier] for entry in reader.has.values())


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_happens_every_reader_has_the_list(run: Run, seed: int) -> None:
    async def story(database: Database) -> None:
        readers = [Reader(await invited(database, f"Reader {n}")) for n in range(READERS)]
        life = Life(database, readers, random.Random(seed))
        for _ in range(STEPS):
            await life.step()
        await life.publish()
        for reader in readers:
            life.readers = [reader]
            while not await life.read():
                pass
        views = [set(reader.has) for reader in readers]
        assert not any(one & other for at, one in enumerate(views) for other in views[at + 1 :]), "ids are one's own"

    run(story)
