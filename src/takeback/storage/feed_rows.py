"""Places of the feed as readers are told of them, from the rows of their entries."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Integer, Select, String, bindparam, cast, func, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import NullType

from takeback.model.entry import EntryId, EntryState
from takeback.storage.entry_prints import opened
from takeback.storage.schema import entry

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


class FeedRow(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """One place of the feed, in plain words; `prints` are the fingerprints as a page carries them, if it is listed.

    `listed_on` is a day as ISO 8601 has it. A struct that no collection looks at: there are thousands in a page.
    """

    id: EntryId
    sequence: int
    kind: str
    age: str
    tier: str
    listed_on: str | None
    channel: str
    prints: bytes | None


async def rows_after(connection: AsyncConnection, after: int, until: int, limit: int) -> list[FeedRow]:
    """Gives at most `limit` places of the feed in (after, until], in order."""
    rows = (await connection.execute(_FEED, {"after": after, "until": until, "most": limit})).all()
    texts = await opened(connection, [row[:3] for row in rows if row[9] == _LISTED])
    return [
        FeedRow(id_, sequence, kind, age, tier, listed_on, channel, texts.get(id_))
        for id_, _, _, sequence, kind, age, tier, listed_on, channel, _ in rows
    ]


async def count_between(connection: AsyncConnection, after: int, until: int) -> int:
    """Gives how many places of the feed are in (after, until]. A place is left, and never taken again."""
    statement = select(func.count()).where(entry.c.sequence > after, entry.c.sequence <= until)
    return int((await connection.execute(statement)).scalar_one())
