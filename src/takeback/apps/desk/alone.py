"""The desk as a process of its own, beside an agent on the same database and data folder."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar
from litestar.di import Provide

from takeback.apps import problems
from takeback.apps.desk import desk_router
from takeback.apps.health import health
from takeback.clock import Clock, SystemClock
from takeback.participant.installation import SEAL_KEYS
from takeback.platform_settings import PlatformSettings
from takeback.storage.database import Database
from takeback.storage.key_files import keyring_in
from takeback.storage.migrate import PLATFORM, migrate


def create_desk(settings: PlatformSettings, clock: Clock | None = None) -> Litestar:
    """Gives the desk alone. Feedback waits in the database until the agent takes it."""
    used_clock = clock or SystemClock()
    database = Database.open(settings.database_address, keyring_in(settings.data_path / SEAL_KEYS))

    @asynccontextmanager
    async def running(_: Litestar) -> AsyncIterator[None]:
        await migrate(database, steps=PLATFORM)
        try:
            yield
        finally:
            await database.close()

    return Litestar(
        route_handlers=[health, desk_router(settings, database, used_clock)],
        dependencies={
            "database": Provide(lambda: database, sync_to_thread=False),
            "clock": Provide(lambda: used_clock, sync_to_thread=False),
            "settings": Provide(lambda: settings, sync_to_thread=False),
        },
        exception_handlers=dict(problems.HANDLERS),
        lifespan=[running],
        logging_config=None,
        openapi_config=None,
    )
