"""Sealed copies of what is held, so that a person can see it where they ask to; and their end.

A copy is kept from the hold until some days after the decision: an appeal looks at it, and evidence is made from it.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import IO

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clock import Clock
from takeback.errors import ConflictError
from takeback.platform_settings import PlatformSettings
from takeback.storage.database import Database
from takeback.storage.platform import holds
from takeback.storage.sealed_files import SealedFiles

#: Copies that are erased in one round.
BATCH = 500


def copies_of(settings: PlatformSettings, database: Database) -> SealedFiles:
    """Gives the sealed copies of what is held; a hold's `copy` is the id of one."""
    return SealedFiles(settings.data_path / "copies", database.keyring)


async def keep_copy(database: Database, settings: PlatformSettings, hold: str, file: IO[bytes]) -> None:
    """Seals a file for an open hold that has no copy yet, where copies are kept, and it is not too large."""
    if not settings.desk_copy_days or not await database.read("copy-wanted", lambda c: holds.wants_copy(c, hold)):
        return
    size = file.seek(0, 2)
    file.seek(0)
    if size > settings.desk_copy_limit_bytes:
        return
    with suppress(ConflictError):  # sealed already, perhaps by a process that was killed before it could say so
        await asyncio.to_thread(copies_of(settings, database).put, hold, file)
    await database.run("copy-kept", lambda connection: holds.set_copies(connection, [hold], kept=True))


async def erase_copies(database: Database, clock: Clock, settings: PlatformSettings) -> int:
    """Erases the copies of what was decided long enough ago, and gives how many. Interrupted, the next one goes on."""
    before = clock.now() - timedelta(days=settings.desk_copy_days)
    copies = copies_of(settings, database)

    async def due(connection: AsyncConnection) -> list[str]:
        return await holds.copies_decided(connection, before, limit=BATCH)

    ids = await database.read("copies-due", due)
    for id_ in ids:
        await asyncio.to_thread(copies.erase, id_)
    if ids:
        await database.run("copies-erased", lambda connection: holds.set_copies(connection, ids, kept=False))
    return len(ids)
