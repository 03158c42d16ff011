"""Planning: what there is, cut into shards that are about as much work as each other."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable, Iterator
from itertools import islice

from takeback.clock import Clock
from takeback.errors import ConflictError
from takeback.model.sweep import Item, Options, Progress, Shard, Sweep, SweepState
from takeback.storage.database import Database
from takeback.storage.platform import sweeps
from takeback.sweep.source import source_of

#: Shards that are kept in one transaction.
SHARDS_AT_ONCE = 100
#: Longest id of content, in characters.
MOST_ID = 200


async def plan(
    database: Database, clock: Clock, name: str, source: str, options: Options, *, files: int, bytes_: int
) -> Progress:
    """Lists a source and keeps the shards; one that was interrupted is begun anew.

    Raises ConflictError where there is a sweep of that name, InvalidInputError for a source that is none.
    """
    listing = shards(source_of(source).items(), files=files, bytes_=bytes_)
    before = await database.read("sweep", lambda connection: sweeps.find(connection, name))
    if before is not None and before.state is not SweepState.PLANNING:
        raise ConflictError("There is a sweep of that name. Resume it, erase it, or give another name.")
    first = await asyncio.to_thread(_some, listing)  # a source that is not there leaves nothing behind
    await database.run("erase sweep", lambda connection: sweeps.erase(connection, name))
    new = Sweep(name, source, options, SweepState.PLANNING, clock.now())
    await database.run("plan sweep", lambda connection: sweeps.add(connection, new))
    part = first
    while part:
        await _keep(database, name, part)
        part = await asyncio.to_thread(_some, listing)
    planned = SweepState.PLANNED
    await database.run("plan sweep", lambda connection: sweeps.set_state(connection, name, planned, clock.now()))
    return await database.read("sweep", lambda connection: sweeps.progress(connection, name))


def shards(items: Iterable[Item], *, files: int, bytes_: int) -> Iterator[Shard]:
    """Cuts a listing into shards of so many objects and bytes at most; a larger object stands alone."""
    number, part, size = 1, list[Item](), 0
    for item in items:
        if part and (len(part) == files or size + item.size > bytes_):
            yield Shard(number, tuple(part))
            number, part, size = number + 1, [], 0
        part.append(item)
        size += item.size
    if part:
        yield Shard(number, tuple(part))


def content_id(key: str) -> str:
    """Gives the platform's id of an object: its key, or a digest of one that is too long or is no text."""
    try:
        raw = key.encode()
    except UnicodeEncodeError:
        raw = key.encode("utf-8", "surrogateescape")
    else:
        if len(key) <= MOST_ID and "\0" not in key:
            return key
    return f"sha256/{hashlib.sha256(raw).hexdigest()}"


async def _keep(database: Database, name: str, part: list[Shard]) -> None:
    await database.run("plan sweep", lambda connection: sweeps.add_shards(connection, name, part))


def _some(listing: Iterator[Shard]) -> list[Shard]:
    return list(islice(listing, SHARDS_AT_ONCE))
