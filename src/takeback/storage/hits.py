"""How often each participant found an entry on a day."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.entry import EntryId
from takeback.model.participant import ParticipantState
from takeback.storage.schema import hit, participant


@dataclass(frozen=True, slots=True)
class DayOfHits:
    """All hits of one entry on one day, and how many active participants had any."""

    hits: int
    participants: int


async def keep(connection: AsyncConnection, entry: EntryId, of: str, day: date, count: int) -> None:
    """Keeps a count in place of this participant's earlier one of that day."""
    earlier = (hit.c.entry == entry, hit.c.participant == of, hit.c.day == day)
    await connection.execute(delete(hit).where(*earlier))
    await connection.execute(insert(hit).values(entry=entry, participant=of, day=day, count=count))


async def add(connection: AsyncConnection, entry: EntryId, of: str, day: date, count: int) -> None:
    """Adds to this participant's count of that day."""
    earlier = (hit.c.entry == entry, hit.c.participant == of, hit.c.day == day)
    done = await connection.execute(update(hit).where(*earlier).values(count=hit.c.count + count))
    if not done.rowcount:
        await connection.execute(insert(hit).values(entry=entry, participant=of, day=day, count=count))


async def on_day(connection: AsyncConnection, entry: EntryId, day: date) -> DayOfHits:
    """Gives the hits of an entry on a day. Those of a participant that is not active count nothing."""
    row = (
        await connection.execute(
            select(func.coalesce(func.sum(hit.c.count), 0), func.count())
            .join(participant, participant.c.id == hit.c.participant)
            .where(hit.c.entry == entry, hit.c.day == day, participant.c.state == ParticipantState.ACTIVE.value)
        )
    ).one()
    return DayOfHits(int(row[0]), row[1])


async def of_entry(connection: AsyncConnection, entry: EntryId) -> dict[date, int]:
    """Gives the hits of an entry by day, of all participants."""
    by_day = (
        select(hit.c.day, func.sum(hit.c.count)).where(hit.c.entry == entry).group_by(hit.c.day).order_by(hit.c.day)
    )
    return {row[0]: int(row[1]) for row in await connection.execute(by_day)}


async def of_entries(connection: AsyncConnection, ids: Collection[EntryId]) -> dict[EntryId, int]:
    """Gives the hits of each of these entries that has any, of all days and participants."""
    found = select(hit.c.entry, func.sum(hit.c.count)).where(hit.c.entry.in_(ids)).group_by(hit.c.entry)
    return {row[0]: int(row[1]) for row in await connection.execute(found)}


async def erase(connection: AsyncConnection, entry: EntryId) -> None:
    """Erases every count of an entry."""
    await connection.execute(delete(hit).where(hit.c.entry == entry))


async def erase_before(connection: AsyncConnection, day: date) -> int:
    """Erases the counts of earlier days, and gives how many there were."""
    return (await connection.execute(delete(hit).where(hit.c.day < day))).rowcount
