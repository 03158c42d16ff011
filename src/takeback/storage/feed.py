"""Places in the feed, each left when its entry changes and never taken again."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, String, bindparam, cast, func, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import NullType

from takeback.model.change import MAX_SEQUENCE
from takeback.model.entry import EntryId, EntryState
from takeback.storage.entries import PLAIN, StoredEntry, stored_entry
from takeback.storage.entry_prints import opened
from takeback.storage.schema import entry
from takeback.storage.sealing import prints_of, text_of

_IDS: Select[*tuple[Any, ...]] = select(type_coerce(entry.c.id, NullType()))  # as the drivers give it: bytes
_LISTED = EntryState.LISTED.value
#: As the drivers give them: nothing is made of a value that is written on as it is.
_FEED: Select[*tuple[Any, ...]] = (
    select(
        *(type_coerce(column, NullType()) for column in (entry.c.id, entry.c.sealed, entry.c.sealed_with)),
        *(type_coerce(column, NullType()) for column in (entry.c.sequence, entry.c.kind, entry.c.age, entry.c.tier)),
        *(cast(entry.c.listed_on, String), type_coerce(entry.c.channel, NullType())),
        type_coerce(entry.c.state, NullType()),
    )
    .where(entry.c.sequence > bindparam("after"), entry.c.sequence <= bindparam("until"))
    .order_by(entry.c.sequence)
    .limit(bindparam("most", type_=Integer))
)


class FeedRow(NamedTuple):
    """One place of the feed, in plain words; `prints` are the fingerprints as a page carries them, if it is listed.

    `listed_on` is a day as ISO 8601 has it.
    """

    id: EntryId
    sequence: int
    kind: str
    age: str
    tier: str
    listed_on: str | None
    channel: str
    prints: bytes | None


async def changed_after(
    connection: AsyncConnection, after: int, limit: int, *, until: int = MAX_SEQUENCE
) -> list[StoredEntry]:
    """Gives at most `limit` published entries and tombstones whose latest change is in (after, until], in order."""
    statement = select(*PLAIN).where(entry.c.sequence > after, entry.c.sequence <= until)
    rows = await connection.execute(statement.order_by(entry.c.sequence).limit(limit))
    return [stored_entry(row) for row in rows]


async def feed_after(
    connection: AsyncConnection, after: int, until: int, limit: int, types: Collection[str] | None = None
) -> list[FeedRow]:
    """Gives at most `limit` places of the feed in (after, until], in order, with fingerprints of some types, or all."""
    rows = (await connection.execute(_FEED, {"after": after, "until": until, "most": limit})).all()
    texts = await opened(connection, [row[:3] for row in rows if row[9] == _LISTED])
    if types is not None:
        texts = {id_: text_of(tuple(f for f in prints_of(text) if f.type in types)) for id_, text in texts.items()}
    return [
        FeedRow(id_, sequence, kind, age, tier, listed_on, channel, texts.get(id_))
        for id_, _, _, sequence, kind, age, tier, listed_on, channel, _ in rows
    ]


async def count_between(connection: AsyncConnection, after: int, until: int) -> int:
    """Gives how many places of the feed are in (after, until]. A place is left, and never taken again."""
    statement = select(func.count()).where(entry.c.sequence > after, entry.c.sequence <= until)
    return int((await connection.execute(statement)).scalar_one())


async def places(connection: AsyncConnection, after: int, until: int, size: int) -> dict[int, int]:
    """Gives how many places in (after, until] there are in each stretch of `size` sequences that has any.

    Stretch n is (n * size, (n + 1) * size].
    """
    number = (entry.c.sequence - 1) // size
    counted = select(number, func.count()).where(entry.c.sequence > after, entry.c.sequence <= until).group_by(number)
    return {row[0]: row[1] for row in await connection.execute(counted)}


async def ids_between(connection: AsyncConnection, after: int, until: int) -> list[EntryId]:
    """Gives the entries at the places in (after, until], in order."""
    statement = _IDS.where(entry.c.sequence > after, entry.c.sequence <= until).order_by(entry.c.sequence)
    return [row[0] for row in (await connection.execute(statement)).all()]


async def count_gone(connection: AsyncConnection, after: int, until: int) -> int:
    """Gives how many entries left the list in (after, until] and are off it still."""
    off = (entry.c.sequence > after, entry.c.sequence <= until, entry.c.state != EntryState.LISTED.value)
    return int((await connection.execute(select(func.count()).where(*off))).scalar_one())
