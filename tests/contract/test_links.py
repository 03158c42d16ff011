"""A counsellor's link works once, and nothing that is kept ties it to what was sent after it. On both databases."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from contract.conftest import Run
from takeback.clearinghouse.links import forget_used_links, use_link
from takeback.clock import ManualClock
from takeback.errors import ConflictError
from takeback.model.link import LINK_DAYS
from takeback.storage.database import Database
from takeback.storage.schema import metadata, used_link

LINK, OTHER = bytes(31) + b"\1", bytes(31) + b"\2"


def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 24, 12, tzinfo=UTC))


async def kept(database: Database) -> list[tuple[object, ...]]:
    async def work(connection: AsyncConnection) -> list[tuple[object, ...]]:
        return [tuple(row) for row in await connection.execute(select(used_link).order_by(used_link.c.digest))]

    return await database.run("kept", work)


def test_a_link_works_once(run: Run) -> None:
    async def story(database: Database) -> None:
        await use_link(database, clock(), LINK)
        with pytest.raises(ConflictError, match="used before"):
            await use_link(database, clock(), LINK)
        await use_link(database, clock(), OTHER)
        assert [digest for digest, _ in await kept(database)] == [LINK, OTHER]

    run(story)


def test_of_two_at_the_same_moment_exactly_one_wins(run: Run) -> None:
    async def story(database: Database) -> None:
        tries = [use_link(database, clock(), LINK) for _ in range(8)]
        answers = await asyncio.gather(*tries, return_exceptions=True)
        assert sum(answer is None for answer in answers) == 1
        assert sum(isinstance(answer, ConflictError) for answer in answers) == len(tries) - 1

    run(story)


def test_it_is_kept_as_long_as_the_link_may_work_and_no_longer(run: Run) -> None:
    """A link that is made and used on one day is refused for as long as its own page takes it; then it is forgotten."""

    async def story(database: Database) -> None:
        at = clock()
        await use_link(database, at, LINK)
        at.advance(timedelta(days=LINK_DAYS))
        assert await forget_used_links(database, at) == 0
        with pytest.raises(ConflictError):
            await use_link(database, at, LINK)
        at.advance(timedelta(days=LINK_DAYS))
        assert await forget_used_links(database, at) == 1
        assert await kept(database) == []

    run(story)


def test_the_day_of_use_is_not_kept(run: Run) -> None:
    async def story(database: Database) -> None:
        at = clock()
        for number in range(LINK_DAYS):
            await use_link(database, at, bytes([number]) * 32)
            at.advance(timedelta(days=1))
        days = {day for _, day in await kept(database)}
        assert len(days) <= 2, "fourteen days of use, and one or two days are written"

    run(story)


def test_nothing_stands_beside_it() -> None:
    """The table has a digest and a day, refers to nothing, and nothing refers to it."""
    assert [column.name for column in used_link.columns] == ["digest", "last_day"]
    assert not used_link.foreign_keys
    pointing = [key for table in metadata.sorted_tables for key in table.foreign_keys]
    assert not [key for key in pointing if key.column.table is used_link]
