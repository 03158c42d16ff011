"""A platform that serves nothing but its zone for notices: inside this process, or as one that can be killed."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Self

import uvicorn
from litestar import Litestar, get
from litestar.handlers import BaseRouteHandler

from support.notices import PATTERN, Media
from support.servers import ROOT, Server, free_port
from takeback.apps import problems
from takeback.apps.limits import Connection
from takeback.apps.notices import keep_clocks_for_ever, notice_router
from takeback.clock import Clock, SystemClock
from takeback.errors import NotAuthorisedError
from takeback.model.hold import Content
from takeback.participant.installation import SEAL_KEYS
from takeback.participant.notices.copies import OwnMedia
from takeback.platform_settings import PlatformSettings
from takeback.storage.database import Database
from takeback.storage.key_files import keyring_in
from takeback.storage.migrate import PLATFORM, migrate

#: What the platform's own programs send.
KEY = "Bearer the-platform"


async def platform_only(connection: Connection, _: BaseRouteHandler) -> None:
    if connection.headers.get("authorization") != KEY:
        raise NotAuthorisedError("Send the platform's key.")


@get("/health", sync_to_thread=False)
def health() -> str:
    return "ok"


def notice_app(settings: PlatformSettings, media: OwnMedia, clock: Clock | None = None) -> Litestar:
    clock = clock or SystemClock()
    database = Database.open(settings.database_address, keyring_in(settings.data_path / SEAL_KEYS))

    @asynccontextmanager
    async def running(_: Litestar) -> AsyncIterator[None]:
        await migrate(database, steps=PLATFORM)
        clocks = asyncio.create_task(keep_clocks_for_ever(database, clock, settings, media))
        try:
            yield
        finally:
            clocks.cancel()
            with suppress(asyncio.CancelledError):
                await clocks
            await database.close()

    return Litestar(
        [health, notice_router(settings, database, clock, platform_only)],
        lifespan=[running],
        exception_handlers=dict(problems.HANDLERS),
        logging_config=None,
        openapi_config=None,
    )


class NoticeSite:
    """The zone in a thread of this process."""

    def __init__(self, settings: PlatformSettings, media: OwnMedia | None = None, clock: Clock | None = None) -> None:
        port = free_port()
        self.url, self.settings = f"http://127.0.0.1:{port}", settings
        app = notice_app(settings, media or Media(), clock)
        self._server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, access_log=False))
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive(), "the server stopped at once"
            self._thread.join(0.02)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(30)


class NoticeProcess(Server):
    """The zone in a process of its own, whose fingerprint store finds one copy of everything."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        port = free_port()
        self.data = folder / "data"
        command: list[object] = [sys.executable, "-m", "support.notice_site", self.data, port]
        environment = {"PYTHONPATH": str(ROOT / "tests")}
        super().__init__(command, f"http://127.0.0.1:{port}", folder / "notices.log", environment)


if __name__ == "__main__":
    given = PlatformSettings(data_dir=sys.argv[1], notice_places=(PATTERN,), notice_interval_s=0.05, notice_lease_s=1.0)
    copies = Media([Content("copy/1")])
    uvicorn.run(notice_app(given, copies), port=int(sys.argv[2]), log_config=None, access_log=False)
