"""Appeals: an uploader asks for another look, and somebody else than the first reviewer gives it."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clock import Clock
from takeback.errors import ConflictError, InvalidInputError, NotAuthorisedError, NotFoundError
from takeback.model.appeal import Appeal, AppealReason, AppealState
from takeback.model.hold import Decision, Hold, HoldState
from takeback.model.operator import Operator, Role
from takeback.model.reason import reason_named
from takeback.model.review import Review
from takeback.participant.desk.decisions import follow, viewed_by
from takeback.participant.desk.opening import role_of
from takeback.participant.notices.outcome import follow_holds
from takeback.platform_settings import PlatformSettings
from takeback.staff.operators import must_be
from takeback.storage import audit
from takeback.storage.database import Database
from takeback.storage.platform import appeals, holds, reviews

#: Stands in the audit for the uploader, who is nobody here.
UPLOADER = "uploader"


async def file_appeal(database: Database, clock: Clock, content: str, reason: str) -> Appeal:
    """Keeps an appeal about what was last decided about a content. Asked again it gives the one that is open.

    Raises InvalidInputError, NotFoundError where nothing was held against it, or ConflictError.
    """
    if reason not in tuple(AppealReason):
        remedy = f"Choose {', '.join(AppealReason)}."
        raise InvalidInputError(field="reason", problem="is not one of ours.", remedy=remedy)

    async def work(connection: AsyncConnection) -> Appeal:
        found = await holds.latest_of(connection, content, tuple(HoldState))
        if found is None or found.state is HoldState.WRONG:
            raise NotFoundError("Nothing is held against this content.")
        if found.state is not HoldState.CONFIRMED:
            raise ConflictError("This content waits for a person already. An appeal is about what they decided.")
        before = await appeals.of_hold(connection, found.id)
        for one in before:
            if one.state is AppealState.OPEN:
                return one
        if before and found.decided_at is not None and before[-1].filed_at >= found.decided_at:
            raise ConflictError("This decision was appealed already, and stays.")
        new = Appeal(f"a-{secrets.token_hex(12)}", found.id, content, AppealReason(reason), clock.now())
        await appeals.add(connection, new)
        await audit.record(connection, f"{UPLOADER}:hold/{found.id}:appeal", new.filed_at)
        return new

    return await database.run("file-appeal", work)


async def open_appeals(database: Database, operator: Operator, *, limit: int) -> list[tuple[Appeal, Hold, bool]]:
    """Gives what waits, oldest first, with the hold of each, and whether this operator may decide it."""
    must_be(operator, Role.OPERATOR)

    async def work(connection: AsyncConnection) -> list[tuple[Appeal, Hold, bool]]:
        rows = []
        for one in await appeals.open_(connection, limit=limit):
            hold = await holds.find(connection, one.hold)
            if hold is not None and operator.role.includes(await role_of(connection, hold)):
                rows.append((one, hold, operator.id not in await _first_ones(connection, hold)))
        return rows

    return await database.read("appeals", work)


async def find_appeal(database: Database, operator: Operator, id_: str) -> tuple[Appeal, Hold]:
    """Gives an appeal that this operator may see, and its hold. Raises NotFoundError or NotAuthorisedError."""
    return await database.read("find-appeal", lambda connection: _found(connection, operator, id_))


async def decide_appeal(
    database: Database, clock: Clock, settings: PlatformSettings, operator: Operator, id_: str, word: str
) -> Appeal:
    """Decides an appeal by a reason: one of "confirmed" upholds the decision, one of "wrong" restores the content.

    Only the content of whoever appealed is decided anew: its copies are other people's.
    """
    reason = reason_named(word)
    if reason.decision not in (Decision.CONFIRMED, Decision.WRONG):
        remedy = "Choose one that confirms or refuses."
        raise InvalidInputError(field="reason", problem="does not decide an appeal.", remedy=remedy)

    async def work(connection: AsyncConnection) -> Appeal:
        # 1. It is open, and they are somebody else.
        appeal, hold = await _found(connection, operator, id_)
        if appeal.state is not AppealState.OPEN:
            raise ConflictError(f"This appeal is {appeal.state.value} already.")
        if operator.id in await _first_ones(connection, hold):
            raise NotAuthorisedError("You decided this first. Somebody else has to look at it again.")
        # 2. What they say is kept as a review of its own.
        now = clock.now()
        await reviews.add(connection, await _reviewed(connection, operator, hold, reason.decision, reason.word, now))
        # 3. Where the decision falls, the content is restored, and the entry hears of it.
        granted = reason.decision is Decision.WRONG
        if granted:
            await holds.move(connection, [hold.id], HoldState.WRONG, by=operator.id, at=now, reason=reason.word)
            await follow(connection, settings, [hold], reason, because=hold.id, at=now)
            await follow_holds(connection, [hold.id], by=operator.id, at=now)
        state = AppealState.GRANTED if granted else AppealState.UPHELD
        await appeals.decide(connection, id_, state, by=operator.id, at=now)
        await audit.record(connection, f"{operator.id}:hold/{hold.id}:appeal-{state.value}", now)
        return Appeal(appeal.id, appeal.hold, appeal.content, appeal.reason, appeal.filed_at, state, operator.id, now)

    return await database.run("decide-appeal", work)


async def _found(connection: AsyncConnection, operator: Operator, id_: str) -> tuple[Appeal, Hold]:
    appeal = await appeals.find(connection, id_)
    hold = None if appeal is None else await holds.find(connection, appeal.hold)
    if appeal is None or hold is None:
        raise NotFoundError("There is no appeal of that id.")
    must_be(operator, await role_of(connection, hold))
    return appeal, hold


async def _first_ones(connection: AsyncConnection, hold: Hold) -> set[str | None]:
    known = await reviews.of_cluster(connection, hold.cluster)
    return {hold.decided_by} | {one.by for one in known if one.decision is Decision.CONFIRMED}


async def _reviewed(
    connection: AsyncConnection, operator: Operator, hold: Hold, decision: Decision, word: str, now: datetime
) -> Review:
    how, viewed_at = await viewed_by(connection, hold.cluster, operator.id)
    id_ = f"r-{secrets.token_hex(12)}"
    return Review(id_, hold.id, hold.cluster, decision, word, operator.id, now, now, how, viewed_at)
