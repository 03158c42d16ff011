"""A desk that runs in a thread of the test, its people, their sessions and passkeys, and what waits there."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Self, TypeVar

import httpx2
import uvicorn
from sqlalchemy.ext.asyncio import AsyncConnection

from support import loops
from support.authenticator import Authenticator
from support.console import options_in
from support.desk import DeskPeople
from support.waiting import eventually
from takeback.apps.desk.alone import create_desk
from takeback.clock import SystemClock
from takeback.model.operator import Operator, Role
from takeback.participant.holds.held_copies import copies_of
from takeback.participant.installation import open_database
from takeback.platform_settings import PlatformSettings
from takeback.staff import sessions
from takeback.staff.enrolment import give_link
from takeback.staff.operators import add_operator
from takeback.storage.database import Database

T = TypeVar("T")
COOKIE = "takeback-desk"
_LONG = sessions.Lifetimes(timedelta(days=1), timedelta(days=1))


class DeskServer:
    """One desk on SQLite in a folder."""

    def __init__(self, folder: Path, **settings: object) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        port = self._socket.getsockname()[1]
        self.settings = PlatformSettings(data_dir=str(folder), port=port, **settings)  # type: ignore[arg-type]
        self.origin, self.url = f"http://localhost:{port}", f"http://localhost:{port}/desk"
        config = uvicorn.Config(create_desk(self.settings), log_config=None, lifespan="on")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        eventually(lambda: self._server.started)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(20)

    def on_database(self, work: Callable[[Database], Awaitable[T]]) -> T:
        """Runs work on the desk's database."""

        async def whole() -> T:
            database = await open_database(self.settings)
            try:
                return await work(database)
            finally:
                await database.close()

        return loops.run(whole())

    def people(self, work: Callable[[DeskPeople], Awaitable[T]]) -> T:
        """Runs work on the desk as tests of use cases see it, with the machine's time."""

        async def with_people(database: Database) -> T:
            desk = DeskPeople(database)
            desk.clock.advance(SystemClock().now() - desk.clock.now())
            return await work(desk)

        return self.on_database(with_people)

    def add(self, name: str, role: Role) -> Operator:
        return self.on_database(lambda database: add_operator(database, SystemClock(), name, role))

    def token(self, operator: Operator) -> str:
        """Begins a session behind the door."""
        token = sessions.new_token()

        async def work(connection: AsyncConnection) -> None:
            await sessions.begin(connection, SystemClock(), operator.id, token, _LONG)

        self.on_database(lambda database: database.run("begin", work))
        return token

    def link(self, operator: Operator) -> str:
        """Gives the code of a link for somebody."""
        return self.on_database(lambda database: give_link(database, SystemClock(), operator.id))

    def browser(self, token: str = "") -> httpx2.Client:
        """An HTTP client that says what a browser on a page of the desk says."""
        headers = {"origin": self.origin, "sec-fetch-site": "same-origin"}
        return httpx2.Client(headers=headers, cookies={COOKIE: token} if token else {}, timeout=60)

    def signed_in(self, name: str, role: Role) -> httpx2.Client:
        return self.browser(self.token(self.add(name, role)))

    def enrolled(self, operator: Operator) -> Authenticator:
        """Registers a passkey with a link over HTTP, and gives the device."""
        code, device = self.link(operator), Authenticator(self.origin)
        with self.browser() as http:
            shown = http.post(f"{self.url}/enrol/open", data={"code": code})
            answer = device.create(options_in(shown))
            assert http.post(f"{self.url}/enrol", data={"code": code, "answer": answer}).status_code == 303
        return device

    def seal(self, id_: str, content: bytes) -> None:
        """Keeps a sealed copy."""

        async def work(database: Database) -> None:
            copies_of(self.settings, database).put(id_, io.BytesIO(content))

        self.on_database(work)
