"""Content that notices are about, copies of it, and what waits for a person because of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.fingerprints.types import Fingerprint
from takeback.model.hold import Hold, HoldState, Source
from takeback.model.notice import AgeThen
from takeback.model.received_notice import Copy, Flag, NoticeState
from takeback.storage.moments import utc_or_none
from takeback.storage.platform.holds import hold_of
from takeback.storage.platform.schema import hold, notice, notice_content
from takeback.storage.sealing import keyring_of, prints_of, text_of

_SEALED_FOR = b"content of notice "
_OPEN = (HoldState.OPEN.value, HoldState.ESCALATED.value)


@dataclass(frozen=True, slots=True)
class NoticeContent:
    """A piece of content as a notice has it. `hold` is the id of what waits for a person. `distance` is in bits."""

    notice: str
    content: str
    how: Copy
    hold: str
    distance: int | None = None
    flags: frozenset[Flag] = frozenset()
    hidden_at: datetime | None = None


async def add(connection: AsyncConnection, new: NoticeContent, prints: tuple[Fingerprint, ...] = ()) -> None:
    """Adds a piece of content, with its fingerprints until copies of it were searched."""
    sealed: dict[str, Any] = {}
    if prints:
        key = keyring_of(connection).newest()
        sealed = {"prints": key.seal(_context(new), text_of(prints)), "prints_with": key.version}
    await connection.execute(
        insert(notice_content).values(
            notice=new.notice,
            content=new.content,
            how=new.how.value,
            distance=new.distance,
            flags=" ".join(sorted(new.flags)),
            hold=new.hold,
            hidden_at=new.hidden_at,
            **sealed,
        )
    )


async def of(connection: AsyncConnection, number: str) -> list[NoticeContent]:
    """Gives the content of a notice: what it names first, then copies, the nearest first."""
    statement = select(notice_content).where(notice_content.c.notice == number)
    found = [_content(row) for row in await connection.execute(statement)]
    order = tuple(Copy)
    return sorted(found, key=lambda one: (order.index(one.how), one.distance or 0, one.content))


async def take_prints(connection: AsyncConnection, number: str) -> dict[str, tuple[Fingerprint, ...]]:
    """Gives the fingerprints that are kept for a search, by content, and leaves them there."""
    statement = select(notice_content).where(
        notice_content.c.notice == number, notice_content.c.how == Copy.NAMED.value
    )
    found: dict[str, tuple[Fingerprint, ...]] = {}
    for row in await connection.execute(statement):
        key = None if row.prints is None else keyring_of(connection).of(row.prints_with)
        found[row.content] = () if key is None else prints_of(key.open(_context(_content(row)), row.prints))
    return found


async def erase_prints(connection: AsyncConnection, number: str) -> None:
    """Erases fingerprints that were kept for a search."""
    nothing = {"prints": None, "prints_with": None}
    await connection.execute(update(notice_content).where(notice_content.c.notice == number).values(**nothing))


async def set_hidden(connection: AsyncConnection, number: str, content: str, at: datetime | None) -> None:
    """Keeps when the platform was told to hide something; None: it was told to show it again."""
    one = (notice_content.c.notice == number, notice_content.c.content == content)
    await connection.execute(update(notice_content).where(*one).values(hidden_at=at))


async def open_hold_of(connection: AsyncConnection, content: str) -> Hold | None:
    """Gives what already waits for a person because of a notice about this content, or None."""
    statement = select(hold).where(
        hold.c.content == content, hold.c.source == Source.NOTICE.value, hold.c.state.in_(_OPEN)
    )
    row = (await connection.execute(statement.order_by(hold.c.opened_at).limit(1))).one_or_none()
    return None if row is None else hold_of(row)


async def hurry(connection: AsyncConnection, hold_id: str, due_at: datetime) -> None:
    """Has something be due no later than then."""
    later = or_(hold.c.due_at.is_(None), hold.c.due_at > due_at)
    await connection.execute(update(hold).where(hold.c.id == hold_id, later).values(due_at=due_at))


async def escalate(connection: AsyncConnection, number: str) -> None:
    """Has what waits because of a notice wait for the child-safety role."""
    ours = select(notice_content.c.hold).where(notice_content.c.notice == number)
    open_ = update(hold).where(hold.c.id.in_(ours), hold.c.state == HoldState.OPEN.value)
    await connection.execute(open_.values(state=HoldState.ESCALATED.value))


async def hold_states(connection: AsyncConnection, number: str) -> list[HoldState]:
    """Gives where the holds are of what a notice names, and of what is the same."""
    statement = select(hold.c.state).join(notice_content, notice_content.c.hold == hold.c.id)
    ours = (notice_content.c.notice == number, notice_content.c.how != Copy.NEAR.value)
    return [HoldState(state) for state in (await connection.execute(statement.where(*ours))).scalars()]


async def is_of_a_child(connection: AsyncConnection, hold_id: str) -> bool:
    """Whether a notice because of which something waits says that a child is shown."""
    statement = select(notice.c.number).join(notice_content, notice_content.c.notice == notice.c.number)
    said = (notice_content.c.hold == hold_id, notice.c.depicted == AgeThen.UNDER_18.value)
    return (await connection.execute(statement.where(*said).limit(1))).first() is not None


async def by_hold(connection: AsyncConnection, hold_id: str) -> list[NoticeContent]:
    """Gives the content of every notice because of which something waits."""
    rows = await connection.execute(select(notice_content).where(notice_content.c.hold == hold_id))
    return [_content(row) for row in rows]


async def named_by_others(connection: AsyncConnection, number: str, content: str) -> bool:
    """Whether another notice about this content is open, or led to its removal."""
    statement = select(notice.c.number).join(notice_content, notice_content.c.notice == notice.c.number)
    live = notice.c.state.in_([NoticeState.OPEN.value, NoticeState.REMOVED.value])
    others = statement.where(notice_content.c.content == content, notice.c.number != number, live)
    return (await connection.execute(others.limit(1))).first() is not None


def _context(of: NoticeContent) -> bytes:
    return _SEALED_FOR + f"{of.notice} {of.content}".encode()


def _content(row: Row[Any]) -> NoticeContent:
    return NoticeContent(
        row.notice,
        row.content,
        Copy(row.how),
        row.hold,
        row.distance,
        frozenset(Flag(one) for one in row.flags.split()),
        utc_or_none(row.hidden_at),
    )
