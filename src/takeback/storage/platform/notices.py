"""Notices: what is kept of them in the open, and what they say, sealed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.notice import AgeThen, Content, Law, Signer
from takeback.model.received_notice import NoticeState, ReceivedNotice, Refusal
from takeback.storage.moments import utc, utc_or_none
from takeback.storage.platform.schema import notice
from takeback.storage.sealing import keyring_of

#: What a text of a notice is sealed for, before the number: no other text takes its place.
_SEALED_FOR = b"notice "


async def add(connection: AsyncConnection, new: ReceivedNotice, secret: bytes) -> None:
    """Adds a notice. `secret` is the digest (32 bytes) of what opens it."""
    await connection.execute(insert(notice).values(number=new.number, secret=secret, **_columns(new)))


async def save(connection: AsyncConnection, changed: ReceivedNotice) -> None:
    """Writes what has changed."""
    await connection.execute(update(notice).where(notice.c.number == changed.number).values(**_columns(changed)))


async def find(connection: AsyncConnection, number: str) -> ReceivedNotice | None:
    """Gives one notice, or None."""
    row = (await connection.execute(select(notice).where(notice.c.number == number))).one_or_none()
    return None if row is None else _notice(row)


async def secret_of(connection: AsyncConnection, number: str) -> bytes | None:
    """Gives the digest of what opens a notice, or None where there is none."""
    found = await connection.execute(select(notice.c.secret).where(notice.c.number == number))
    return found.scalar_one_or_none()


async def seal(connection: AsyncConnection, number: str, text: bytes) -> None:
    """Keeps what a notice says."""
    key = keyring_of(connection).newest()
    values = {"sealed": key.seal(_SEALED_FOR + number.encode(), text), "sealed_with": key.version}
    await connection.execute(update(notice).where(notice.c.number == number).values(**values))


async def opened(connection: AsyncConnection, number: str) -> bytes | None:
    """Gives what a notice says, or None where it was erased."""
    statement = select(notice.c.sealed, notice.c.sealed_with).where(notice.c.number == number)
    row = (await connection.execute(statement)).one_or_none()
    if row is None or row.sealed is None:
        return None
    return keyring_of(connection).of(row.sealed_with).open(_SEALED_FOR + number.encode(), row.sealed)


async def set_places(connection: AsyncConnection, number: str, places: bytes | None) -> None:
    """Keeps what stands for the places that a notice names."""
    value = None if places is None else keyring_of(connection).newest().index("places", places)
    await connection.execute(update(notice).where(notice.c.number == number).values(places=value))


async def open_with_places(connection: AsyncConnection, places: bytes) -> str | None:
    """Gives the number of the oldest open notice that names the same places and is joined to no other one."""
    values = [key.index("places", places) for key in keyring_of(connection).all()]
    statement = select(notice.c.number).where(
        notice.c.places.in_(values), notice.c.state == NoticeState.OPEN.value, notice.c.joined_to.is_(None)
    )
    found = await connection.execute(statement.order_by(notice.c.valid_at, notice.c.number).limit(1))
    return found.scalar_one_or_none()


async def joined_with(connection: AsyncConnection, of: ReceivedNotice) -> list[ReceivedNotice]:
    """Gives the other open notices that name the same places: the first of them, and those joined to it."""
    head = of.joined_to or of.number
    same = or_(notice.c.number == head, notice.c.joined_to == head)
    statement = select(notice).where(same, notice.c.number != of.number, notice.c.state == NoticeState.OPEN.value)
    return [_notice(row) for row in await connection.execute(statement.order_by(notice.c.valid_at, notice.c.number))]


async def hand_on(connection: AsyncConnection, of: ReceivedNotice) -> None:
    """Has the oldest of the open notices that are joined to one take its place, and the others join that."""
    left = [] if of.joined_to else await joined_with(connection, of)
    for at, one in enumerate(left):
        to = left[0].number if at else None
        await connection.execute(update(notice).where(notice.c.number == one.number).values(joined_to=to))


async def listed(
    connection: AsyncConnection, states: frozenset[NoticeState] | None, *, limit: int, flagged: bool = False
) -> list[ReceivedNotice]:
    """Gives notices, those whose time runs out first before the others; of some states, or of trusted flaggers."""
    statement = select(notice)
    if states is not None:
        statement = statement.where(notice.c.state.in_([one.value for one in states]))
    if flagged:
        statement = statement.where(notice.c.flagger.is_not(None))
    # Whatever has no clock comes last, on both databases.
    ordered = statement.order_by(notice.c.due_at.is_(None), notice.c.due_at, notice.c.first_contact_at)
    return [_notice(row) for row in await connection.execute(ordered.limit(limit))]


async def ended_before(connection: AsyncConnection, moment: datetime, *, limit: int) -> list[str]:
    """Gives the numbers of notices that ended before then and whose text is still kept."""
    statement = select(notice.c.number).where(notice.c.ended_at < moment, notice.c.sealed.is_not(None))
    return list((await connection.execute(statement.limit(limit))).scalars())


async def incomplete_since(connection: AsyncConnection, moment: datetime, *, limit: int) -> list[ReceivedNotice]:
    """Gives notices that came before then and were never completed."""
    incomplete = notice.c.state == NoticeState.INCOMPLETE.value
    statement = select(notice).where(incomplete, notice.c.first_contact_at < moment).limit(limit)
    return [_notice(row) for row in await connection.execute(statement)]


async def granted_between(connection: AsyncConnection, begin: datetime, end: datetime) -> list[ReceivedNotice]:
    """Gives the notices that were granted in that time and stand so, oldest first."""
    then = (notice.c.state == NoticeState.REMOVED.value, notice.c.ended_at >= begin, notice.c.ended_at < end)
    rows = await connection.execute(select(notice).where(*then).order_by(notice.c.ended_at, notice.c.number))
    return [_notice(row) for row in rows]


async def erase(connection: AsyncConnection, number: str) -> None:
    """Erases what a notice says, and whatever shows that two came from one person."""
    nothing = {"sealed": None, "sealed_with": None, "places": None, "notifier": None}
    await connection.execute(update(notice).where(notice.c.number == number).values(**nothing))


def notifier_index(connection: AsyncConnection, address: str) -> bytes:
    """Gives what stands for an address of mail (16 bytes)."""
    return keyring_of(connection).newest().index("notifier", address.casefold().encode())


def _columns(of: ReceivedNotice) -> dict[str, Any]:
    return {
        "state": of.state.value,
        "law": of.law.value,
        "depicted": of.depicted.value,
        "content": of.content.value,
        "signer": of.signer.value,
        "computer_made": of.computer_made,
        "language": of.language,
        "flagger": of.flagger,
        "notifier": of.notifier,
        "joined_to": of.joined_to,
        "first_contact_at": of.first_contact_at,
        "valid_at": of.valid_at,
        "due_at": of.due_at,
        "ended_at": of.ended_at,
        "decided_by": of.decided_by,
        "reason": of.reason.value if of.reason else None,
    }


def _notice(row: Row[Any]) -> ReceivedNotice:
    return ReceivedNotice(
        number=row.number,
        state=NoticeState(row.state),
        law=Law(row.law),
        depicted=AgeThen(row.depicted),
        content=Content(row.content),
        signer=Signer(row.signer),
        computer_made=row.computer_made,
        language=row.language,
        first_contact_at=utc(row.first_contact_at),
        valid_at=utc_or_none(row.valid_at),
        due_at=utc_or_none(row.due_at),
        ended_at=utc_or_none(row.ended_at),
        flagger=row.flagger,
        notifier=row.notifier,
        joined_to=row.joined_to,
        decided_by=row.decided_by,
        reason=Refusal(row.reason) if row.reason else None,
    )
