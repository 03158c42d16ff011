"""Who sends notices: trusted flaggers by their key, and others by what stands for their address."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.received_notice import Refusal
from takeback.storage.moments import utc_or_none
from takeback.storage.platform.schema import notice, notice_flagger, notice_notifier


@dataclass(frozen=True, slots=True)
class Flagger:
    """A trusted flagger. Days are in UTC."""

    id: str
    name: str
    added_on: date
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Notifier:
    """What a person at the desk did about somebody who sends notices. Times are in UTC."""

    warned_at: datetime | None = None
    suspended_until: datetime | None = None


async def add_flagger(connection: AsyncConnection, new: Flagger, key: bytes) -> None:
    """Adds a trusted flagger. `key` is the SHA-256 of its key."""
    values = {"id": new.id, "name": new.name, "added_on": new.added_on, "key": key}
    await connection.execute(insert(notice_flagger).values(**values))


async def flagger_by_key(connection: AsyncConnection, key: bytes) -> Flagger | None:
    """Gives the flagger whose key this is the SHA-256 of, or None."""
    statement = select(notice_flagger).where(notice_flagger.c.key == key, notice_flagger.c.closed_on.is_(None))
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else Flagger(row.id, row.name, row.added_on)


async def flaggers(connection: AsyncConnection) -> list[Flagger]:
    """Gives every trusted flagger, by name."""
    rows = await connection.execute(select(notice_flagger).order_by(notice_flagger.c.name))
    return [Flagger(row.id, row.name, row.added_on, row.closed_on) for row in rows]


async def close_flagger(connection: AsyncConnection, id_: str, on: date) -> bool:
    """Ends a flagger's key, and says whether there was one."""
    open_ = (notice_flagger.c.id == id_, notice_flagger.c.closed_on.is_(None))
    return bool((await connection.execute(update(notice_flagger).where(*open_).values(closed_on=on))).rowcount)


async def find(connection: AsyncConnection, notifier: bytes) -> Notifier:
    """Gives what was done about a notifier."""
    statement = select(notice_notifier).where(notice_notifier.c.notifier == notifier)
    row = (await connection.execute(statement)).one_or_none()
    return Notifier() if row is None else Notifier(utc_or_none(row.warned_at), utc_or_none(row.suspended_until))


async def set_warned(connection: AsyncConnection, notifier: bytes, at: datetime, by: str) -> None:
    """Keeps that a notifier was warned."""
    await _set(connection, notifier, by, warned_at=at)


async def set_suspended(connection: AsyncConnection, notifier: bytes, until: datetime | None, by: str) -> None:
    """Keeps until when a notifier is suspended; None: not any more."""
    await _set(connection, notifier, by, suspended_until=until)


async def counts(connection: AsyncConnection, notifier: bytes, since: datetime) -> Counter[str]:
    """Gives how many notices came from one notifier since then: `sent`, by state, and refused as misuse."""
    statement = select(notice.c.state, notice.c.reason, func.count()).where(
        notice.c.notifier == notifier, notice.c.first_contact_at >= since
    )
    found: Counter[str] = Counter()
    for state, reason, count in await connection.execute(statement.group_by(notice.c.state, notice.c.reason)):
        found["sent"] += count
        found[state] += count
        if reason == Refusal.MISUSE.value:
            found[Refusal.MISUSE.value] += count
    return found


async def _set(connection: AsyncConnection, notifier: bytes, by: str, **values: datetime | None) -> None:
    one = update(notice_notifier).where(notice_notifier.c.notifier == notifier).values(by=by, **values)
    if not (await connection.execute(one)).rowcount:
        await connection.execute(insert(notice_notifier).values(notifier=notifier, by=by, **values))
