"""A platform's database, for commands that work on it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from takeback.participant.installation import open_database
from takeback.platform_settings import PlatformSettings
from takeback.settings import load_as
from takeback.storage.database import Database

T = TypeVar("T")


def with_platform(settings_file: Path | None, work: Callable[[PlatformSettings, Database], Awaitable[T]]) -> T:
    """Runs `work` on the platform's database, brought up to date first."""
    settings = load_as(PlatformSettings, settings_file)

    async def run() -> T:
        database = await open_database(settings)
        try:
            return await work(settings, database)
        finally:
            await database.close()

    return asyncio.run(run())
