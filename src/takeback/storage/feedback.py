"""Verdicts of participants, one each for an entry."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.entry import EntryId
from takeback.model.feedback import ActionTaken, Verdict
from takeback.storage.schema import feedback


@dataclass(frozen=True, slots=True)
class Votes:
    """How many participants said what."""

    confirmed: int
    wrong: int


async def give(
    connection: AsyncConnection, entry: EntryId, participant: str, verdict: Verdict, action: ActionTaken, on: date
) -> None:
    """Keeps a verdict in place of this participant's earlier one."""
    await connection.execute(delete(feedback).where(feedback.c.entry == entry, feedback.c.participant == participant))
    await connection.execute(
        insert(feedback).values(
            entry=entry, participant=participant, verdict=verdict.value, action=action.value, given_on=on
        )
    )


async def votes_on(connection: AsyncConnection, entry: EntryId) -> Votes:
    """Gives the votes on one entry."""
    rows = await connection.execute(
        select(feedback.c.verdict, func.count()).where(feedback.c.entry == entry).group_by(feedback.c.verdict)
    )
    counts = {Verdict(verdict): count for verdict, count in rows}
    return Votes(counts.get(Verdict.CONFIRMED, 0), counts.get(Verdict.WRONG, 0))


async def removals_of(connection: AsyncConnection, entries: Collection[EntryId]) -> dict[EntryId, int]:
    """Gives on how many services a person confirmed each entry and removed it."""
    rows = await connection.execute(
        select(feedback.c.entry, func.count())
        .where(
            feedback.c.entry.in_(entries),
            feedback.c.verdict == Verdict.CONFIRMED.value,
            feedback.c.action == ActionTaken.REMOVED.value,
        )
        .group_by(feedback.c.entry)
    )
    return {row[0]: row[1] for row in rows}


async def erase(connection: AsyncConnection, entry: EntryId) -> None:
    """Erases every verdict on an entry."""
    await connection.execute(delete(feedback).where(feedback.c.entry == entry))


async def count_by_verdict(connection: AsyncConnection) -> dict[str, int]:
    """Gives how many verdicts there are of each kind."""
    rows = await connection.execute(select(feedback.c.verdict, func.count()).group_by(feedback.c.verdict))
    return {row[0]: row[1] for row in rows}


async def count_by_day(connection: AsyncConnection, since: date) -> dict[tuple[date, Verdict], int]:
    """Gives how many verdicts of each kind were given on each day from one on; those on withdrawn entries are gone."""
    rows = await connection.execute(
        select(feedback.c.given_on, feedback.c.verdict, func.count())
        .where(feedback.c.given_on >= since)
        .group_by(feedback.c.given_on, feedback.c.verdict)
    )
    return {(day, Verdict(verdict)): count for day, verdict, count in rows}


async def count_by_participant(connection: AsyncConnection, since: date) -> dict[str, int]:
    """Gives how many verdicts each participant has given since a day."""
    given = select(feedback.c.participant, func.count()).where(feedback.c.given_on >= since)
    return {row[0]: row[1] for row in await connection.execute(given.group_by(feedback.c.participant))}
