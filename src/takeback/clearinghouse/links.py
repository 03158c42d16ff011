"""A counsellor's link works once. Nobody issued it, and nothing here knows what was sent after it.

A number that nobody drew is used in the same way as one that somebody did: there is nothing to find out by asking.
"""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clock import Clock, today
from takeback.errors import ConflictError
from takeback.model.link import kept_until
from takeback.storage import links
from takeback.storage.database import Database


async def use_link(database: Database, clock: Clock, digest: bytes) -> None:
    """Uses a link, or raises ConflictError when it was used before. Of two at the same moment exactly one wins."""

    async def work(connection: AsyncConnection) -> None:
        # Another who is between these two lines makes this transaction run again (storage/database.py).
        if await links.is_used(connection, digest):
            raise ConflictError("This link was used before. Go on without it: it opens nothing that is closed.")
        await links.add(connection, digest, kept_until(today(clock)))

    await database.run("use-link", work)


async def forget_used_links(database: Database, clock: Clock) -> int:
    """Forgets links whose last day is over, and gives how many there were: by then their pages refuse them."""
    return await database.run("forget-links", lambda connection: links.forget_before(connection, today(clock)))
