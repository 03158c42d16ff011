"""Participants that ask with two header keys: digests of the keys, and how far each has come."""

from __future__ import annotations

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.change import MAX_SEQUENCE, START
from takeback.storage.schema import header_key

#: How far somebody has come who has nothing of the list, and is to be told of no withdrawal: test entries are no list.
OWED_NOTHING = MAX_SEQUENCE


async def set_digests(
    connection: AsyncConnection, participant: str, *, fetch: bytes, subscription: bytes, owed: bool
) -> None:
    """Keeps the keyed digests of both keys, in place of those before; `owed` says whether the list is for it."""
    await connection.execute(delete(header_key).where(header_key.c.participant == participant))
    await connection.execute(
        insert(header_key).values(
            participant=participant,
            fetch_digest=fetch,
            subscription_digest=subscription,
            acknowledged=START if owed else OWED_NOTHING,
        )
    )


async def digests(connection: AsyncConnection, participant: str) -> tuple[bytes, bytes] | None:
    """Gives both digests, or None where the participant has no keys."""
    statement = select(header_key.c.fetch_digest, header_key.c.subscription_digest)
    row = (await connection.execute(statement.where(header_key.c.participant == participant))).one_or_none()
    return None if row is None else (row[0], row[1])


async def acknowledge(connection: AsyncConnection, participant: str, cursor: int) -> None:
    """Keeps the cursor that a participant came back with: of every withdrawal up to it, it has been told."""
    await connection.execute(
        update(header_key).where(header_key.c.participant == participant).values(acknowledged=cursor)
    )


async def told_up_to(connection: AsyncConnection) -> int | None:
    """Gives the sequence up to which every participant with header keys has come back; None where none is owed.

    A table of its own: whoever withdraws reads it, and must not wait for everybody else's syncs.
    """
    owed = select(func.min(header_key.c.acknowledged)).where(header_key.c.acknowledged != OWED_NOTHING)
    least = (await connection.execute(owed)).scalar_one_or_none()
    return None if least is None else int(least)
