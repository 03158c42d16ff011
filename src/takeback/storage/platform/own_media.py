"""Fingerprints of what the platform holds: sealed like a list's, found by equality through a blind index.

What is near is found by an index beside the database, which follows this table by its numbers
(participant/own_index.py). They are given in the order of commits, to what comes and to what goes.
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.entry import Kind
from takeback.model.hold import Content, Surface
from takeback.storage.bulk import insert_rows
from takeback.storage.moments import utc_or_none
from takeback.storage.platform.schema import own_media, own_media_asked, own_media_gone, own_media_state
from takeback.storage.sealing import INDEXED, Key, keyring_of

#: Departures that are remembered; an index that is further behind is made anew.
REMEMBERED = 1_000_000
#: Values asked for in one statement: databases bound how many it may carry.
_AT_ONCE = 500
#: Type, quality, seconds into the film; the value follows.
_RECORD = struct.Struct(">BBI")
_TYPES = tuple(FingerprintType)
_CODES = {type_: code for code, type_ in enumerate(_TYPES)}
_NO_QUALITY = 255
_NUMBER_BYTES = 8
#: What stands before a number where it is sealed: no other room's text can be put in its place.
_LABEL = b"own media\n"


@dataclass(frozen=True, slots=True)
class OwnMedium:
    """What the platform holds, and its fingerprints. A number says when it came."""

    content: Content
    kind: Kind
    fingerprints: tuple[Fingerprint, ...]
    number: int = 0


@dataclass(frozen=True, slots=True)
class Followed:
    """How far an index has come: of which database, and the last number of what came or went."""

    identity: str
    number: int


async def put(connection: AsyncConnection, media: Sequence[OwnMedium]) -> int:
    """Adds media, or replaces what there was of the same content; gives how many are new or have changed."""
    latest = list({one.content.id: one for one in media}.values())
    known = await _known(connection, [one.content.id for one in latest])
    changed = [one for one in latest if not _is_as(one, known.get(one.content.id), connection)]
    if not changed:
        return 0
    replaced = [known[one.content.id].number for one in changed if one.content.id in known]
    last = await _take(connection, len(changed) + len(replaced))
    await _leave(connection, replaced, last - len(changed))
    key = keyring_of(connection).newest()
    first = last - len(changed) + 1
    await insert_rows(connection, own_media, [_row(key, number, one) for number, one in enumerate(changed, first)])
    return len(changed)


async def remove(connection: AsyncConnection, contents: Collection[str]) -> int:
    """Removes what the platform deleted, by its own ids; gives how much of it there was."""
    known = await _known(connection, contents)
    numbers = [row.number for row in known.values()]
    if numbers:
        await _leave(connection, numbers, await _take(connection, len(numbers)))
    return len(numbers)


async def numbers_having(connection: AsyncConnection, prints: Iterable[Fingerprint]) -> set[int]:
    """Gives the numbers of the media that have exactly one of these md5 and sha256; other types are passed over."""
    found, keys, exact = set[int](), keyring_of(connection).all(), list(prints)
    for type_, column in INDEXED.items():
        values = {key.index(type_, one.value) for one in exact if one.type is type_ for key in keys}
        for some in _parts(sorted(values)):
            rows = await connection.execute(select(own_media.c.number).where(own_media.c[column].in_(some)))
            found.update(rows.scalars())
    return found


async def numbered(connection: AsyncConnection, numbers: Collection[int]) -> list[OwnMedium]:
    """Gives media by their numbers; those that have gone are left out."""
    found = list[OwnMedium]()
    for some in _parts(sorted(numbers)):
        rows = await connection.execute(select(own_media).where(own_media.c.number.in_(some)))
        found += [_medium(row, connection) for row in rows]
    return found


async def named(connection: AsyncConnection, contents: Collection[str]) -> list[OwnMedium]:
    """Gives media by the platform's own ids of them; what is not here is left out."""
    return [_medium(row, connection) for row in (await _known(connection, contents)).values()]


async def followed(connection: AsyncConnection) -> tuple[Followed, int]:
    """Gives how far an index can come now, and up to where it is forgotten what has left."""
    row = (await connection.execute(select(own_media_state))).one()
    return Followed(row.identity, row.last), row.forgotten


async def came(connection: AsyncConnection, after: int, until: int, limit: int) -> list[tuple[int, bytes, int]]:
    """Gives at most `limit` rows with numbers in (after, until], in order: number, sealed, version of the key."""
    columns = own_media.c.number, own_media.c.sealed, own_media.c.sealed_with
    statement = select(*columns).where(own_media.c.number > after, own_media.c.number <= until)
    rows = await connection.execute(statement.order_by(own_media.c.number).limit(limit))
    return [(row.number, row.sealed, row.sealed_with) for row in rows]


async def left(connection: AsyncConnection, after: int, until: int) -> list[int]:
    """Gives the numbers of what left between two numbers."""
    statement = select(own_media_gone.c.media).where(own_media_gone.c.number > after, own_media_gone.c.number <= until)
    return list((await connection.execute(statement)).scalars())


async def count(connection: AsyncConnection) -> int:
    """Gives of how much content there are fingerprints."""
    return int((await connection.execute(select(func.count()).select_from(own_media))).scalar_one())


async def asked(connection: AsyncConnection, list_id: str) -> Followed | None:
    """Gives up to which entry of which copy a list was looked up among the own media."""
    statement = select(own_media_asked).where(own_media_asked.c.list == list_id)
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else Followed(row.identity, row.row)


async def set_asked(connection: AsyncConnection, list_id: str, until: Followed) -> None:
    """Keeps up to where it was."""
    values = {"identity": until.identity, "row": until.number}
    done = await connection.execute(update(own_media_asked).where(own_media_asked.c.list == list_id).values(values))
    if not done.rowcount:
        await connection.execute(insert(own_media_asked).values(list=list_id, **values))


def packed(prints: Iterable[Fingerprint]) -> bytes:
    """Gives fingerprints as they are sealed: a third of their size on a page, and there may be a thousand million."""
    return b"".join(
        _RECORD.pack(_CODES[one.type], _NO_QUALITY if one.quality is None else one.quality, one.at or 0) + one.value
        for one in prints
    )


def unpacked(content: bytes) -> tuple[Fingerprint, ...]:
    """Gives them back."""
    prints, at = [], 0
    while at < len(content):
        code, quality, second = _RECORD.unpack_from(content, at)
        type_, at = _TYPES[code], at + _RECORD.size
        value = content[at : at + type_.byte_length]
        film = second if type_ is FingerprintType.VPDQ else None
        prints.append(Fingerprint(type_, value, None if quality == _NO_QUALITY else quality, film))
        at += type_.byte_length
    return tuple(prints)


def opened(number: int, sealed: bytes, key: Key) -> tuple[Fingerprint, ...]:
    """Gives the fingerprints of a row that `came` gave."""
    return unpacked(key.open(_id(number), sealed))


async def _known(connection: AsyncConnection, contents: Collection[str]) -> dict[str, Row[Any]]:
    found: dict[str, Row[Any]] = {}
    for some in _parts(sorted(contents)):
        rows = await connection.execute(select(own_media).where(own_media.c.content.in_(some)))
        found |= {row.content: row for row in rows}
    return found


def _is_as(one: OwnMedium, row: Row[Any] | None, connection: AsyncConnection) -> bool:
    """Whether a row says already what would be written: a sweep that is repeated writes nothing."""
    if row is None or row.kind != one.kind.value or _content(row) != one.content:
        return False
    return _medium(row, connection).fingerprints == one.fingerprints


async def _take(connection: AsyncConnection, count_: int) -> int:
    """Takes the next numbers, and gives the last. Nobody else takes any until this transaction ends."""
    await connection.execute(update(own_media_state).values(last=own_media_state.c.last + count_))
    return int((await connection.execute(select(own_media_state.c.last))).scalar_one())


async def _leave(connection: AsyncConnection, numbers: Sequence[int], last: int) -> None:
    """Removes rows, and remembers it under the numbers up to `last`."""
    if not numbers:
        return
    for some in _parts(list(numbers)):
        await connection.execute(delete(own_media).where(own_media.c.number.in_(some)))
    first = last - len(numbers) + 1
    rows = [{"number": number, "media": media} for number, media in enumerate(numbers, first)]
    await insert_rows(connection, own_media_gone, rows)
    forgotten = last - REMEMBERED
    if forgotten > 0:
        gone = await connection.execute(delete(own_media_gone).where(own_media_gone.c.number <= forgotten))
        if gone.rowcount:
            await connection.execute(update(own_media_state).values(forgotten=forgotten))


def _row(key: Key, number: int, one: OwnMedium) -> dict[str, Any]:
    exact = {f.type: f.value for f in one.fingerprints if f.type in INDEXED}
    return {
        "number": number,
        "content": one.content.id,
        "surface": one.content.surface.value,
        "region": one.content.region,
        "account": one.content.account,
        "uploaded_at": one.content.uploaded_at,
        "kind": one.kind.value,
        "sealed": key.seal(_id(number), packed(one.fingerprints)),
        "sealed_with": key.version,
        **{INDEXED[type_]: key.index(type_, exact[type_]) if type_ in exact else None for type_ in INDEXED},
    }


def _medium(row: Row[Any], connection: AsyncConnection) -> OwnMedium:
    key = keyring_of(connection).of(row.sealed_with)
    return OwnMedium(_content(row), Kind(row.kind), opened(row.number, row.sealed, key), row.number)


def _content(row: Row[Any]) -> Content:
    return Content(row.content, Surface(row.surface), row.region, row.account, utc_or_none(row.uploaded_at))


def _id(number: int) -> bytes:
    return _LABEL + number.to_bytes(_NUMBER_BYTES, "big")


def _parts(all_: list[Any]) -> list[list[Any]]:
    return [all_[at : at + _AT_ONCE] for at in range(0, len(all_), _AT_ONCE)]
