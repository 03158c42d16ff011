"""The one row that holds the state of the whole list. Whoever publishes holds it until the transaction ends."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.list_digest import ListDigest
from takeback.storage.schema import list_state, types_digest


class ListState(msgspec.Struct, frozen=True):
    """The highest sequence given out, and the digest of what is listed."""

    head: int
    digest: ListDigest


async def read(connection: AsyncConnection) -> ListState:
    """Gives the state as this transaction sees it."""
    return await _read(connection, lock=False)


async def hold(connection: AsyncConnection) -> ListState:
    """Gives the state and keeps every other publisher out until this transaction ends.

    PostgreSQL fixes what a transaction sees with its first question. Locking the table is none: whoever begins so sees
    what the publisher before it has done, and need not be tried again.
    """
    if connection.dialect.name == "postgresql":
        await connection.exec_driver_sql("LOCK TABLE list_state IN SHARE ROW EXCLUSIVE MODE")
    return await _read(connection, lock=True)


async def write(connection: AsyncConnection, state: ListState) -> None:
    """Keeps a new state."""
    await connection.execute(
        update(list_state).values(
            head=state.head, entries=state.digest.entries, digest=state.digest.total.to_bytes(32, "big")
        )
    )


async def by_types(connection: AsyncConnection) -> dict[str, int]:
    """Gives the sums over fingerprints of some types only, by the text of those types (`model.application`)."""
    rows = await connection.execute(select(types_digest))
    return {row.types: int.from_bytes(row.digest, "big") for row in rows}


async def write_by_types(connection: AsyncConnection, sums: Mapping[str, int]) -> None:
    """Keeps new sums of types that are kept already."""
    for types, total in sums.items():
        new = update(types_digest).where(types_digest.c.types == types).values(digest=total.to_bytes(32, "big"))
        await connection.execute(new)


async def add_types(connection: AsyncConnection, types: str, total: int) -> None:
    """Keeps the sum of types that were not kept so far."""
    await connection.execute(insert(types_digest).values(types=types, digest=total.to_bytes(32, "big")))


async def _read(connection: AsyncConnection, *, lock: bool) -> ListState:
    held = " FOR UPDATE" if lock and connection.dialect.name == "postgresql" else ""
    row = (await connection.exec_driver_sql(f"SELECT head, entries, digest FROM list_state{held}")).one()  # noqa: S608 - a word of ours
    return ListState(row.head, ListDigest(row.entries, int.from_bytes(row.digest, "big")))
