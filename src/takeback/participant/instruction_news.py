"""Tells readers that wait as soon as there are new instructions, without asking the database for each of them."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from takeback.storage.database import Database
from takeback.storage.platform import instructions

#: How often it is looked, while somebody waits, whether there is a new one, in seconds.
LOOK_EVERY_S = 0.25


class InstructionNews:
    """Of one process and one database; whoever gives an instruction may be another process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._latest, self._waiting = 0, 0
        self._moved = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None

    async def later_than(self, sequence: int, seconds: float) -> None:
        """Returns when there is an instruction behind `sequence`, or after so many seconds."""
        self._waiting += 1
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._beyond(sequence)
        finally:
            self._waiting -= 1

    async def close(self) -> None:
        """Ends the looking."""
        if self._looking is not None:
            self._looking.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await self._looking

    async def _beyond(self, sequence: int) -> None:
        self._latest = max(self._latest, await self._read())
        while self._latest <= sequence:
            if self._looking is None or self._looking.done():
                self._looking = asyncio.create_task(self._look())
            await self._moved.wait()

    async def _look(self) -> None:
        while self._waiting:
            latest = await self._read()
            if latest > self._latest:
                self._latest, moved = latest, self._moved
                self._moved = asyncio.Event()
                moved.set()
            await asyncio.sleep(LOOK_EVERY_S)

    async def _read(self) -> int:
        return await self._database.read("latest-instruction", instructions.latest)
