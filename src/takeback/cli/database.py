"""The clearinghouse's database, for commands that work on it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from takeback.clearinghouse.keys import open_database
from takeback.settings import Settings, load
from takeback.storage.database import Database
from takeback.storage.migrate import migrate

T = TypeVar("T")


def with_database(settings_file: Path | None, work: Callable[[Settings, Database], Awaitable[T]]) -> T:
    """Runs `work` on the clearinghouse's database, brought up to date first."""
    settings = load(settings_file)

    async def run() -> T:
        database = open_database(settings)
        try:
            await migrate(database)
            return await work(settings, database)
        finally:
            await database.close()

    return asyncio.run(run())
