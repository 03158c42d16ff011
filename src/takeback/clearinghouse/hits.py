"""The brake: an entry that is found implausibly often is suspended everywhere, and waits for a person.

A private picture is found a few times a day. One that thousands of uploads match is a logo, a meme, or something that
nobody should have listed, and every hour costs people their lawful pictures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback import metrics
from takeback.clearinghouse.publishing import Publisher
from takeback.clearinghouse.test_entries import is_test
from takeback.clearinghouse.trust import JUDGED, Taken
from takeback.clock import Clock, today
from takeback.model.entry import EntryId, EntryState, number_of
from takeback.model.hits import HIT_DAYS, Hits, coarse_hits
from takeback.model.participant import Participant, ParticipantState
from takeback.model.suspension import SuspendedBy
from takeback.model.tier import Tier
from takeback.model.view import View
from takeback.storage import audit, decoys, entries, hits, participants
from takeback.storage.database import Database
from takeback.storage.entries import StoredEntry


@dataclass(frozen=True, slots=True)
class Brake:
    """Pulled by so many hits on one day, if so many participants had some of them, or all where there are fewer.

    One participant alone must not be able to take an entry off everybody's list.
    """

    hits_a_day: int
    participants: int


async def take_hits(
    database: Database, clock: Clock, participant: Participant, reported: tuple[Hits, ...], brake: Brake
) -> Taken:
    """Keeps counts, each in place of this participant's earlier one of that day, and suspends what is found too often.

    `unknown` counts those about entries that are not on this participant's list, and about days that are over.
    """
    view, day = View(participant.view_key), today(clock)
    days = [day + timedelta(days=1 - back) for back in range(HIT_DAYS + 1)]  # a clock may be a little ahead of ours
    named = [(view.entry_of(one.entry, field=f"hits[{at}].entry"), one) for at, one in enumerate(reported)]

    if participant.state is not ParticipantState.ACTIVE:  # in the sandbox: nothing of it touches the list
        known = sum(is_test(id_) for id_, _ in named)
        return Taken(known, len(named) - known)

    async def keep(connection: AsyncConnection) -> tuple[Taken, set[tuple[EntryId, date]]]:
        taken, too_often = 0, set()
        for id_, one in sorted(named, key=lambda pair: pair[0]):  # in one order, so that none wait in a circle
            entry = await entries.by_id(connection, id_) if one.day in days else None
            if entry is None:
                continue
            await decoys.found(connection, id_, participant.id, one.day)
            if entry.state not in JUDGED:
                continue
            await hits.keep(connection, id_, participant.id, one.day, coarse_hits(one.count))
            taken += 1
            if await _too_often(connection, entry, one.day, brake):
                too_often.add((id_, one.day))
        return Taken(taken, len(named) - taken), too_often

    # Counts come all day, and hold nobody up; only the brake, which is rare, holds the list.
    result, too_often = await database.run("take-hits", keep)
    if too_often:
        await _pull(database, clock, too_often, brake)
    return result


async def add_hits(
    database: Database, clock: Clock, participant: Participant, found: Mapping[int, int], brake: Brake
) -> None:
    """Adds counts of today's look-ups, by the entries' numbers in the index, and suspends what is found too often."""
    day = today(clock)

    async def keep(connection: AsyncConnection) -> set[tuple[EntryId, date]]:
        too_often = set()
        ids = sorted(row.id for row in await entries.by_numbers(connection, found))
        for id_ in ids:
            entry = await entries.by_id(connection, id_)
            if entry is None or entry.state not in JUDGED:
                continue
            await hits.add(connection, id_, participant.id, day, found[number_of(id_)])
            if await _too_often(connection, entry, day, brake):
                too_often.add((id_, day))
        return too_often

    if too_often := await database.run("add-hits", keep):
        await _pull(database, clock, too_often, brake)


async def _pull(database: Database, clock: Clock, found: set[tuple[EntryId, date]], brake: Brake) -> None:
    async def work(connection: AsyncConnection) -> int:
        publisher = await Publisher.begin(connection)
        suspended = 0
        for id_, day in sorted(found):
            entry = await entries.by_id(connection, id_)
            if entry is None or not await _too_often(connection, entry, day, brake):
                continue
            await publisher.suspend(entry, tier=entry.tier, by=SuspendedBy.HITS)
            await audit.record(connection, f"machine:entry/{id_.hex()}:suspend-hits", clock.now())
            suspended += 1
        await publisher.end()
        return suspended

    metrics.ENTRIES.labels("suspended-hits").inc(await database.run("pull-brake", work))


async def _too_often(connection: AsyncConnection, entry: StoredEntry, day: date, brake: Brake) -> bool:
    if entry.state is not EntryState.LISTED or entry.tier is Tier.VERIFIED:
        return False
    if entry.released_on is not None and day <= entry.released_on:
        return False  # operators have seen those
    found = await hits.on_day(connection, entry.id, day)
    enough = min(brake.participants, await participants.count_active(connection))
    return found.hits >= brake.hits_a_day and found.participants >= enough
