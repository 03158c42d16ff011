"""SQLite behind SQLAlchemy's asynchronous face: rows come whole or in parts, readers only read, a refusal ends all."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from support import loops
from takeback.errors import UnavailableError
from takeback.storage.bulk import insert_rows
from takeback.storage.database import Database
from takeback.storage.schema import used_link
from takeback.storage.sealing import Keyring

MANY = 5_000
DAY = date(2026, 1, 1)
DIGEST = used_link.c.digest
Story = Callable[[Database], Awaitable[None]]


@pytest.fixture
def on(tmp_path: Path) -> Callable[[Story], None]:
    """Runs a coroutine with a database of one table."""

    async def whole(story: Story) -> None:
        database = Database.open(f"sqlite:///{tmp_path / 'some.db'}", Keyring(dict))
        try:
            await database.run("make", lambda connection: connection.run_sync(used_link.create))
            await story(database)
        finally:
            await database.close()

    return lambda story: loops.run(whole(story))


def _rows(numbers: range) -> list[dict[str, Any]]:
    return [{"digest": number.to_bytes(32, "big"), "last_day": DAY} for number in numbers]


async def _count(database: Database) -> int:
    return len(await database.read("all", _digests))


async def _digests(connection: AsyncConnection) -> list[bytes]:
    return list((await connection.execute(select(DIGEST).order_by(DIGEST))).scalars())


def test_rows_come_whole_one_by_one_and_in_parts(on: Callable[[Story], None]) -> None:
    all_ = [row["digest"] for row in _rows(range(MANY))]

    async def in_parts(connection: AsyncConnection) -> list[bytes]:
        result = await connection.stream(select(DIGEST).order_by(DIGEST))
        return [digest async for part in result.scalars().partitions(100) for digest in part]

    async def one_by_one(connection: AsyncConnection) -> list[bytes]:
        result = await connection.execute(select(DIGEST).order_by(DIGEST))
        first = result.fetchone()
        return [row.digest for row in ([first] if first else []) + [*result.fetchmany(10), *result]]

    async def story(database: Database) -> None:
        await database.run("add", lambda connection: insert_rows(connection, used_link, _rows(range(MANY))))
        for way in (database.run, database.read, database.glance):
            for work in (_digests, in_parts, one_by_one):
                assert await way("look", work) == all_

    on(story)


def test_many_rows_are_given_back_as_they_are_added(on: Callable[[Story], None]) -> None:
    async def add(connection: AsyncConnection) -> set[bytes]:
        added = await connection.execute(insert(used_link).returning(DIGEST), _rows(range(MANY)))
        return set(added.scalars())

    async def story(database: Database) -> None:
        assert len(await database.run("add", add)) == MANY == await _count(database)

    on(story)


def test_what_is_refused_ends_the_transaction_and_leaves_nothing_of_it(on: Callable[[Story], None]) -> None:
    async def add(connection: AsyncConnection) -> None:
        await connection.execute(insert(used_link), _rows(range(1)))
        await insert_rows(connection, used_link, _rows(range(1, 10)) + _rows(range(5, 6)))

    async def story(database: Database) -> None:
        with pytest.raises(IntegrityError):
            await database.run("add", add)
        assert await _count(database) == 0
        await database.run("add", lambda connection: insert_rows(connection, used_link, _rows(range(3))))
        assert await _count(database) == 3

    on(story)


def test_whoever_only_reads_cannot_write(on: Callable[[Story], None]) -> None:
    async def story(database: Database) -> None:
        for way in (database.read, database.glance):
            with pytest.raises(UnavailableError):
                await way("add", lambda connection: insert_rows(connection, used_link, _rows(range(1))))
        assert await _count(database) == 0

    on(story)


def test_its_threads_end_with_it(on: Callable[[Story], None]) -> None:
    before = set(threading.enumerate())

    async def story(database: Database) -> None:
        await _count(database)
        assert len(set(threading.enumerate()) - before) > 2, "one for the loop, one that writes, one that reads"

    on(story)
    for thread in set(threading.enumerate()) - before:
        thread.join(10)
        assert not thread.is_alive()
