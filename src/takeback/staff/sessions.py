"""Operators' sessions at the console: begun by a passkey, ended by the clock, by signing out, or with the account.

The browser has a random token; only its digest is kept. What an operator may do is read anew with every request.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clock import Clock
from takeback.model.operator import OperatorState
from takeback.model.session import Session
from takeback.storage import audit, sessions
from takeback.storage.database import Database

_TOKEN_BYTES = 32
#: A session's last sign of life is written down at most that often.
_SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """When a session ends: after so long without a request, and so long after its beginning."""

    idle: timedelta
    whole: timedelta


def new_token() -> str:
    """Gives a token that nobody can guess."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def csrf_token(token: str) -> str:
    """Gives what every form of a session carries: made from its token, which no page ever shows."""
    return hmac.new(token.encode(), b"form", hashlib.sha256).hexdigest()


async def begin(connection: AsyncConnection, clock: Clock, operator: str, token: str, lifetimes: Lifetimes) -> None:
    """Begins a session; those that are over are forgotten on the way."""
    now = clock.now()
    await sessions.end_old(connection, begun=now - lifetimes.whole, seen=now - lifetimes.idle)
    await sessions.add(connection, _digest(token), operator, now)
    await audit.record(connection, f"{operator}:{operator}:sign-in", now)


async def of_token(database: Database, clock: Clock, token: str, lifetimes: Lifetimes) -> Session | None:
    """Gives the session of a token, or None where there is none, or it is over, or its account is closed."""
    now = clock.now()

    async def work(connection: AsyncConnection) -> Session | None:
        found = await sessions.find(connection, _digest(token))
        if found is None:
            return None
        over = now - found.begun_at > lifetimes.whole or now - found.seen_at > lifetimes.idle
        if over or found.operator.state is OperatorState.CLOSED:
            await sessions.end(connection, found.digest)
            return None
        if now - found.seen_at >= _SEEN_EVERY:
            await sessions.seen(connection, found.digest, now)
        return found

    return await database.run("find-session", work)


async def end(database: Database, clock: Clock, session: Session) -> None:
    """Signs an operator out of one browser."""
    operator = session.operator.id

    async def work(connection: AsyncConnection) -> None:
        await sessions.end(connection, session.digest)
        await audit.record(connection, f"{operator}:{operator}:sign-out", clock.now())

    await database.run("end-session", work)


async def end_others(database: Database, clock: Clock, session: Session) -> int:
    """Signs an operator out of every other browser, and gives how many there were."""
    operator = session.operator.id

    async def work(connection: AsyncConnection) -> int:
        ended = await sessions.end_all(connection, operator, but=session.digest)
        await audit.record(connection, f"{operator}:{operator}:sign-out-others", clock.now())
        return ended

    return await database.run("end-other-sessions", work)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
