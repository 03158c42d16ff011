"""Opening what waits: one person at a time, never too long at a stretch, and nobody has to take what they would not."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clock import Clock
from takeback.errors import ConflictError, NotAuthorisedError, NotFoundError
from takeback.model.hold import Decision, Hold, HoldState
from takeback.model.operator import Operator, Role
from takeback.model.review import Lease, Review, Waiting
from takeback.platform_settings import PlatformSettings
from takeback.staff.operators import must_be
from takeback.storage import audit
from takeback.storage.database import Database
from takeback.storage.platform import holds, leases, notice_contents, queue, reviews
from takeback.storage.platform.leases import Shift
from takeback.storage.platform.queue import Wanted


class BreakError(ConflictError):
    """It is time to rest; `until` says how long."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"It is time for a break. Come back at {until:%H:%M} UTC.")
        self.until = until


async def waiting(
    database: Database, clock: Clock, operator: Operator, wanted: Wanted, *, limit: int, skip: int = 0
) -> list[Waiting]:
    """Gives the queue. What was escalated is for child-safety alone."""
    must_be(operator, role_for(wanted.state))

    async def work(connection: AsyncConnection) -> list[Waiting]:
        return await queue.waiting(connection, wanted, clock.now(), limit=limit, skip_=skip)

    return await database.read("queue", work)


async def open_next(
    database: Database, clock: Clock, settings: PlatformSettings, operator: Operator, wanted: Wanted
) -> Hold | None:
    """Opens what is due first of what this operator may open; None: nothing waits for them. Raises BreakError."""
    must_be(operator, role_for(wanted.state))

    async def work(connection: AsyncConnection) -> Hold | None:
        found = await queue.first_for(connection, wanted, operator.id, clock.now())
        return None if found is None else await _open(connection, clock, settings, operator, found.hold)

    await _resting(database, clock, settings, operator)
    return await database.run("open-next", work)


async def open_hold(database: Database, clock: Clock, settings: PlatformSettings, operator: Operator, id_: str) -> Hold:
    """Opens one hold, for as long as a lease lasts; again: for as long anew. Raises ConflictError or BreakError."""

    async def work(connection: AsyncConnection) -> Hold:
        return await _open(connection, clock, settings, operator, await seen_by(connection, operator, id_))

    await _resting(database, clock, settings, operator)
    return await database.run("open-hold", work)


async def skip_hold(database: Database, clock: Clock, settings: PlatformSettings, operator: Operator, id_: str) -> None:
    """Gives a hold back undecided; it is not given to this operator for a while. Nobody is asked why."""

    async def work(connection: AsyncConnection) -> None:
        found, now = await seen_by(connection, operator, id_), clock.now()
        lease = await leases.of(connection, found.cluster, now)
        if lease is not None and lease.by == operator.id:
            await leases.end(connection, found.cluster)
        until = now + timedelta(seconds=settings.desk_skip_s)
        await leases.skip_over(connection, found.cluster, operator.id, until=until, now=now)
        await audit.record(connection, f"{operator.id}:hold/{id_}:skip", now)

    await database.run("skip", work)


async def set_apart(database: Database, clock: Clock, settings: PlatformSettings, operator: Operator, id_: str) -> None:
    """Takes a hold from its copies, to be decided by itself: they are near the same entry, not always one picture."""

    async def work(connection: AsyncConnection) -> None:
        found, now = await seen_by(connection, operator, id_), clock.now()
        if found.state not in (HoldState.OPEN, HoldState.ESCALATED):
            raise ConflictError("This is decided already.")
        await lease_of(connection, clock, operator, found)
        if await reviews.of_cluster(connection, found.cluster):
            raise ConflictError("Somebody has judged it together with its copies already.")
        alone = secrets.token_bytes(16)
        await holds.set_apart(connection, id_, alone)
        until = now + timedelta(seconds=settings.desk_lease_s)
        await leases.take(connection, Lease(alone, operator.id, now, until))
        await audit.record(connection, f"{operator.id}:hold/{id_}:set-apart", now)

    await database.run("set-apart", work)


def role_for(state: HoldState) -> Role:
    """Gives the role that may look at holds in that state."""
    return Role.CHILD_SAFETY if state is HoldState.ESCALATED else Role.OPERATOR


async def seen_by(connection: AsyncConnection, operator: Operator, id_: str) -> Hold:
    """Gives a hold that this operator may look at. One that was escalated once is child-safety's for ever."""
    found = await holds.find(connection, id_)
    if found is None:
        raise NotFoundError("There is no hold of that id. See `takeback desk holds list`.")
    must_be(operator, await role_of(connection, found))
    return found


async def role_of(connection: AsyncConnection, hold: Hold) -> Role:
    """Gives the role that may look at a hold."""
    if hold.state is HoldState.ESCALATED or await notice_contents.is_of_a_child(connection, hold.id):
        return Role.CHILD_SAFETY
    known = await reviews.of_cluster(connection, hold.cluster)
    escalated = any(one.decision is Decision.ESCALATE and one.undone_at is None for one in known)
    return Role.CHILD_SAFETY if escalated or len(doubters(known)) > 1 else Role.OPERATOR


def doubters(known: list[Review]) -> set[str]:
    """Gives who was unsure."""
    return {one.by for one in known if one.decision is Decision.UNSURE and one.undone_at is None}


async def lease_of(connection: AsyncConnection, clock: Clock, operator: Operator, hold: Hold) -> Lease:
    """Gives the lease that this operator has of a hold, or raises ConflictError."""
    lease = await leases.of(connection, hold.cluster, clock.now())
    if lease is None:
        raise ConflictError("Open it first: it was open for too long, or not at all.")
    if lease.by != operator.id:
        raise ConflictError("Somebody else has it open.")
    return lease


async def _open(
    connection: AsyncConnection, clock: Clock, settings: PlatformSettings, operator: Operator, hold: Hold
) -> Hold:
    now = clock.now()
    lease = await leases.of(connection, hold.cluster, now)
    if lease is not None and lease.by != operator.id:
        raise ConflictError("Somebody else has it open. Take another one.")
    if operator.id in doubters(await reviews.of_cluster(connection, hold.cluster)):
        raise NotAuthorisedError("You were unsure about this one. Somebody else has to decide.")
    since = now if lease is None else lease.since
    until = now + timedelta(seconds=settings.desk_lease_s)
    await leases.take(connection, Lease(hold.cluster, operator.id, since, until))
    shift = await leases.shift_of(connection, operator.id)
    await leases.keep_shift(connection, _begun(shift, settings, operator, now))
    if lease is None:
        await audit.record(connection, f"{operator.id}:hold/{hold.id}:open", now)
    return hold


async def _resting(database: Database, clock: Clock, settings: PlatformSettings, operator: Operator) -> None:
    """Raises BreakError for whoever has looked long enough. It is kept, so that signing in again does not end it."""

    async def work(connection: AsyncConnection) -> datetime | None:
        now, shift = clock.now(), await leases.shift_of(connection, operator.id)
        if shift is None:
            return None
        if shift.rests_until is not None:
            return shift.rests_until if shift.rests_until > now else None
        long = now - shift.begun_at >= timedelta(seconds=settings.desk_break_after_s)
        if _rested(shift, settings, now) or not (long or shift.decisions >= settings.desk_break_after_decisions):
            return None
        until = now + timedelta(seconds=settings.desk_break_s)
        await leases.keep_shift(connection, replace(shift, rests_until=until))
        await leases.end_all_of(connection, operator.id)
        await audit.record(connection, f"{operator.id}:{operator.id}:break", now)
        return until

    until = await database.run("rest", work)
    if until is not None:
        raise BreakError(until)


def _begun(shift: Shift | None, settings: PlatformSettings, operator: Operator, now: datetime) -> Shift:
    if shift is None or shift.rests_until is not None or _rested(shift, settings, now):
        return Shift(operator.id, now, now, 0, None)
    return replace(shift, seen_at=now)


def _rested(shift: Shift, settings: PlatformSettings, now: datetime) -> bool:
    """Whoever opened nothing for as long as a break has had one."""
    return now - shift.seen_at >= timedelta(seconds=settings.desk_break_s)
