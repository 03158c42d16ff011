"""What is asked for at the same time is done together: never more at a time than may be, and each has its answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from support import loops
from takeback.clearinghouse.gathering import Gathering
from takeback.errors import ConflictError

ODD = ConflictError("is odd")


class Work:
    """Doubles even numbers; goes on with each batch only when it is let."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.running = 0
        self.let = asyncio.Semaphore(0)

    async def __call__(self, numbers: Sequence[int]) -> list[int | Exception]:
        self.batches.append(list(numbers))
        self.running += 1
        await self.let.acquire()
        self.running -= 1
        return [ODD if number % 2 else 2 * number for number in numbers]


async def asked(gathering: Gathering[int, int], *numbers: int) -> list[asyncio.Task[int]]:
    tasks = [asyncio.create_task(gathering.ask(number)) for number in numbers]
    await asyncio.sleep(0)  # each has asked
    await asyncio.sleep(0)  # and what begins at once has begun
    return tasks


@pytest.mark.parametrize(
    ("at_once", "batches"), [(1, [[0], [2, 4, 6], [8, 10]]), (2, [[0, 2, 4], [6, 8, 10]]), (3, [[0, 2, 4], [6, 8, 10]])]
)
def test_batches_are_as_large_and_as_many_at_a_time_as_they_may(at_once: int, batches: list[list[int]]) -> None:
    async def story() -> None:
        work, ended = Work(), list[int]()
        gathering = Gathering(work, most=3, at_once=at_once, afterwards=lambda: ended.append(work.running))
        first = await asked(gathering, 0) if at_once == 1 else []
        tasks = first + await asked(gathering, *range(2 if first else 0, 12, 2))
        assert work.running == min(at_once, len(batches))
        for _ in range(len(batches) + 1):
            work.let.release()
        assert await asyncio.gather(*tasks) == [2 * number for number in range(0, 12, 2)]
        assert work.batches == batches
        assert len(ended) == len(batches)
        assert await gathering.ask(14) == 28, "it begins again when more comes"

    loops.run(story())


def test_who_is_refused_and_who_is_not_each_hear_of_their_own() -> None:
    async def story() -> None:
        work = Work()
        gathering = Gathering(work, most=3)
        tasks = await asked(gathering, 0, 1, 2)
        work.let.release()
        answers = await asyncio.gather(*tasks, return_exceptions=True)
        assert answers == [0, ODD, 4]

    loops.run(story())


def test_the_fault_of_one_is_nobody_elses() -> None:
    async def work(numbers: Sequence[int]) -> list[int]:
        return [10 // number for number in numbers]

    async def story() -> None:
        gathering = Gathering(work, most=9, at_once=2)
        answers = await asyncio.gather(*(gathering.ask(number) for number in (1, 0, 5)), return_exceptions=True)
        assert (answers[0], answers[2]) == (10, 2)
        assert isinstance(answers[1], ZeroDivisionError)

    loops.run(story())


@pytest.mark.parametrize("at_once", [1, 2])
def test_who_asks_again_at_once_is_not_forgotten(at_once: int) -> None:
    async def work(numbers: Sequence[int]) -> list[int]:
        return [2 * number for number in numbers]

    async def story() -> None:
        gathering = Gathering(work, most=9, at_once=at_once)
        async with asyncio.timeout(10):
            assert [await gathering.ask(number) for number in range(5)] == [0, 2, 4, 6, 8]

    loops.run(story())
