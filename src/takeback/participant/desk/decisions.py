"""What a person decides about a hold, and all that follows from it, in one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clock import Clock
from takeback.errors import ConflictError, NotAuthorisedError
from takeback.matching.thresholds import Grade
from takeback.model.feedback import ActionTaken, Feedback, Verdict
from takeback.model.hold import Decision, Finding, Hold, HoldState
from takeback.model.instruction import Doing
from takeback.model.operator import Operator
from takeback.model.reason import Reason, reason_named
from takeback.model.review import Review, Seen
from takeback.participant.desk.opening import doubters, lease_of, seen_by
from takeback.participant.notices.outcome import follow_holds
from takeback.platform_settings import PlatformSettings
from takeback.storage import audit
from takeback.storage.database import Database
from takeback.storage.platform import feedback_due, holds, instructions, leases, reviews

_ENDS = {Decision.CONFIRMED: HoldState.CONFIRMED, Decision.WRONG: HoldState.WRONG}
OPEN = (HoldState.OPEN, HoldState.ESCALATED)


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided, how many copies it answered, and where they are now."""

    review: Review
    copies: int
    state: HoldState


async def decide(
    database: Database, clock: Clock, settings: PlatformSettings, operator: Operator, id_: str, word: str
) -> Decided:
    """Decides a hold that this operator has open, and every copy of it, by a reason (model/reason.py).

    Raises NotFoundError, NotAuthorisedError or ConflictError. When it returns, it is on disk.
    """
    reason = reason_named(word)

    async def work(connection: AsyncConnection) -> Decided:
        # 1. They may look at it, it waits, and they have it open.
        hold = await seen_by(connection, operator, id_)
        if hold.state not in OPEN:
            raise ConflictError(f"This is {hold.state.value} already. An administrator can propose to undo it.")
        lease = await lease_of(connection, clock, operator, hold)
        # 2. Whoever was unsure once leaves it to somebody else.
        doubted = doubters(await reviews.of_cluster(connection, hold.cluster))
        if operator.id in doubted:
            raise NotAuthorisedError("You were unsure about this one. Somebody else has to decide.")
        # 3. The decision is kept, with how they had seen it.
        review = await _reviewed(connection, clock, operator, hold, reason, opened_at=lease.since)
        # 4. It counts for every copy.
        copies = await holds.in_cluster(connection, hold.cluster, OPEN)
        state = await _moved(connection, copies, review, doubted=doubted)
        if state in _ENDS.values():
            await follow(connection, settings, copies, reason, because=hold.id, at=review.at)
            await follow_holds(connection, [one.id for one in copies], by=operator.id, at=review.at)
        # 5. It is closed, and counts towards the next break.
        await leases.end(connection, hold.cluster)
        shift = await leases.shift_of(connection, operator.id)
        if shift is not None:
            await leases.keep_shift(connection, replace(shift, decisions=shift.decisions + 1, seen_at=review.at))
        await audit.record(connection, f"{operator.id}:hold/{hold.id}:{reason.decision.value}-{reason.word}", review.at)
        return Decided(review, len(copies), state)

    return await database.run("decide", work)


async def follow(
    connection: AsyncConnection,
    settings: PlatformSettings,
    copies: Iterable[Hold],
    reason: Reason,
    *,
    because: str,
    at: datetime,
) -> None:
    """Tells the platform what to do with each copy, and keeps what is to be said of the entries."""
    doing = reason.doing
    if doing is Doing.REMOVE and settings.desk_confirmed == "hide":
        doing = Doing.HIDE
    said: set[tuple[str, str]] = set()
    for copy in copies:
        if doing is not None:
            await instructions.give(connection, copy.content.id, doing, because=because, at=at)
        said |= said_of(reason, copy.findings)
    if reason.verdict is not None:
        action = ActionTaken.REMOVED if doing is Doing.REMOVE else ActionTaken.KEPT
        for list_, entry in sorted(said):
            await feedback_due.put(connection, list_, Feedback(entry, reason.verdict, action), at)


def said_of(reason: Reason, findings: Collection[Finding]) -> set[tuple[str, str]]:
    """Gives the entries (list, name) about which a decision says something: those that are strongly near.

    Where none is, a confirmation goes to the first, and a "wrong" to nobody: then our own look was too eager.
    """
    if reason.verdict is None:
        return set()
    strong = {(one.list, one.entry) for one in findings if one.grade == Grade.STRONG}
    if not strong and reason.verdict is Verdict.CONFIRMED:
        return {(one.list, one.entry) for one in tuple(findings)[:1]}
    return strong


async def viewed_by(connection: AsyncConnection, cluster: bytes, operator: str) -> tuple[Seen | None, datetime | None]:
    """Gives how somebody had seen a picture at its sharpest, and when they last saw it so."""
    shown = await reviews.viewings_in(connection, cluster, operator)
    how = next((how for how in (Seen.SHARP, Seen.BLURRED) if any(one.how is how for one in shown)), None)
    return how, max((one.at for one in shown if one.how is how), default=None)


async def _reviewed(
    connection: AsyncConnection, clock: Clock, operator: Operator, hold: Hold, reason: Reason, *, opened_at: datetime
) -> Review:
    how, viewed_at = await viewed_by(connection, hold.cluster, operator.id)
    new = Review(
        f"r-{secrets.token_hex(12)}",
        hold.id,
        hold.cluster,
        reason.decision,
        reason.word,
        operator.id,
        opened_at,
        clock.now(),
        how,
        viewed_at,
    )
    await reviews.add(connection, new)
    return new


async def _moved(connection: AsyncConnection, copies: list[Hold], review: Review, *, doubted: set[str]) -> HoldState:
    """A second person who is unsure hands it to child-safety."""
    ids = [one.id for one in copies]
    state = _ENDS.get(review.decision)
    if state is not None:
        await holds.move(connection, ids, state, by=review.by, at=review.at, reason=review.reason)
        return state
    if review.decision is Decision.ESCALATE or doubted:
        await holds.move(connection, ids, HoldState.ESCALATED)
        return HoldState.ESCALATED
    return copies[0].state
