"""Whether the process lives, and whether it can do its work: for whatever watches over it."""

from __future__ import annotations

import time

from litestar import MediaType, get
from litestar.handlers import HTTPRouteHandler

from takeback import metrics
from takeback.errors import UnavailableError
from takeback.settings import Settings
from takeback.storage.database import Database
from takeback.storage.migrate import fits

#: Rounds of publishing that may fail or be late before this process says that it is not ready.
LATE_ROUNDS = 3
#: A round of a flood takes long by itself, in seconds.
SHORTEST_S = 60.0
#: Why a process is not ready whose database is behind it, or was made for programs after it.
WRONG_SCHEMA = "The database's schema does not fit this program. Start it anew, or the version that made the schema."


class Pulse:
    """When the publisher last ended a round. What waits cannot be older than that, and a round."""

    def __init__(self) -> None:
        self._last = time.monotonic()
        metrics.PUBLICATION_LAG.set_function(self.age_s)

    def beat(self) -> None:
        """Says that a round has ended well."""
        self._last = time.monotonic()

    def age_s(self) -> float:
        """Gives the seconds since."""
        return time.monotonic() - self._last


def longest_lag_s(settings: Settings) -> float:
    """Gives the seconds after which a round of publishing is late."""
    return max(SHORTEST_S, LATE_ROUNDS * settings.publish_interval_s)


@get("/health", media_type=MediaType.TEXT, include_in_schema=False, sync_to_thread=False)
def health() -> str:
    """Says that the process answers."""
    return "ok"


def ready_handler(database: Database, pulse: Pulse, settings: Settings) -> HTTPRouteHandler:
    """Gives the route that says whether the database answers, has a schema that fits, and is published from."""

    @get("/ready", media_type=MediaType.TEXT, include_in_schema=False)
    async def ready() -> str:
        """Says that everything works, or 503 with what does not."""
        if not await fits(database):
            raise UnavailableError(WRONG_SCHEMA)
        if pulse.age_s() > longest_lag_s(settings):
            raise UnavailableError("Nothing was published for too long. See the log.")
        return "ready"

    return ready
