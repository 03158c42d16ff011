"""Putting whole stretches of the feed into one piece each (`storage.feed_segments`), beside everything else.

Nothing depends on it but how long readers take who begin: what is not packed is read row by row.
"""

from __future__ import annotations

import asyncio
import random
import time

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback import log
from takeback.errors import TakebackError
from takeback.storage import feed_segments, list_state
from takeback.storage.database import Database
from takeback.storage.feed_rows import FeedRow, count_between, rows_after
from takeback.storage.feed_segments import segment_of

#: Seconds between two looks for stretches that are full since.
EVERY_S = 5.0
#: Seconds after which those are packed again that have changed: what changes once often changes soon again.
AGAIN_S = 300.0
#: One part in so many of the processor's time may go into it. What others use meanwhile is counted: they come first.
SHARE = 4
#: Rows that are opened in one step.
_ROWS = 250


async def pack_for_ever(database: Database) -> None:
    """Packs what can be packed, for as long as it is let. A failure is logged and tried again."""
    packed_to, last = 0, -AGAIN_S
    while True:
        again = time.monotonic() - last >= AGAIN_S
        try:
            if again:
                last = time.monotonic()
            missing, end = await _missing(database, 0 if again else packed_to)
            for number in missing:
                begin = time.thread_time()
                await _pack(database, number)
                await asyncio.sleep((SHARE - 1) * (time.thread_time() - begin))
            packed_to = end
        except TakebackError as error:
            log.logger().warning("the feed is not packed", code=error.code)
        except Exception as error:  # noqa: BLE001 - the process edge: a bug here must not stop anything else
            log.logger().error("the feed is not packed", where=log.failure(error))
        await asyncio.sleep(EVERY_S)


async def pack_feed(database: Database) -> int:
    """Packs every stretch that is full and is not packed, and gives how many those were."""
    missing, _ = await _missing(database, 0)
    return sum([await _pack(database, number) for number in missing])


async def _missing(database: Database, first: int) -> tuple[list[int], int]:
    """Gives the stretches from `first` on that are to be packed, in any order, and where they end."""
    version = database.keyring.newest().version

    async def work(connection: AsyncConnection) -> tuple[list[int], int]:
        end = (await list_state.read(connection)).head // feed_segments.PLACES
        there = await feed_segments.numbers(connection, first, version)
        return [number for number in range(first, end) if number not in there], end

    missing, end = await database.read("feed-to-pack", work)
    random.shuffle(missing)  # two servers rarely take the same
    return missing, end


async def _pack(database: Database, number: int) -> bool:
    """Packs one, and says whether it was kept: not where it has changed meanwhile."""
    rows = await _rows(database, number)
    begin, end = _places(number)
    segment = segment_of(number, rows, database.keyring.newest())

    async def work(connection: AsyncConnection) -> bool:
        await list_state.hold(connection)
        # A place is left with a change and never taken again: as many as there were are the same.
        if await count_between(connection, begin, end) != len(rows):
            return False
        await feed_segments.keep(connection, segment)
        return True

    return await database.run("pack-feed", work)


async def _rows(database: Database, number: int) -> list[FeedRow]:
    """Gives the places of a stretch, as of one moment; others have their turn between two steps."""

    async def work(connection: AsyncConnection) -> list[FeedRow]:
        rows, (after, end) = list[FeedRow](), _places(number)
        while step := await rows_after(connection, after, end, _ROWS):
            rows, after = rows + step, step[-1].sequence
            await asyncio.sleep(0)
        return rows

    return await database.read("feed-of-segment", work)


def _places(number: int) -> tuple[int, int]:
    return number * feed_segments.PLACES, (number + 1) * feed_segments.PLACES
