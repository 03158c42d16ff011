"""Operators at the console of a running server, and their sessions, without a browser."""

from __future__ import annotations

import html
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import httpx2
from sqlalchemy.ext.asyncio import AsyncConnection

from support import loops
from support.authenticator import Authenticator
from support.servers import ClearinghouseServer
from takeback.clearinghouse.keys import open_database
from takeback.clock import SystemClock
from takeback.model.operator import Operator, Role
from takeback.settings import load
from takeback.staff import sessions
from takeback.staff.enrolment import give_link
from takeback.staff.operators import add_operator
from takeback.storage.database import Database

T = TypeVar("T")
COOKIE = "takeback-console"
LONG = sessions.Lifetimes(timedelta(days=1), timedelta(days=1))


class ConsoleDesk:
    """The console of a server on SQLite, its operators, and browsers that are only HTTP clients."""

    def __init__(self, server: ClearinghouseServer) -> None:
        self.server, self.origin = server, server.staff_url
        self.url = f"{server.url}/console"

    def on_database(self, work: Callable[[Database], Awaitable[T]]) -> T:
        """Runs work on the server's database."""

        async def whole() -> T:
            database = open_database(load(self.server.settings))
            try:
                return await work(database)
            finally:
                await database.close()

        return loops.run(whole())

    def add(self, name: str, role: Role) -> Operator:
        """Adds an operator."""
        return self.on_database(lambda database: add_operator(database, SystemClock(), name, role))

    def token(self, operator: Operator) -> str:
        """Begins a session behind the door, and gives its token."""
        return self.tokens(operator, 1)[0]

    def tokens(self, operator: Operator, count: int) -> list[str]:
        """Begins many, and gives their tokens."""
        made = [sessions.new_token() for _ in range(count)]

        async def work(connection: AsyncConnection) -> None:
            for token in made:
                await sessions.begin(connection, SystemClock(), operator.id, token, LONG)

        self.on_database(lambda database: database.run("begin", work))
        return made

    def enrolled(self, name: str, role: Role) -> Authenticator:
        """Adds an operator, registers a passkey with a link over HTTP, and gives the device."""
        operator = self.add(name, role)
        code = self.on_database(lambda database: give_link(database, SystemClock(), operator.id))
        device = Authenticator(self.origin, httpx2.URL(self.origin).host)
        with self.browser() as http:
            shown = http.post(f"{self.url}/enrol/open", data={"code": code})
            answer = device.create(options_in(shown))
            done = http.post(f"{self.url}/enrol", data={"code": code, "answer": answer, "label": ""})
        assert done.status_code == 303, done.text
        return device

    def sign_in(self, http: httpx2.Client, device: Authenticator) -> httpx2.Response:
        """Signs in over HTTP as the page's script would."""
        answer = device.get(options_in(http.get(f"{self.url}/sign-in")))
        return http.post(f"{self.url}/sign-in", data={"answer": answer})

    def browser(self, token: str = "", **headers: str) -> httpx2.Client:
        """An HTTP client that says what a browser on a page of the console says."""
        said = {"origin": self.origin, "sec-fetch-site": "same-origin"} | headers
        cookies = {COOKIE: token} if token else {}
        return httpx2.Client(headers=said, cookies=cookies, timeout=30)


def options_in(page: httpx2.Response) -> str:
    """Gives what a page hands to the browser for its passkey."""
    found = re.search(r'data-options="([^"]*)"', page.text)
    assert found, page.text
    return html.unescape(found[1])


def csrf_in(page: httpx2.Response) -> str:
    """Gives the token that a page's forms carry."""
    found = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]
