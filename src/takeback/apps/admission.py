"""Who is let in when there is too much to do: intake and withdrawal before everything else.

Each zone has room for so many requests at a time. Beyond that it answers 503 and `Retry-After` at once, so that pages
for participants, who come again by themselves, never take the time of a person who sends or takes back. Times are
measured by route, and by nothing that tells who asked.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from takeback import metrics
from takeback.errors import TooLargeError, UnavailableError
from takeback.settings import Settings

#: The name under which a router says which zone it is: `opt={ZONE: EXCHANGE}`. Whatever says nothing is a page.
ZONE = "zone"
INTAKE, EXCHANGE, PAGES = "intake", "exchange", "pages"
_PLACE = "place"


class Place:
    """The room that one request takes."""

    def __init__(self, inside: Counter[str], zone: str) -> None:
        self._inside, self._zone = inside, zone
        self.waited_s = 0.0

    @contextmanager
    def given_back(self) -> Iterator[None]:
        """Takes no room meanwhile: a reader that waits for news is no work. Its time does not count either."""
        begin = time.perf_counter()
        self._inside[self._zone] -= 1
        try:
            yield
        finally:
            self._inside[self._zone] += 1
            self.waited_s += time.perf_counter() - begin


def place_of(scope: Any) -> Place:  # noqa: ANN401 - the framework's scopes
    """Gives the place of the request that is being answered."""
    found: Place = scope["state"][_PLACE]
    return found


class Admission:
    """Middleware over every route of one process."""

    def __init__(self, settings: Settings) -> None:
        self._header_limit = settings.header_limit_bytes
        self._room = {
            INTAKE: settings.intake_concurrency,
            EXCHANGE: settings.exchange_concurrency,
            PAGES: settings.page_concurrency,
        }
        self._inside: Counter[str] = Counter()

    def __call__(self, app: ASGIApp) -> ASGIApp:
        """Gives the application behind the door."""

        async def door(scope: Scope, receive: Receive, send: Send) -> None:
            begin, status = time.perf_counter(), [500]

            async def watched(message: Message) -> None:
                if message["type"] == "http.response.start":
                    status[0] = message["status"]
                await send(message)

            zone = str(scope["route_handler"].opt.get(ZONE, PAGES))
            self._admit(zone, scope)
            self._inside[zone] += 1
            place = scope.setdefault("state", {})[_PLACE] = Place(self._inside, zone)
            try:
                await app(scope, receive, watched)
            finally:
                self._inside[zone] -= 1
                taken = time.perf_counter() - begin - place.waited_s
                route = scope.get("path_template") or "other"
                metrics.REQUESTS.labels(route, f"{status[0] // 100}xx").observe(taken)

        return door

    def _admit(self, zone: str, scope: Any) -> None:  # noqa: ANN401 - the framework's scopes
        if sum(len(name) + len(value) for name, value in scope["headers"]) > self._header_limit:
            raise TooLargeError(field="headers", problem="are over the limit.", remedy="Send fewer.")
        if self._inside[zone] >= self._room[zone]:
            metrics.REFUSED.labels(zone).inc()
            raise UnavailableError("There is too much to do at the moment. Try again in a few seconds.")
