"""Counters against misuse, and what a person may do about somebody who sends false notices again and again.

Regulation (EU) 2022/2065, article 23(2): a suspension follows a warning, and a person decides both. A notice by the
person in the picture never counts for it: without the picture nobody can tell what they may believe in good faith.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clock import Clock, today
from takeback.errors import ConflictError, InvalidInputError, NotAuthorisedError, NotFoundError
from takeback.model.notice import Signer
from takeback.model.received_notice import ReceivedNotice
from takeback.storage import audit
from takeback.storage.database import Database
from takeback.storage.platform import notices, notifiers
from takeback.storage.platform.notifiers import Flagger, Notifier

#: Days over which notices of one notifier are counted.
COUNTED_DAYS = 90
#: Longest suspension at a time, in days.
MAX_SUSPENSION_DAYS = 180
#: The keys of trusted flaggers begin so, and no other key does.
FLAGGER_KEY = "tb-flagger-"
_MAX_NAME = 120


@dataclass(frozen=True, slots=True)
class NotifierCounts:
    """What came from the notifier of a notice within COUNTED_DAYS, and what was done about it."""

    sent: int
    removed: int
    refused: int
    refused_as_misuse: int
    standing: Notifier


async def counts_of(database: Database, clock: Clock, notice: ReceivedNotice) -> NotifierCounts | None:
    """Gives the counts for the notifier of a notice; None where nothing tells who that is."""
    notifier = notice.notifier
    if notifier is None:
        return None

    async def work(connection: AsyncConnection) -> NotifierCounts:
        counted = await notifiers.counts(connection, notifier, clock.now() - timedelta(days=COUNTED_DAYS))
        standing = await notifiers.find(connection, notifier)
        return NotifierCounts(counted["sent"], counted["removed"], counted["refused"], counted["misuse"], standing)

    return await database.read("count-notifier", work)


async def warn(database: Database, clock: Clock, number: str, *, by: str) -> None:
    """Keeps that a person has warned the notifier of this notice. Raises ConflictError where none may be."""

    async def act(connection: AsyncConnection, notifier: bytes, now: datetime) -> str:
        await notifiers.set_warned(connection, notifier, now, by)
        return "warn-notifier"

    await _about(database, clock, number, by, act)


async def suspend(database: Database, clock: Clock, number: str, days: int, *, by: str) -> None:
    """Suspends the notifier of this notice, whom a person has warned before. 0 days: not any more.

    Their notices are still kept and looked at; nothing is hidden for them before. Raises ConflictError.
    """
    if not 0 <= days <= MAX_SUSPENSION_DAYS:
        raise InvalidInputError(field="days", problem="are too many.", remedy=f"Give 0 to {MAX_SUSPENSION_DAYS}.")

    async def act(connection: AsyncConnection, notifier: bytes, now: datetime) -> str:
        if (await notifiers.find(connection, notifier)).warned_at is None:
            raise ConflictError("Nobody has warned this notifier. The law asks for a warning first.")
        until = now + timedelta(days=days) if days else None
        await notifiers.set_suspended(connection, notifier, until, by)
        return "suspend-notifier" if days else "restore-notifier"

    await _about(database, clock, number, by, act)


async def add_flagger(database: Database, clock: Clock, name: str, *, by: str) -> tuple[Flagger, str]:
    """Lets a trusted flagger in, and gives its key, which is shown once and kept nowhere."""
    if not 0 < len(name.strip()) <= _MAX_NAME or not name.isprintable():
        raise InvalidInputError(field="name", problem="is not a name.", remedy=f"Give 1 to {_MAX_NAME} characters.")
    new, key = (
        Flagger(f"f-{secrets.token_hex(12)}", name.strip(), today(clock)),
        FLAGGER_KEY + secrets.token_urlsafe(32),
    )

    async def work(connection: AsyncConnection) -> None:
        await notifiers.add_flagger(connection, new, _digest(key))
        await audit.record(connection, f"{by}:{new.id}:add-flagger", clock.now())

    await database.run("add-flagger", work)
    return new, key


async def close_flagger(database: Database, clock: Clock, id_: str, *, by: str) -> None:
    """Ends a flagger's key at once. Raises NotFoundError."""

    async def work(connection: AsyncConnection) -> None:
        if not await notifiers.close_flagger(connection, id_, today(clock)):
            raise NotFoundError("There is no trusted flagger of that id. See `takeback notice flagger list`.")
        await audit.record(connection, f"{by}:{id_}:close-flagger", clock.now())

    await database.run("close-flagger", work)


async def flagger_of(database: Database, key: str) -> Flagger:
    """Gives the flagger whose key this is, or raises NotAuthorisedError."""
    found = await database.read("find-flagger", lambda c: notifiers.flagger_by_key(c, _digest(key)))
    if found is None:
        raise NotAuthorisedError("This is the key of no trusted flagger. Leave it out to send a notice as anybody may.")
    return found


_Act = Callable[[AsyncConnection, bytes, datetime], Awaitable[str]]


async def _about(database: Database, clock: Clock, number: str, by: str, act: _Act) -> None:
    async def work(connection: AsyncConnection) -> None:
        now = clock.now()
        notice = await notices.find(connection, number)
        if notice is None:
            raise NotFoundError("There is no notice of that number.")
        if notice.signer is Signer.DEPICTED:
            raise ConflictError("The person in the picture signed it. Nobody who asks for themselves is suspended.")
        if notice.notifier is None:
            raise ConflictError("Nothing is kept that tells who sent it.")
        done = await act(connection, notice.notifier, now)
        await audit.record(connection, f"{by}:notice/{number}:{done}", now)

    await database.run("about-notifier", work)


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
