"""The radius index of the platform's own fingerprints: follows the table, and is kept in a file that is mapped.

The table is the truth, and sealed; the index is made from it and holds plain values: its file is readable by its owner
alone, and the disk under it should be encrypted, as for the copies of lists. What was deleted is not found from the
next question on; `settle` leaves no byte of it in the file.
"""

from __future__ import annotations

import asyncio
import logging
import time
from array import array
from collections.abc import Sequence
from pathlib import Path

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.closing import Closing
from takeback.errors import IndexFileError, UnavailableError
from takeback.fingerprints.types import FingerprintType
from takeback.matching.films import SCENES_THRESHOLD_BITS
from takeback.matching.index_file import remove_leftover
from takeback.matching.radius import RadiusIndex
from takeback.matching.thresholds import MOST_BITS
from takeback.storage.database import Database
from takeback.storage.platform import own_media
from takeback.storage.platform.own_media import Followed

log = logging.getLogger(__name__)

#: The index's lists: pictures, frames of films. The id of a value is the number of its row.
PICTURES, FRAMES = "pdq", "vpdq"
RADII = {PICTURES: MOST_BITS, FRAMES: SCENES_THRESHOLD_BITS}
_LIST_OF = {FingerprintType.PDQ: PICTURES, FingerprintType.VPDQ: FRAMES}
#: The file is written anew when this many have come since, as a part of all.
NEW_PART = 1 / 8
#: Rows that are read at a time, which bounds the memory.
ROWS_AT_ONCE = 20_000


class OwnIndex(Closing):
    """An index that is as the table is whenever it is asked for. Without a path it is in memory alone."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._following = asyncio.Lock()  # held for as long as it takes to take changes over
        self._settling = asyncio.Lock()  # held for as long as a merge takes; questions go on
        self._index: RadiusIndex | None = None
        self._at = self._written = Followed("", 0)
        self._gone = 0  # the number of the last departure that was taken over
        self._settled_at = float("-inf")

    def close(self) -> None:
        """Lets go of memory and file."""
        if self._index is not None:
            self._index.close()
        self._index = None

    async def current(self, database: Database) -> RadiusIndex:
        """Gives the index, with everything that the table holds now and nothing else."""
        async with self._following:
            until, forgotten = await database.glance("own media", own_media.followed)
            if self._index is None or until.identity != self._at.identity or self._at.number < forgotten:
                self._index = await asyncio.to_thread(self._opened, until.identity, forgotten)
            while self._at.number < until.number:
                await self._caught_up(database, self._index, until)
            return self._index

    async def settle(self, database: Database, *, every_s: float = 0.0) -> bool:
        """Writes the file anew if media have gone since it was written, or many have come; says whether it did.

        It does so once in `every_s` seconds at most: to write a large one costs. Questions go on.
        """
        if self._path is None or time.monotonic() - self._settled_at < every_s:
            return False
        async with self._settling:
            index, at = await self.current(database), self._at
            if self._gone <= self._written.number and at.number - self._written.number <= NEW_PART * len(index):
                return False
            try:
                await asyncio.to_thread(index.merge, self._path, stamp=msgspec.json.encode(at).decode())
            except UnavailableError as error:
                log.warning("the index file is as it was until the next time: %s", error)
                return False
            if self._index is index:
                self._written, self._settled_at = at, time.monotonic()
            return True

    def _opened(self, identity: str, forgotten: int) -> RadiusIndex:
        """Maps the file, or begins anew where there is none that fits."""
        self.close()
        self._at = self._written = Followed(identity, 0)
        self._gone = 0
        if self._path is None:
            return RadiusIndex(RADII)
        remove_leftover(self._path)
        if not self._path.exists():
            return RadiusIndex(RADII)
        try:
            index = RadiusIndex.open(self._path)
            index.verify()
            at = msgspec.json.decode(index.stamp, type=Followed)
        except (IndexFileError, msgspec.DecodeError) as error:
            log.warning("the index is made anew: %s", error)
            return RadiusIndex(RADII)
        if at.identity != identity or at.number < forgotten or set(index.radii) != set(RADII):
            return RadiusIndex(RADII)
        self._at = self._written = at
        return index

    async def _caught_up(self, database: Database, index: RadiusIndex, until: Followed) -> None:
        """Takes over one stretch of what came and went."""
        after = self._at.number

        async def read(connection: AsyncConnection) -> tuple[list[tuple[int, bytes, int]], int, list[int]]:
            rows = await own_media.came(connection, after, until.number, ROWS_AT_ONCE)
            to = rows[-1][0] if len(rows) == ROWS_AT_ONCE else until.number
            return rows, to, await own_media.left(connection, after, to)

        rows, to, gone = await database.read("own media", read)

        def take() -> None:
            keyring = database.keyring
            for number in gone:
                for name in RADII:
                    index.delete(number, of=name)
            values: dict[str, tuple[bytearray, array[int]]] = {name: (bytearray(), array("Q")) for name in RADII}
            for number, sealed, version in rows:
                for one in own_media.opened(number, sealed, keyring.of(version)):
                    if one.type in _LIST_OF:
                        packed, numbers = values[_LIST_OF[one.type]]
                        packed += one.value
                        numbers.append(number)
            for name, (packed, numbers) in values.items():
                index.insert_many(packed, numbers, of=name)

        await asyncio.to_thread(take)
        self._gone = to if gone else self._gone
        self._at = Followed(until.identity, to)


def nearest(index: RadiusIndex, asked: Sequence[tuple[str, bytes, int]]) -> dict[int, int]:
    """Gives row → distance in bits of what is near any of these: list, value, and radius in bits."""
    found: dict[int, int] = {}
    for name in RADII:
        values, radii = [], []
        for of, value, radius in asked:
            if of == name:
                values.append(value)
                radii.append(radius)
        for near in index.within_many(values, radii, of=name) if values else ():
            for number, distance in near:
                found[number] = min(distance, found.get(number, distance))
    return found
