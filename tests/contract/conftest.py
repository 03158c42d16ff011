"""Every test here runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from support import loops
from support.postgres import new_database
from takeback.storage.database import Database
from takeback.storage.migrate import CLEARINGHOUSE, PLATFORM, migrate
from takeback.storage.sealing import Keyring

Run = Callable[[Callable[[Database], Awaitable[None]]], None]
#: Two versions, of which the second seals.
KEYRING = Keyring(lambda: {1: bytes(32), 2: bytes([1] * 32)})


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'clearinghouse.db'}"
    return new_database(request.getfixturevalue("postgres"))


def in_a_thread(story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Runs a coroutine in a loop of its own: Playwright keeps one in the main thread."""
    loops.run(story())


@pytest.fixture
def empty(address: str) -> Run:
    """Runs a test's coroutine with a database that holds nothing yet."""

    def run_(test: Callable[[Database], Awaitable[None]]) -> None:
        async def whole() -> None:
            database = Database.open(address, KEYRING)
            try:
                await test(database)
            finally:
                await database.close()

        in_a_thread(whole)

    return run_


@pytest.fixture
def run(empty: Run) -> Run:
    """Runs a test's coroutine with a clearinghouse's database."""
    return _migrated(empty, CLEARINGHOUSE)


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder that lies in memory where there is such a place: hundreds of steps wait for no disk."""
    place = Path("/dev/shm")  # noqa: S108 - the folder in it has a random name
    folder = Path(tempfile.mkdtemp(dir=place if place.is_dir() else None))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def on_sqlite(memory: Path) -> Run:
    """Runs a test's coroutine with a platform's database: what is told apart by steps, not by databases."""

    def run(test: Callable[[Database], Awaitable[None]]) -> None:
        async def whole() -> None:
            database = Database.open(f"sqlite:///{memory / 'platform.db'}", KEYRING)
            try:
                await migrate(database, steps=PLATFORM)
                await test(database)
            finally:
                await database.close()

        in_a_thread(whole)

    return run


@pytest.fixture
def on_platform(empty: Run) -> Run:
    """Runs a test's coroutine with a platform's database."""
    return _migrated(empty, PLATFORM)


def _migrated(empty: Run, steps: str) -> Run:
    def run_(test: Callable[[Database], Awaitable[None]]) -> None:
        async def migrated(database: Database) -> None:
            await migrate(database, steps=steps)
            await test(database)

        empty(migrated)

    return run_
