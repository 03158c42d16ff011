"""The clearinghouse as one process: portal and exchange over one database, and the publisher beside them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from litestar import Litestar, MediaType, Response, get
from litestar.di import Provide
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme

import takeback
from takeback import log, metrics
from takeback.apps import problems
from takeback.apps.arachnid import arachnid_router
from takeback.apps.exchange import SECURITY, exchange_router
from takeback.apps.hash_sharing import hash_sharing_router
from takeback.apps.portal import portal_router
from takeback.apps.stopncii import stopncii_router
from takeback.clearinghouse.by_value import forget_told
from takeback.clearinghouse.keys import list_key
from takeback.clearinghouse.lookup import LookupIndex
from takeback.clearinghouse.news import News
from takeback.clearinghouse.publishing import publish_waiting
from takeback.clearinghouse.withdrawal import withdraw_due
from takeback.clock import Clock, SystemClock
from takeback.errors import TakebackError
from takeback.settings import Settings
from takeback.storage.database import Database
from takeback.storage.migrate import migrate


@get("/health", media_type=MediaType.TEXT, include_in_schema=False, sync_to_thread=False)
def health() -> str:
    """Says that the process answers."""
    return "ok"


@get("/metrics", include_in_schema=False, sync_to_thread=False)
def exposition() -> Response[bytes]:
    """Gives counters for the operator's Prometheus; keep it behind the proxy."""
    return Response(metrics.exposition(), media_type="text/plain; version=0.0.4")


def create_app(settings: Settings, clock: Clock | None = None) -> Litestar:
    """Gives the whole clearinghouse."""
    used_clock = clock or SystemClock()
    database = Database.open(settings.database_address)
    key = list_key(settings.data_path)
    lookup, news = LookupIndex(database), News(database)

    @asynccontextmanager
    async def running(_: Litestar) -> AsyncIterator[None]:
        await migrate(database)
        publisher = asyncio.create_task(publish_for_ever(database, used_clock, settings.publish_interval_s, news))
        try:
            yield
        finally:
            publisher.cancel()
            with suppress(asyncio.CancelledError):
                await publisher
            await lookup.close()
            await news.close()
            await database.close()

    return Litestar(
        route_handlers=[
            *(health, exposition, portal_router(settings)),
            *(exchange_router(settings, database, used_clock), hash_sharing_router(settings, database)),
            *(stopncii_router(settings, database), arachnid_router(settings, database, used_clock)),
        ],
        dependencies={
            "database": Provide(lambda: database, sync_to_thread=False),
            "clock": Provide(lambda: used_clock, sync_to_thread=False),
            "lookup": Provide(lambda: lookup, sync_to_thread=False),
            "news": Provide(lambda: news, sync_to_thread=False),
            "settings": Provide(lambda: settings, sync_to_thread=False),
            "list_key": Provide(lambda: key, sync_to_thread=False),
        },
        exception_handlers=dict(problems.HANDLERS),
        lifespan=[running],
        logging_config=None,
        openapi_config=openapi(),
        request_max_body_size=settings.intake_body_limit_bytes,
    )


async def publish_for_ever(database: Database, clock: Clock, interval_s: float, news: News) -> None:
    """Publishes what waits and withdraws what is due, again and again.

    A failure is logged and tried again: nothing that waits is lost.
    """
    while True:
        try:
            if await publish_waiting(database, clock):
                news.ring()
            await withdraw_due(database, clock)
            await forget_told(database, clock)
        except TakebackError as error:
            log.logger().warning("not published", code=error.code)
        except Exception as error:  # noqa: BLE001 - the process edge: a bug must not stop publishing
            log.logger().error("not published", where=log.failure(error))
        await asyncio.sleep(interval_s)


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
