"""What became of the entries that a person has looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.feedback import ActionTaken, Verdict
from takeback.storage.schema import entry, feedback


@dataclass(frozen=True, slots=True)
class Outcome:
    """One entry: when it was listed, first judged and first removed, and how many said what."""

    listed_on: date
    judged_on: date
    removed_on: date | None
    confirmed: int
    wrong: int


async def outcomes(connection: AsyncConnection) -> list[Outcome]:
    """Gives the outcome of every entry that has verdicts; those of what was taken back are erased with it."""
    removed = (feedback.c.verdict == Verdict.CONFIRMED.value) & (feedback.c.action == ActionTaken.REMOVED.value)
    rows = await connection.execute(
        select(
            entry.c.listed_on,
            func.min(feedback.c.given_on),
            func.min(case((removed, feedback.c.given_on))),
            func.sum(case((feedback.c.verdict == Verdict.CONFIRMED.value, 1), else_=0)),
            func.sum(case((feedback.c.verdict == Verdict.WRONG.value, 1), else_=0)),
        )
        .join(feedback, feedback.c.entry == entry.c.id)
        .where(entry.c.listed_on.is_not(None))
        .group_by(entry.c.id, entry.c.listed_on)
    )
    return [Outcome(listed, judged, gone, int(yes), int(no)) for listed, judged, gone, yes, no in rows]
