"""Notices over HTTP: a page without login or script, the same as an API, and the task that keeps their clocks."""

from __future__ import annotations

import asyncio

from litestar import Router

from takeback import log
from takeback.apps.limits import Guard
from takeback.apps.notices.api import platform_api, public_api
from takeback.apps.notices.office import Office
from takeback.apps.notices.page import page_routers
from takeback.clock import Clock
from takeback.errors import TakebackError
from takeback.participant.notices.clockwork import keep_clocks
from takeback.participant.notices.copies import OwnMedia
from takeback.platform_settings import PlatformSettings
from takeback.storage.database import Database


def notice_router(settings: PlatformSettings, database: Database, clock: Clock, platform: Guard) -> Router:
    """Gives the zone. `platform` lets the platform's own programs through, and nobody else."""
    office = Office(settings, database, clock)
    return Router("/", route_handlers=[public_api(office), platform_api(office, platform), *page_routers(office)])


async def keep_clocks_for_ever(database: Database, clock: Clock, settings: PlatformSettings, media: OwnMedia) -> None:
    """Does what the clocks of notices ask for. A failure is logged and tried again: nothing that waits is lost."""
    while True:
        try:
            await keep_clocks(database, clock, settings, media)
        except TakebackError as error:
            log.logger().warning("clocks of notices", code=error.code)
        except Exception as error:  # noqa: BLE001 - the process edge: a bug must not stop the clocks
            log.logger().error("clocks of notices", where=log.failure(error))
        await asyncio.sleep(settings.notice_interval_s)
