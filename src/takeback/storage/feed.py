"""The feed: places, each left when its entry changes and never taken again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy import Select, func, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import NullType

from takeback.model.change import MAX_SEQUENCE
from takeback.model.entry import EntryId, EntryState
from takeback.storage import feed_segments
from takeback.storage.entries import PLAIN, StoredEntry, stored_entry
from takeback.storage.feed_rows import FeedRow, rows_after
from takeback.storage.schema import entry

#: Rows that are opened at a time: those of films are large.
ROWS = 500
_IDS: Select[*tuple[Any, ...]] = select(type_coerce(entry.c.id, NullType()))  # as the drivers give it: bytes


async def changed_after(
    connection: AsyncConnection, after: int, limit: int, *, until: int = MAX_SEQUENCE
) -> list[StoredEntry]:
    """Gives at most `limit` published entries and tombstones whose latest change is in (after, until], in order."""
    statement = select(*PLAIN).where(entry.c.sequence > after, entry.c.sequence <= until)
    rows = await connection.execute(statement.order_by(entry.c.sequence).limit(limit))
    return [stored_entry(row) for row in rows]


async def parts(connection: AsyncConnection, after: int, until: int) -> AsyncIterator[tuple[list[FeedRow], int]]:
    """Gives the places of the feed in (after, until], in order, some at a time, and up to where they are all."""
    while after < until:
        number = after // feed_segments.PLACES
        end = (number + 1) * feed_segments.PLACES
        # One piece is as long as many rows; where a part of it is wanted, it is still the shorter way.
        packed = await feed_segments.find(connection, number) if end <= until else None
        if packed is None:
            rows = await rows_after(connection, after, until, ROWS)
            after = until if len(rows) < ROWS else rows[-1].sequence
        else:
            rows = packed if after == number * feed_segments.PLACES else [row for row in packed if row.sequence > after]
            after = end
        yield rows, after


async def feed_after(connection: AsyncConnection, after: int, until: int, limit: int) -> list[FeedRow]:
    """Gives at most `limit` places of the feed in (after, until], in order."""
    found: list[FeedRow] = []
    async for rows, _ in parts(connection, after, until):
        found += rows
        if len(found) >= limit:
            break
    return found[:limit]


async def places(connection: AsyncConnection, after: int, until: int, size: int) -> dict[int, int]:
    """Gives how many places in (after, until] there are in each stretch of `size` sequences that has any.

    Stretch n is (n * size, (n + 1) * size].
    """
    number = (entry.c.sequence - 1) // size
    counted = select(number, func.count()).where(entry.c.sequence > after, entry.c.sequence <= until).group_by(number)
    return {row[0]: row[1] for row in await connection.execute(counted)}


async def ids_between(connection: AsyncConnection, after: int, until: int) -> list[EntryId]:
    """Gives the entries at the places in (after, until], in order."""
    if after % feed_segments.PLACES == until % feed_segments.PLACES == 0:
        first, end = after // feed_segments.PLACES, until // feed_segments.PLACES
        if (found := await feed_segments.ids_of(connection, first, end)) is not None:
            return found
    statement = _IDS.where(entry.c.sequence > after, entry.c.sequence <= until).order_by(entry.c.sequence)
    return [row[0] for row in (await connection.execute(statement)).all()]


async def count_gone(connection: AsyncConnection, after: int, until: int) -> int:
    """Gives how many entries left the list in (after, until] and are off it still."""
    off = (entry.c.sequence > after, entry.c.sequence <= until, entry.c.state != EntryState.LISTED.value)
    return int((await connection.execute(select(func.count()).where(*off))).scalar_one())
