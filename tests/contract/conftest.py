"""Every test here runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from support import loops
from support.laid_out import lay_out
from support.postgres import address_on, create_database, drop_database
from takeback.storage.database import Database
from takeback.storage.migrate import CLEARINGHOUSE, PLATFORM
from takeback.storage.sealing import Keyring

Run = Callable[[Callable[[Database], Awaitable[None]]], None]
#: Two versions, of which the second seals.
KEYRING = Keyring(lambda: {1: bytes(32), 2: bytes([1] * 32)})


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database that is not there yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'clearinghouse.db'}"
        return
    given = address_on(request.getfixturevalue("postgres"))
    yield given
    drop_database(given)


def in_a_thread(story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Runs a coroutine in a loop of its own: Playwright keeps one in the main thread."""
    loops.run(story())


@pytest.fixture
def empty(address: str) -> Run:
    """Runs a test's coroutine with a database that holds nothing yet."""
    if not address.startswith("sqlite"):
        create_database(address)
    return _opening(address)


@pytest.fixture
def run(address: str) -> Run:
    """Runs a test's coroutine with a clearinghouse's database."""
    lay_out(address, CLEARINGHOUSE)
    return _opening(address)


@pytest.fixture
def on_platform(address: str) -> Run:
    """Runs a test's coroutine with a platform's database."""
    lay_out(address, PLATFORM)
    return _opening(address)


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Run:
    """Runs a test's coroutine with a platform's database: what is told apart by steps, not by databases."""
    address = f"sqlite:///{tmp_path / 'platform.db'}"
    lay_out(address, PLATFORM)
    return _opening(address)


def _opening(address: str) -> Run:
    def run_(test: Callable[[Database], Awaitable[None]]) -> None:
        async def whole() -> None:
            database = Database.open(address, KEYRING)
            try:
                await test(database)
            finally:
                await database.close()

        in_a_thread(whole)

    return run_
