"""The index that look-ups are answered from is the list, whenever it is asked, on both databases."""

from __future__ import annotations

import asyncio
import random
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from contract.conftest import Run
from contract.test_by_value import listed, of
from contract.test_clearinghouse import clock, invited, secret
from support.exchange_simulator import md5, pdq
from takeback.clearinghouse import lookup, lookup_hits
from takeback.clearinghouse.hits import Brake, add_hits
from takeback.clearinghouse.intake import take_in
from takeback.clearinghouse.lookup import LookupIndex, Near, near_for
from takeback.clearinghouse.lookup_hits import LookupHits
from takeback.clearinghouse.publishing import publish_waiting
from takeback.clearinghouse.trust import take_feedback
from takeback.clearinghouse.withdrawal import withdraw
from takeback.clock import today
from takeback.model.channel import Channel
from takeback.model.entry import Age, EntryState, Submission
from takeback.model.feedback import ActionTaken, Feedback, Verdict
from takeback.model.participant import Participant
from takeback.model.tier import StrongestAction
from takeback.model.view import View
from takeback.storage.database import Database


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "BATCH", 3)
    monkeypatch.setattr(lookup, "GONE_AT_MOST", 2)


async def found(index: LookupIndex, *pictures: int) -> set[int]:
    nears = await index.near([pdq(picture).value for picture in pictures])
    return {picture for picture, near in zip(pictures, nears, strict=True) if near is not None and near.distance == 0}


@pytest.mark.parametrize("seed", range(2))
def test_it_is_the_list_whenever_it_is_asked(seed: int, run: Run) -> None:
    async def story(database: Database) -> None:
        drawn, now, index = random.Random(seed), clock(), LookupIndex(database)
        pictures, number = dict[int, int](), 0
        for _ in range(25):
            match drawn.randrange(3):
                case 0:
                    new = {number + at: drawn.randrange(8) for at in range(drawn.randrange(1, 6))}
                    number += len(new)
                    pictures |= new
                    await listed(database, now, *(of(n, picture) for n, picture in new.items()))
                case 1 if pictures:
                    gone = drawn.choice(sorted(pictures))
                    del pictures[gone]
                    await withdraw(database, (secret(gone),))
                case _:
                    pass
            assert await found(index, *range(8)) == set(pictures.values())
        await asyncio.gather(*(found(index, *range(8)) for _ in range(5)))
        await index.close()

    run(story)


def test_it_says_what_may_be_done_and_what_is_test_data(run: Run) -> None:
    async def story(database: Database) -> None:
        now, index = clock(), LookupIndex(database)
        one, two, three, unknown = (random.Random(number).getrandbits(256) for number in range(4))
        await listed(database, now, of(1, one), of(2, two))
        await take_in(database, Submission(Age.UNDER_18, (of(3, three),)), channel=Channel.TEST)
        await publish_waiting(database, now)
        voters = [await invited(database, name) for name in ("One", "Other")]

        async def vote(picture: int, verdict: Verdict) -> None:
            ((entry,),) = await index.same([pdq(picture)])
            for voter in voters:
                name = View(voter.view_key).name_of(entry.id)
                await take_feedback(database, now, voter, (Feedback(name, verdict, ActionTaken.KEPT),))

        await vote(two, Verdict.CONFIRMED)
        asked = [pdq(picture).value for picture in (one, two, three, unknown)]
        hold = Near(0, StrongestAction.HOLD, is_test=False)
        remove, test = Near(0, StrongestAction.REMOVE, is_test=False), Near(0, StrongestAction.HOLD, is_test=True)
        assert await index.near(asked) == [hold, remove, test, None]
        await vote(one, Verdict.WRONG)
        assert (await index.near(asked))[0] is None, "what is suspended is not on the list"
        assert [[one.state for one in same] for same in await index.same([pdq(one)])] == [[EntryState.SUSPENDED]]
        assert await index.same([md5(1)]) == [[]], "an image is not known by that"
        await index.close()

    run(story)


async def written(database: Database) -> list[tuple[str, int]]:
    async def work(connection: AsyncConnection) -> list[tuple[str, int]]:
        rows = await connection.execute(text("SELECT participant, count FROM hit ORDER BY count"))
        return [(row[0], row[1]) for row in rows]

    return await database.run("read", work)


def test_what_look_ups_find_often_pulls_the_brake(run: Run) -> None:
    """Counted in memory and told in steps, by every process; one participant alone takes nothing off the list."""

    async def story(database: Database) -> None:
        now, index, brake = clock(), LookupIndex(database), Brake(hits_a_day=600, participants=2)
        await listed(database, now, of(1, 1), of(2, 2))
        one, other = await invited(database, "One"), await invited(database, "Other")
        processes = [LookupHits(), LookupHits()]

        async def ask(who: Participant, times: int, process: int = 0) -> None:
            nears = await near_for(index, who, [pdq(1).value] * times)
            numbers = [near.number for near in nears if near is not None]
            due = processes[process].count(who.id, numbers, today(now))
            if due:
                await add_hits(database, now, who, due, brake)

        await ask(one, 99)
        assert await written(database) == [], "of what is found seldom nothing is written"
        await ask(one, 1)
        await ask(one, 150)
        assert await written(database) == [(one.id, 100)]
        await ask(one, 50)
        assert await written(database) == [(one.id, 300)]
        await ask(one, 700)
        assert await written(database) == [(one.id, 1_000)]
        assert await found(index, 1, 2) == {1, 2}, "one alone is not enough"
        now.advance(timedelta(days=1))
        await ask(one, 300)
        await ask(other, 100)
        await ask(other, 100, process=1)
        assert sorted(await written(database)) == sorted([(one.id, 1_000), (one.id, 300), (other.id, 200)])
        assert await found(index, 1, 2) == {1, 2}
        await ask(other, 200, process=1)
        assert await found(index, 1, 2) == {2}, "suspended, until a person looks"

    run(story)


def test_memory_of_counts_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup_hits, "MOST_COUNTS", 3)
    counts = LookupHits()
    for number in range(10):
        counts.count("p-1", [number], date(2026, 11, 26))
    assert list(counts._counts) == [("p-1", 7), ("p-1", 8), ("p-1", 9)]
