"""Participants that ask with two header keys: digests of the keys, and how far each has come."""

from __future__ import annotations

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.change import MAX_SEQUENCE, START
from takeback.storage.digests import Digests
from takeback.storage.moments import utc_or_none
from takeback.storage.schema import header_key

#: Of each digest.
DIGEST_BYTES = 32
#: How far somebody has come who has nothing of the list, and is to be told of no withdrawal: test entries are no list.
OWED_NOTHING = MAX_SEQUENCE


async def set_digests(connection: AsyncConnection, participant: str, kept: Digests, *, owed: bool) -> None:
    """Keeps the keyed digests of new keys, and until when those before are valid beside them.

    The digests of a pair are one text. Who has new keys may begin with an empty copy: nothing is acknowledged by them.
    `owed` says whether the list is for it.
    """
    pair = kept.digest or b""
    await end(connection, participant)
    await connection.execute(
        insert(header_key).values(
            participant=participant,
            fetch_digest=pair[:DIGEST_BYTES],
            subscription_digest=pair[DIGEST_BYTES:],
            acknowledged=START if owed else OWED_NOTHING,
            old_digests=kept.old_digest,
            old_ends_at=kept.old_ends_at,
        )
    )


async def digests(connection: AsyncConnection, participant: str) -> Digests:
    """Gives the digests of a participant's pairs, none where it has no keys."""
    statement = select(header_key).where(header_key.c.participant == participant)
    row = (await connection.execute(statement)).one_or_none()
    if row is None:
        return Digests()
    return Digests(row.fetch_digest + row.subscription_digest, row.old_digests, utc_or_none(row.old_ends_at))


async def end(connection: AsyncConnection, participant: str) -> None:
    """Forgets a participant's keys."""
    await connection.execute(delete(header_key).where(header_key.c.participant == participant))


async def holders(connection: AsyncConnection) -> set[str]:
    """Gives the ids of participants that have header keys."""
    return {row.participant for row in await connection.execute(select(header_key.c.participant))}


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
