"""Participants, and how far each has come."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.errors import ConflictError
from takeback.model.participant import Participant, ParticipantState
from takeback.storage.schema import participant


async def add(connection: AsyncConnection, new: Participant) -> None:
    """Adds a participant, or raises ConflictError when the name is taken."""
    try:
        await connection.execute(
            insert(participant).values(
                id=new.id,
                name=new.name,
                state=new.state.value,
                public_key=new.public_key,
                view_key=new.view_key,
                invited_on=new.invited_on,
                acknowledged=new.acknowledged,
            )
        )
    except IntegrityError:
        raise ConflictError("There is a participant of that name already. Choose another name.") from None


async def find(connection: AsyncConnection, id_: str) -> Participant | None:
    """Gives one participant, or None."""
    row = (await connection.execute(select(participant).where(participant.c.id == id_))).one_or_none()
    return None if row is None else _participant(row)


async def all_(connection: AsyncConnection) -> list[Participant]:
    """Gives every participant, by name."""
    return [_participant(row) for row in await connection.execute(select(participant).order_by(participant.c.name))]


async def set_state(connection: AsyncConnection, id_: str, state: ParticipantState) -> None:
    """Activates or suspends a participant."""
    await connection.execute(update(participant).where(participant.c.id == id_).values(state=state.value))


async def set_password(connection: AsyncConnection, id_: str, digest: bytes) -> None:
    """Keeps the keyed digest of a participant's password, in place of the one before."""
    await connection.execute(update(participant).where(participant.c.id == id_).values(password_digest=digest))


async def password_digest(connection: AsyncConnection, id_: str) -> bytes | None:
    """Gives the digest, or None where there is no such participant or it has no password."""
    statement = select(participant.c.password_digest).where(participant.c.id == id_)
    return (await connection.execute(statement)).scalar_one_or_none()


async def came_back(connection: AsyncConnection, id_: str, *, cursor: int, at: datetime) -> None:
    """Keeps the cursor that a participant came back with: everything up to it, it has."""
    await connection.execute(
        update(participant).where(participant.c.id == id_).values(acknowledged=cursor, last_sync_at=at)
    )


async def count_active(connection: AsyncConnection, *, having: int | None = None) -> int:
    """Gives how many active participants there are, or how many of them have everything up to a sequence."""
    statement = select(func.count()).where(participant.c.state == ParticipantState.ACTIVE.value)
    if having is not None:
        statement = statement.where(participant.c.acknowledged >= having)
    return int((await connection.execute(statement)).scalar_one())


def _participant(row: object) -> Participant:
    r = row._mapping  # type: ignore[attr-defined]  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping
    last = r["last_sync_at"]
    return Participant(
        r["id"],
        r["name"],
        ParticipantState(r["state"]),
        r["public_key"],
        r["view_key"],
        r["invited_on"],
        r["acknowledged"],
        last.replace(tzinfo=UTC) if last is not None and last.tzinfo is None else last,  # SQLite drops the zone
    )
