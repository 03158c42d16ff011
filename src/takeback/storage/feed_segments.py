"""Stretches of the feed in one piece each: one row to read and one text to open, where there were a thousand.

A piece is a copy of rows. The database itself deletes it with the first change to an entry in it (migration 0017), so
one that is there is as its rows are, and nothing that was withdrawn stands in one. It is sealed as rows are; at rest
its associated data is its own place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from msgspec.msgpack import Decoder, Encoder
from msgspec.structs import asdict
from sqlalchemy import Select, bindparam, delete, insert, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import NullType

from takeback.model.entry import ENTRY_ID_BYTES, EntryId
from takeback.storage.feed_rows import FeedRow
from takeback.storage.schema import feed_segment
from takeback.storage.sealing import Key, keyring_of
from takeback.wire.zstd import LEVEL, ZstdCompressor, ZstdDecompressor

#: Places that a piece goes over: number n over (n * PLACES, (n + 1) * PLACES].
PLACES = 1_000
#: The most that is packed into one, in bytes: films have hundreds of fingerprints, and are read row by row.
MAX_BYTES = 8_000_000
_ENCODE, _DECODE = Encoder().encode, Decoder(list[FeedRow]).decode
#: As the drivers give them.
_TEXT: Select[*tuple[Any, ...]] = select(
    type_coerce(feed_segment.c.sealed, NullType()), feed_segment.c.sealed_with
).where(feed_segment.c.number == bindparam("number"))
_IDS: Select[*tuple[Any, ...]] = (
    select(type_coerce(feed_segment.c.ids, NullType()))
    .where(feed_segment.c.number >= bindparam("first"), feed_segment.c.number < bindparam("end"))
    .order_by(feed_segment.c.number)
)


async def find(connection: AsyncConnection, number: int) -> list[FeedRow] | None:
    """Gives the places of a piece, in order, or None where there is none, or it is too long to be one."""
    row = (await connection.execute(_TEXT, {"number": number})).first()
    if row is None or row[0] is None:
        return None
    text = keyring_of(connection).of(row[1]).open(_context(number), row[0])
    return _DECODE(ZstdDecompressor().decompress(text, MAX_BYTES))


async def ids_of(connection: AsyncConnection, first: int, end: int) -> list[EntryId] | None:
    """Gives the entries of the pieces first..end - 1, in order, or None where one is not there."""
    rows = (await connection.execute(_IDS, {"first": first, "end": end})).all()
    if len(rows) < end - first:
        return None
    ids = b"".join([row[0] for row in rows])
    return [ids[at : at + ENTRY_ID_BYTES] for at in range(0, len(ids), ENTRY_ID_BYTES)]


async def numbers(connection: AsyncConnection, first: int, version: int) -> set[int]:
    """Gives which pieces from `first` on there are that this version of the keys has sealed."""
    there = (feed_segment.c.number >= first, feed_segment.c.sealed_with == version)
    return set((await connection.execute(select(feed_segment.c.number).where(*there))).scalars())


class Segment(Struct, frozen=True):
    """A piece as the database keeps it; `sealed` is None where it is too long."""

    number: int
    ids: bytes
    sealed: bytes | None
    sealed_with: int


def segment_of(number: int, rows: Sequence[FeedRow], key: Key) -> Segment:
    """Packs and seals all places of a piece."""
    text, packer = _ENCODE(rows), ZstdCompressor(level=LEVEL)
    fits = len(text) <= MAX_BYTES
    sealed = key.seal(_context(number), packer.compress(text) + packer.flush()) if fits else None
    return Segment(number, b"".join([row.id for row in rows]), sealed, key.version)


async def keep(connection: AsyncConnection, segment: Segment) -> None:
    """Keeps a piece, in place of the one that was there. Whoever calls holds the list (`list_state.hold`)."""
    await connection.execute(delete(feed_segment).where(feed_segment.c.number == segment.number))
    await connection.execute(insert(feed_segment).values(**asdict(segment)))


async def drop_others(connection: AsyncConnection, key: Key) -> None:
    """Deletes what another key has sealed."""
    await connection.execute(delete(feed_segment).where(feed_segment.c.sealed_with != key.version))


def _context(number: int) -> bytes:
    """Stands where an entry's row has its id."""
    return b"feed segment " + number.to_bytes(8, "big")
