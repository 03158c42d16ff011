"""A platform's agent as one process: its lists, synced in the background, and what its services ask about uploads."""

from __future__ import annotations

import asyncio
import gc
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from litestar import Litestar, MediaType, get
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme
from litestar.types import ASGIApp, Message, Receive, Scope, Send

import takeback
from takeback import metrics
from takeback.apps import problems
from takeback.apps.agent.appeals import appeals_router
from takeback.apps.agent.door import key_guard, must_be_local
from takeback.apps.agent.evidence import evidence_router
from takeback.apps.agent.feed import feed_router
from takeback.apps.agent.hooks import hooks_router
from takeback.apps.agent.own_media import own_media_router
from takeback.apps.agent.screen import screen_router
from takeback.apps.agent.screening import Screening
from takeback.apps.desk import desk_router
from takeback.apps.health import WRONG_SCHEMA, health
from takeback.apps.notices import keep_clocks_for_ever, notice_router
from takeback.clock import Clock, SystemClock
from takeback.errors import UnavailableError
from takeback.fingerprints.variants import Effort
from takeback.media import Limits
from takeback.model.agent_key import KeyRole
from takeback.participant import own_media
from takeback.participant.agent.background import work_for_ever
from takeback.participant.agent.instruction_news import instruction_news
from takeback.participant.agent.keys import Keys, key_of_keys
from takeback.participant.agent.policies import Policies
from takeback.participant.agent.uploads import Uploads
from takeback.participant.agent.webhook import Webhook
from takeback.participant.installation import SEAL_KEYS
from takeback.participant.lists.followed_lists import FollowedLists
from takeback.participant.reports.evidence import EvidenceStore
from takeback.platform_settings import PlatformSettings
from takeback.storage.database import Database
from takeback.storage.key_files import keyring_in
from takeback.storage.migrate import PLATFORM, fits, migrate
from takeback.storage.platform import followed_lists as stored
from takeback.storage.platform.followed_lists import FollowedState


def create_agent(settings: PlatformSettings, clock: Clock | None = None, *, desk: bool = True) -> Litestar:
    """Gives the agent, and the desk of its reviewers unless that runs elsewhere."""
    must_be_local(settings)
    used_clock = clock or SystemClock()
    policies = Policies.of(settings)
    database = Database.open(settings.database_address, keyring_in(settings.data_path / SEAL_KEYS))
    told = _Told(database)
    lists = FollowedLists(settings, used_clock, told)
    decoders = settings.decoders or os.cpu_count() or 1
    limits = Limits(children=decoders, file_bytes=settings.screen_body_limit_bytes)
    uploads = Uploads(lists, policies, Effort(settings.effort), limits, threads=os.cpu_count() or 1)
    screening = Screening(uploads, database, used_clock, settings, threads=decoders + 1)
    keys = Keys(database, key_of_keys(settings.data_path), settings.key_memory_s)
    news = instruction_news(database)
    evidence = EvidenceStore(settings, database, used_clock)

    @asynccontextmanager
    async def running(_: Litestar) -> AsyncIterator[None]:
        await migrate(database, steps=PLATFORM)
        told.loop = asyncio.get_running_loop()
        await asyncio.to_thread(lists.open)
        gc.collect()
        gc.freeze()  # what is there now stays: no collection looks at it again while requests are answered
        lists.start()
        own_media.index_of(database, settings.data_path)
        for_ever = (
            work_for_ever(database, lists, used_clock, settings, screening.gathered),
            keep_clocks_for_ever(database, used_clock, settings, own_media),
            evidence.purge_for_ever(),
            database.tend(),
        )
        tasks = [asyncio.create_task(one) for one in for_ever]
        if settings.webhook_url:
            webhook = Webhook(settings, database, used_clock, news)
            tasks.append(asyncio.create_task(webhook.deliver_for_ever()))
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            await asyncio.to_thread(lists.close)
            screening.close()
            await news.close()
            await database.close()

    return Litestar(
        route_handlers=[
            *(health, healthz, _ready(database)),
            screen_router(screening, keys, settings),
            hooks_router(screening, keys, settings),
            feed_router(database, news, lists, keys, settings),
            own_media_router(database, screening.gathered, keys, settings),
            appeals_router(settings, database, used_clock, keys),
            *([desk_router(settings, database, used_clock)] if desk else []),
            evidence_router(evidence, keys, settings),
            notice_router(settings, database, used_clock, key_guard(KeyRole.INSTRUCTIONS, keys, settings)),
        ],
        dependencies={
            "database": Provide(lambda: database, sync_to_thread=False),
            "clock": Provide(lambda: used_clock, sync_to_thread=False),
            "settings": Provide(lambda: settings, sync_to_thread=False),
            "lists": Provide(lambda: lists, sync_to_thread=False),
        },
        exception_handlers=dict(problems.HANDLERS),
        lifespan=[running],
        middleware=[measured],
        logging_config=None,
        openapi_config=openapi(),
    )


class _Told:
    """Keeps in the database how a list stands, told by threads that sync."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.loop: asyncio.AbstractEventLoop | None = None

    def __call__(self, state: FollowedState) -> None:
        if self.loop is None or self.loop.is_closed():
            return
        keeping = self._database.run("followed-list", lambda connection: stored.keep(connection, state))
        asyncio.run_coroutine_threadsafe(keeping, self.loop)


def measured(app: ASGIApp) -> ASGIApp:
    """Measures each request by its route, and by nothing that tells who asked."""

    async def measure(scope: Scope, receive: Receive, send: Send) -> None:
        begin, status = time.perf_counter(), [500]

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                status[0] = message["status"]
            await send(message)

        try:
            await app(scope, receive, watched)
        finally:
            route = str(scope.get("path_template") or "other")
            metrics.REQUESTS.labels(route, f"{status[0] // 100}xx").observe(time.perf_counter() - begin)

    return measure


@get("/healthz", media_type=MediaType.TEXT, include_in_schema=False, sync_to_thread=False)
def healthz() -> str:
    """Says that the process answers."""
    return "ok"


def _ready(database: Database) -> HTTPRouteHandler:
    @get("/ready", media_type=MediaType.TEXT, include_in_schema=False)
    async def ready() -> str:
        """Says that the database answers and has a schema that fits, or 503 with what does not."""
        if not await fits(database, steps=PLATFORM):
            raise UnavailableError(WRONG_SCHEMA)
        return "ready"

    return ready


def openapi() -> OpenAPIConfig:
    """Gives what /schema says of itself."""
    return OpenAPIConfig(
        title="Takeback agent",
        version=takeback.__version__,
        description="What is known of an upload, and what to do with content: docs/agent.md.",
        components=Components(security_schemes={"key": SecurityScheme(type="http", scheme="bearer")}),
        render_plugins=[],
        path="/schema",
    )
