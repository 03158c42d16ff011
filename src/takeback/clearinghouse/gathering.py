"""Doing together what is asked for at the same time: while batches are at work, the next gathers.

Nobody waits for company: who comes alone is done alone and at once. Under load one transaction, and one wait for the
disk, serves many.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from takeback.errors import TakebackError

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class Gathering(Generic[Asked, Answer]):
    """One queue before one piece of work. `work` answers each, in order; an answer that is an error is raised.

    At most `most` go together, and `at_once` batches; `afterwards` is called after each.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Asked]], Awaitable[Sequence[Answer | Exception]]],
        *,
        most: int,
        at_once: int = 1,
        afterwards: Callable[[], None] = lambda: None,
    ) -> None:
        self._work, self._most, self._at_once, self._afterwards = work, most, at_once, afterwards
        self._waiting: list[tuple[Asked, asyncio.Future[Answer]]] = []
        self._running, self._tasks = 0, set[asyncio.Task[None]]()

    async def ask(self, one: Asked) -> Answer:
        """Gives the answer when the batch in which it was done has ended."""
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((one, future))
        if self._running < self._at_once:
            self._running += 1
            self._tasks.add(task := asyncio.create_task(self._empty()))
            task.add_done_callback(self._tasks.discard)
        return await future

    async def _empty(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                await self._do(batch)
                self._afterwards()
        finally:
            self._running -= 1  # at once: who asks before the task is over begins another

    async def _do(self, batch: Sequence[tuple[Asked, asyncio.Future[Answer]]]) -> None:
        try:
            answers: Sequence[Answer | Exception] = await self._work([one for one, _ in batch])
        except TakebackError as error:
            answers = [error] * len(batch)
        except Exception as error:  # noqa: BLE001 - whatever it is, each who waits has to hear of it
            if len(batch) > 1:  # perhaps it is the fault of one: each by itself
                for one in batch:
                    await self._do([one])
                return
            answers = [error]
        for (_, future), answer in zip(batch, answers, strict=True):
            if future.done():  # whoever asked has gone
                continue
            if isinstance(answer, Exception):
                future.set_exception(answer)
            else:
                future.set_result(answer)
