"""Tells readers that wait as soon as something in the database has moved on, without asking it for each of them.

While somebody waits, one task looks now and then, whoever moved it, and at once when it is rung.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress


class News:
    """Of one process and one thing whose changes are numbered: `read` gives the latest number.

    Every `look_every_s` seconds it is looked whether another process has moved it on.
    """

    def __init__(self, read: Callable[[], Awaitable[int]], look_every_s: float) -> None:
        self._read, self._look_every_s = read, look_every_s
        self._head = 0
        self._waiting = 0
        self._moved, self._rung = asyncio.Event(), asyncio.Event()
        self._looking: asyncio.Task[None] | None = None

    def ring(self) -> None:
        """Says that this process has moved it on."""
        self._rung.set()

    async def later_than(self, number: int, seconds: float) -> None:
        """Returns when there is something behind `number`, or after so many seconds."""
        self._waiting += 1
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._beyond(number)
        finally:
            self._waiting -= 1

    async def close(self) -> None:
        """Ends the looking."""
        if self._looking is not None:
            self._looking.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await self._looking

    async def _beyond(self, number: int) -> None:
        self._head = max(self._head, await self._read())
        while self._head <= number:
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
                await asyncio.wait_for(self._rung.wait(), self._look_every_s)
            self._rung.clear()
