"""Sealing fingerprints under another key, in batches, while servers run.

Every batch is a transaction of its own, and a row itself says what sealed it: whatever ends this in the middle, the
next run goes on. What was kept unsealed before 0010 is sealed by the same way.
"""

from __future__ import annotations

import asyncio
import time

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clock import Clock
from takeback.model.entry import EntryId
from takeback.staff.operators import AT_THE_MACHINE
from takeback.storage import audit, entry_prints, feed_segments
from takeback.storage.database import Database
from takeback.storage.sealing import RELOAD_S, Key

#: Entries that are held and sealed in one transaction.
BATCH = 500


async def rekey(database: Database, clock: Clock) -> int:
    """Seals every fingerprint under the newest key, and gives how many entries it were.

    It ends with a round that finds nothing, begun after every server has seen the key.
    """
    key = database.keyring.all()[0]  # as they are now: whoever has just added one means that
    began, total = time.monotonic(), 0
    while True:
        seen_by_all = time.monotonic() - began > 2 * RELOAD_S
        sealed = await _round(database, key)
        total += sealed
        if sealed == 0 and seen_by_all:
            break
        if sealed == 0:
            await asyncio.sleep(RELOAD_S)
    event = f"{AT_THE_MACHINE}:fingerprints:rekey-{key.version}"
    await database.run("rekey", lambda connection: audit.record(connection, event, clock.now()))
    return total


async def _round(database: Database, key: Key) -> int:
    after: EntryId | None = b""
    total = 0
    while after is not None:

        async def work(connection: AsyncConnection, begin: EntryId = after) -> tuple[EntryId | None, int]:
            return await entry_prints.seal_again(connection, key, begin, BATCH)

        after, sealed = await database.run("rekey", work)
        total += sealed
    # They are made again from the rows.
    await database.run("rekey-feed", lambda connection: feed_segments.drop_others(connection, key))
    return total
