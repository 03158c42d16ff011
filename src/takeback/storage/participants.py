"""Participants, and how far each has come."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.errors import ConflictError
from takeback.model.application import Agreement, types_of, types_text
from takeback.model.change import START
from takeback.model.participant import AGREED_TYPES, Participant, ParticipantState
from takeback.storage.digests import Digests
from takeback.storage.moments import utc_or_none
from takeback.storage.schema import agreement, header_key, mark, participant

#: To processes of before, whoever is in the sandbox or has left is suspended; `stage` says which.
_STAGES = frozenset({ParticipantState.SANDBOX, ParticipantState.LEFT})


async def add(connection: AsyncConnection, new: Participant) -> None:
    """Adds a participant, or raises ConflictError when the name is taken."""
    try:
        await connection.execute(
            insert(participant).values(
                id=new.id,
                name=new.name,
                **_state_values(new.state),
                public_key=new.public_key,
                view_key=new.view_key,
                invited_on=new.invited_on,
                live_on=new.live_on,
                acknowledged=new.acknowledged,
            )
        )
    except IntegrityError:
        raise ConflictError("There is a participant of that name already. Choose another name.") from None


async def agree(connection: AsyncConnection, id_: str, agreed: Agreement) -> None:
    """Keeps what a participant has agreed to, in place of what it agreed to before."""
    await connection.execute(delete(agreement).where(agreement.c.participant == id_))
    await connection.execute(
        insert(agreement).values(
            participant=id_,
            version=agreed.version,
            purpose=agreed.purpose,
            types=types_text(agreed.types),
            regions=agreed.regions,
            agreed_on=agreed.agreed_on,
        )
    )


async def agreements(connection: AsyncConnection) -> dict[str, Agreement]:
    """Gives what each participant has agreed to, by its id."""
    rows = await connection.execute(select(agreement))
    return {
        r.participant: Agreement(
            r.version, r.purpose, types_of(r.types.split(","), field="types"), r.regions, r.agreed_on
        )
        for r in rows
    }


async def find(connection: AsyncConnection, id_: str) -> Participant | None:
    """Gives one participant, or None."""
    row = (await connection.execute(_all().where(participant.c.id == id_))).one_or_none()
    return None if row is None else _participant(row)


async def all_(connection: AsyncConnection) -> list[Participant]:
    """Gives every participant, by name."""
    return [_participant(row) for row in await connection.execute(_all().order_by(participant.c.name))]


async def set_state(connection: AsyncConnection, id_: str, state: ParticipantState) -> None:
    """Moves a participant to a state."""
    await _set(connection, id_, **_state_values(state))


async def begin_live(connection: AsyncConnection, id_: str, on: date) -> None:
    """Lets a participant at the list; what it had of test entries says nothing about the list."""
    await connection.execute(delete(mark).where(mark.c.participant == id_))
    await connection.execute(update(header_key).where(header_key.c.participant == id_).values(acknowledged=START))
    await _set(
        connection, id_, **_state_values(ParticipantState.ACTIVE), live_on=on, acknowledged=START, last_sync_at=None
    )


async def set_key(
    connection: AsyncConnection, id_: str, key: bytes, *, old_key: bytes | None, old_ends_at: datetime | None
) -> None:
    """Keeps a new public key, and until when the one before is valid beside it."""
    await _set(connection, id_, public_key=key, old_key=old_key, old_key_ends_at=old_ends_at)


async def set_password(connection: AsyncConnection, id_: str, kept: Digests) -> None:
    """Keeps the keyed digest of a new password, and until when the one before is valid beside it."""
    await _set(
        connection,
        id_,
        password_digest=kept.digest,
        old_password_digest=kept.old_digest,
        old_password_ends_at=kept.old_ends_at,
    )


async def passwords(connection: AsyncConnection, id_: str) -> Digests:
    """Gives the digests of a participant's passwords, none where there is no such participant."""
    columns = (participant.c.password_digest, participant.c.old_password_digest, participant.c.old_password_ends_at)
    row = (await connection.execute(select(*columns).where(participant.c.id == id_))).one_or_none()
    return Digests() if row is None else Digests(row[0], row[1], utc_or_none(row[2]))


async def erase(connection: AsyncConnection, id_: str) -> None:
    """Ends a participant for ever: its credentials, its view key and its marks go; its name and its verdicts stay."""
    await connection.execute(delete(mark).where(mark.c.participant == id_))
    await connection.execute(delete(header_key).where(header_key.c.participant == id_))
    await _set(
        connection,
        id_,
        **_state_values(ParticipantState.LEFT),
        asked_until=None,
        public_key=b"",
        view_key=b"",
        old_key=None,
        old_key_ends_at=None,
        password_digest=None,
        old_password_digest=None,
        old_password_ends_at=None,
        last_error=None,
        last_error_at=None,
    )


async def came_back(connection: AsyncConnection, id_: str, *, cursor: int, at: datetime) -> None:
    """Keeps the cursor that a participant came back with: everything up to it, it has."""
    await _set(connection, id_, acknowledged=cursor, last_sync_at=at)


async def note_error(connection: AsyncConnection, id_: str, code: str, at: datetime) -> None:
    """Keeps the code of the error that a request ended in."""
    await _set(connection, id_, last_error=code, last_error_at=at)


async def count_active(
    connection: AsyncConnection, *, having: int | None = None, shows_forgetting: bool = False
) -> int:
    """Gives how many active participants there are, or how many of them have everything up to a sequence.

    `shows_forgetting` leaves out those that may go on matching what they were told to forget.
    """
    statement = select(func.count()).where(participant.c.state == ParticipantState.ACTIVE.value)
    if having is not None:
        statement = statement.where(participant.c.acknowledged >= having)
    if shows_forgetting:
        statement = statement.where(participant.c.id.not_in(select(header_key.c.participant)))
    return int((await connection.execute(statement)).scalar_one())


async def _set(connection: AsyncConnection, id_: str, **values: Any) -> None:  # noqa: ANN401 - columns of many types
    await connection.execute(update(participant).where(participant.c.id == id_).values(**values))


def _all() -> Select[Any]:
    return select(participant, agreement.c.types).outerjoin(agreement)


def _state_values(state: ParticipantState) -> dict[str, str | None]:
    if state in _STAGES:
        return {"state": ParticipantState.SUSPENDED.value, "stage": state.value}
    return {"state": state.value, "stage": None}


def _participant(row: object) -> Participant:
    r = row._mapping  # type: ignore[attr-defined]  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping
    return Participant(
        r["id"],
        r["name"],
        ParticipantState(r["stage"] or r["state"]),
        r["public_key"],
        r["view_key"],
        r["invited_on"],
        r["acknowledged"],
        utc_or_none(r["last_sync_at"]),
        r["live_on"],
        r["old_key"],
        utc_or_none(r["old_key_ends_at"]),
        r["last_error"],
        utc_or_none(r["last_error_at"]),
        frozenset(AGREED_TYPES) if r["types"] is None else types_of(r["types"].split(","), field="types"),
    )
