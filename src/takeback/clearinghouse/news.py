"""Tells readers that wait as soon as the list has moved on, without asking the database for each of them.

While somebody waits, one task looks at the list's head once a second, whoever moved it, and at once when it is rung.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from takeback.storage import list_state
from takeback.storage.database import Database

#: How often it is looked whether another process has moved the list on, in seconds.
LOOK_EVERY_S = 1.0


class News:
    """Of one process and one list."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._head = 0
        self._waiting = 0
        self._moved, self._rung = asyncio.Event(), asyncio.Event()
        self._looking: asyncio.Task[None] | None = None

    def ring(self) -> None:
        """Says that this process has moved the list on."""
        self._rung.set()

    async def later_than(self, cursor: int, seconds: float) -> None:
        """Returns when the list has gone beyond `cursor`, or after so many seconds."""
        self._waiting += 1
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._beyond(cursor)
        finally:
            self._waiting -= 1

    async def close(self) -> None:
        """Ends the looking."""
        if self._looking is not None:
            self._looking.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await self._looking

    async def _beyond(self, cursor: int) -> None:
        self._head = max(self._head, await self._read())
        while self._head <= cursor:
            if self._looking is None or self._looking.done():
                self._looking = asyncio.create_task(self._look())
            await self._moved.wait()

    async def _look(self) -> None:
        while self._waiting:
            head = await self._read()
            if head > self._head:
                self._head, moved = head, self._moved
                self._moved = asyncio.Event()
                moved.set()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._rung.wait(), LOOK_EVERY_S)
            self._rung.clear()

    async def _read(self) -> int:
        return (await self._database.read("read-head", list_state.read)).head
