"""The clearinghouse as one process: portal, exchange and console over one database, the publisher beside them."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import date
from enum import StrEnum

from litestar import Litestar, Router
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme

import takeback
from takeback import log
from takeback.apps import problems
from takeback.apps.admission import Admission
from takeback.apps.applications import agreement, applications_router
from takeback.apps.arachnid import arachnid_router
from takeback.apps.console import console_router
from takeback.apps.exchange import SECURITY, exchange_handlers
from takeback.apps.hash_sharing import hash_sharing_router
from takeback.apps.health import Pulse, health, ready_handler
from takeback.apps.list_files import list_files_router
from takeback.apps.portal import portal_router
from takeback.apps.public_log import log_for_ever, log_router
from takeback.apps.stopncii import stopncii_router
from takeback.apps.transparency import transparency
from takeback.clearinghouse.agreement import agreement_text
from takeback.clearinghouse.by_value import forget_told
from takeback.clearinghouse.freshness import ServicesOfTheMinute, note_day
from takeback.clearinghouse.intake import intake
from takeback.clearinghouse.keys import files_key, list_key, log_signing_key, open_database
from takeback.clearinghouse.links import forget_used_links
from takeback.clearinghouse.list_files import ListFiles
from takeback.clearinghouse.list_news import list_news
from takeback.clearinghouse.log_files import LogIdentity
from takeback.clearinghouse.lookup import LookupIndex
from takeback.clearinghouse.negative import compare_new_values
from takeback.clearinghouse.packing import pack_for_ever
from takeback.clearinghouse.publishing import Burst, publish_waiting
from takeback.clearinghouse.retention import keep_to_retention
from takeback.clearinghouse.stretches import Stretches
from takeback.clearinghouse.transparency import TransparencyOfTheDay
from takeback.clearinghouse.withdrawal import withdraw_due
from takeback.clock import Clock, SystemClock, today
from takeback.errors import TakebackError
from takeback.settings import Settings
from takeback.staff.negative import NegativeGate
from takeback.storage.database import Database
from takeback.storage.migrate import migrate
from takeback.storage.news import News
from takeback.storage.nonces import FILE_NAME, SpentNonces

#: Seconds between two rounds of publishing, at least, while nothing comes in: each asks the database several things.
IDLE_ROUND_S = 1.0


#: After so many seconds, what has not ended is asked to end once more.
CANCEL_AGAIN_S = 1.0


class Zone(StrEnum):
    """A trust zone. One process serves them all, or one of them alone; the publisher runs beside each."""

    PORTAL = "portal"
    EXCHANGE = "exchange"
    CONSOLE = "console"


def create_app(settings: Settings, clock: Clock | None = None, *, only: Zone | None = None) -> Litestar:
    """Gives the whole clearinghouse, or one zone of it."""
    agreement_text(settings)  # a file that cannot be used stops the start, not the first applicant
    used_clock = clock or SystemClock()
    database = open_database(settings)
    key = list_key(settings.data_path)
    lookup, news = LookupIndex(database), list_news(database)
    pulse, admission = Pulse(), Admission(settings)
    arrived = asyncio.Event()
    gathered = intake(database, NegativeGate(), arrived.set)
    stretches = Stretches(settings.page_cache_bytes // 2)
    files = ListFiles(files_key(settings.data_path), settings.list_id, settings.page_cache_bytes // 2)
    log_ = LogIdentity(settings.list_id, log_signing_key(settings.data_path))

    nonces = SpentNonces(settings.data_path / FILE_NAME, settings.nonce_memory)
    figures, services = TransparencyOfTheDay(), ServicesOfTheMinute()

    @asynccontextmanager
    async def running(_: Litestar) -> AsyncIterator[None]:
        await migrate(database)
        gc.collect()
        gc.freeze()  # what is there now stays: no collection looks at it again while requests are answered
        for_ever = (
            publish_for_ever(database, used_clock, settings, pulse, news, arrived),
            log_for_ever(settings, database, used_clock, log_),
            pack_for_ever(database),
            database.tend(),
        )
        tasks = [asyncio.create_task(one) for one in for_ever]
        try:
            yield
        finally:
            # Once may not be enough: before Python 3.12 `wait_for` can lose one that comes with what it waits for.
            while tasks:
                for task in tasks:
                    task.cancel()
                tasks = list((await asyncio.wait(tasks, timeout=CANCEL_AGAIN_S))[1])
            await lookup.close()
            await news.close()
            nonces.close()
            await database.close()

    routers: dict[Zone, Callable[[], Sequence[Router | HTTPRouteHandler]]] = {
        Zone.PORTAL: lambda: [
            *(portal_router(settings, used_clock), log_router(settings, log_)),
            applications_router(settings),
        ],
        Zone.EXCHANGE: lambda: [
            *exchange_handlers(settings, database, used_clock, nonces),
            list_files_router(),
            hash_sharing_router(settings, database, used_clock),
            stopncii_router(settings, database, used_clock),
            arachnid_router(settings, database, used_clock),
        ],
        Zone.CONSOLE: lambda: [console_router(settings, database, used_clock)],
    }
    wanted = [only] if only else [zone for zone in Zone if zone is not Zone.CONSOLE or settings.console]

    return Litestar(
        route_handlers=[
            *(health, ready_handler(database, pulse, settings), transparency, agreement),
            *(router for zone in wanted for router in routers[zone]()),
        ],
        dependencies={
            "database": Provide(lambda: database, sync_to_thread=False),
            "clock": Provide(lambda: used_clock, sync_to_thread=False),
            "lookup": Provide(lambda: lookup, sync_to_thread=False),
            "news": Provide(lambda: news, sync_to_thread=False),
            "settings": Provide(lambda: settings, sync_to_thread=False),
            "intake": Provide(lambda: gathered, sync_to_thread=False),
            "stretches": Provide(lambda: stretches, sync_to_thread=False),
            "files": Provide(lambda: files, sync_to_thread=False),
            "log": Provide(lambda: log_, sync_to_thread=False),
            "services": Provide(lambda: services, sync_to_thread=False),
            "figures": Provide(lambda: figures, sync_to_thread=False),
            "list_key": Provide(lambda: key, sync_to_thread=False),
        },
        exception_handlers=dict(problems.HANDLERS),
        lifespan=[running],
        middleware=[admission],
        logging_config=None,
        openapi_config=openapi(),
        request_max_body_size=settings.intake_body_limit_bytes,
    )


async def publish_for_ever(
    database: Database, clock: Clock, settings: Settings, pulse: Pulse, news: News, arrived: asyncio.Event
) -> None:
    """Publishes what waits, withdraws what is due, suspends what may not be listed and forgets what is over.

    A failure is logged and tried again: nothing that waits is lost.
    """
    burst, tidied = Burst(settings.burst_entries, settings.burst_hold_days), date.min
    while True:
        try:
            await note_day(database, clock)
            if await publish_waiting(database, clock, burst):
                news.ring()
            await withdraw_due(database, clock)
            await compare_new_values(database, clock)
            await forget_told(database, clock)
            await forget_used_links(database, clock)
            if tidied != (day := today(clock)):
                await keep_to_retention(database, clock, settings)
                tidied = day
            pulse.beat()
        except TakebackError as error:
            log.logger().warning("not published", code=error.code)
        except Exception as error:  # noqa: BLE001 - the process edge: a bug must not stop publishing
            log.logger().error("not published", where=log.failure(error))
        await asyncio.sleep(settings.publish_interval_s)
        # Where rounds are short and nothing comes, there is a longer pause.
        with suppress(TimeoutError):
            await asyncio.wait_for(arrived.wait(), max(0.0, IDLE_ROUND_S - settings.publish_interval_s))
        arrived.clear()


def openapi() -> OpenAPIConfig:
    """Gives what /schema says of itself."""
    return OpenAPIConfig(
        title="Takeback clearinghouse",
        version=takeback.__version__,
        description="Intake and receipts: spec/intake.md. The list, its proof and feedback: spec/list-format.md.",
        components=Components(
            security_schemes={
                SECURITY: SecurityScheme(
                    type="apiKey",
                    name="signature",
                    security_scheme_in="header",
                    description="HTTP Message Signature (RFC 9421) with Ed25519, see spec/list-format.md",
                )
            }
        ),
        render_plugins=[],
        path="/schema",
    )
