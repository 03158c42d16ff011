"""The platform's own fingerprints: what it holds that is the same as a picture, or near to it.

Uploads and sweeps fill it, deletion takes out at once. It answers two questions: where else does the platform hold this
(notices), and does it hold what has just been listed (`old_media.py`).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Collection, Sequence
from pathlib import Path
from weakref import WeakKeyDictionary

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.entry import Kind
from takeback.model.hold import Content
from takeback.participant.own_index import FRAMES, PICTURES, OwnIndex, nearest
from takeback.storage.database import Database
from takeback.storage.platform import own_media as store
from takeback.storage.platform.own_media import OwnMedium

#: Frames of one film that are kept, at most: those of the first hour.
MOST_FRAMES = 3_600
INDEX_FILE = "own-media.index"
#: Media that are kept in one transaction.
_AT_ONCE = 1_000

_INDEXES: WeakKeyDictionary[Database, OwnIndex] = WeakKeyDictionary()


def index_of(database: Database, folder: Path | None = None) -> OwnIndex:
    """Gives the index that follows this database, one in a process.

    Its file is in `folder`, or beside a SQLite file; a PostgreSQL database without a folder has it in memory alone.
    """
    if database not in _INDEXES:
        beside = database.sqlite_file
        place = folder or (beside.parent if beside else None)
        _INDEXES[database] = OwnIndex(place / INDEX_FILE if place else None)
    return _INDEXES[database]


def kept(content: Content, kind: Kind, prints: Sequence[Fingerprint]) -> OwnMedium:
    """Gives what is kept of a file's fingerprints: its own values, and of a film the first frame of each second.

    Variants of an upload are not kept: they are ways of asking, and twenty times as many.
    """
    own, seconds = list[Fingerprint](), set[int | None]()
    for one in prints:
        if one.variant is not None or one.edit is not None:
            continue
        if one.type is FingerprintType.VPDQ:
            if one.at in seconds or len(seconds) >= MOST_FRAMES:
                continue
            seconds.add(one.at)
        own.append(one)
    return OwnMedium(content, kind, tuple(own))


class Gathered:
    """Media of uploads that wait to be kept together, a second at most: a transaction for each costs more than asking.

    A crash loses what waits; a sweep finds it. Safe to use from several threads.
    """

    def __init__(self) -> None:
        self._waiting, self._keeping = deque[OwnMedium](), asyncio.Lock()

    def add(self, medium: OwnMedium) -> None:
        """Has a medium kept by the next `keep`."""
        if medium.fingerprints:
            self._waiting.append(medium)

    async def keep(self, database: Database) -> None:
        """Keeps what waits. When this returns, nothing that was added before it is still on its way."""
        async with self._keeping:
            while some := [self._waiting.popleft() for _ in range(min(len(self._waiting), _AT_ONCE))]:
                await put(database, some)


async def put(database: Database, media: Sequence[OwnMedium]) -> int:
    """Adds media, or replaces what there was of the same content; gives how many are new or have changed."""
    return await database.run("keep own media", lambda connection: store.put(connection, media))


async def remove(database: Database, contents: Collection[str]) -> int:
    """Removes what the platform deleted, by its own ids. No question finds it when this returns."""
    return await database.run("remove own media", lambda connection: store.remove(connection, contents))


async def of(database: Database, contents: Collection[str]) -> list[OwnMedium]:
    """Gives what is kept of these pieces of content; what is not here is left out."""
    return await database.glance("own media of content", lambda connection: store.named(connection, contents))


async def exact(database: Database, fingerprints: Sequence[Fingerprint]) -> list[Content]:
    """Gives the content that is the same, byte for byte: by SHA-256, and by MD5 only where that is not given.

    Different pictures with one MD5 can be made, so it does not count beside a SHA-256.
    """
    strong = [one for one in fingerprints if one.type is FingerprintType.SHA256]
    asked = strong or [one for one in fingerprints if one.type is FingerprintType.MD5]

    async def work(connection: AsyncConnection) -> list[Content]:
        media = await store.numbered(connection, await store.numbers_having(connection, asked))
        return [medium.content for medium in media]

    return await database.glance("same own media", work)


async def near(database: Database, fingerprints: Sequence[Fingerprint], radius_bits: int) -> list[tuple[Content, int]]:
    """Gives the content that is near any of these pictures or frames, and how near in bits, nearest first.

    A picture is looked for among pictures and among frames of films, and so is a frame.
    """
    index = await index_of(database).current(database)
    asked = [(of, one.value, radius_bits) for one in fingerprints if one.type.perceptual for of in (PICTURES, FRAMES)]
    found = nearest(index, asked)
    media = await database.glance("near own media", lambda connection: store.numbered(connection, found))
    return sorted(((one.content, found[one.number]) for one in media), key=lambda pair: (pair[1], pair[0].id))
