"""How often somebody may ask: token buckets in memory, and a guard that says when to come back.

What is counted by is up to the caller: a participant, or a network under a key that is thrown away (`networks.py`).
Of one process: several give each as much, which is a later matter.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from takeback.clock import Clock
from takeback.errors import TooManyRequestsError

Connection = ASGIConnection[Any, Any, Any, Any]
Guard = Callable[[Connection, BaseRouteHandler], Awaitable[None]]

#: Buckets that are remembered at most; the one longest unused is forgotten first.
MOST_BUCKETS = 100_000


class Buckets:
    """A bucket for each key: it holds the requests of one minute, and fills again evenly."""

    def __init__(self, a_minute: int) -> None:
        self._most = float(a_minute)
        self._buckets: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def take(self, key: Hashable, now: float, count: int = 1) -> int:
        """Takes so many out and gives 0; or takes none, and gives the seconds after which there are as many."""
        left, at = self._buckets.pop(key, (self._most, now))
        left = min(self._most, left + max(0.0, now - at) * self._most / 60)
        wait = 0 if left >= count else math.ceil((count - left) * 60 / self._most)
        self._buckets[key] = (left if wait else left - count, now)
        if len(self._buckets) > MOST_BUCKETS:
            self._buckets.popitem(last=False)
        return wait


def limit_guard(a_minute: int, clock: Clock, key_of: Callable[[Connection], Hashable | None]) -> Guard:
    """Gives a guard that raises TooManyRequestsError; requests without a key are not counted."""
    buckets = Buckets(a_minute)

    async def guard(connection: Connection, _: BaseRouteHandler) -> None:
        key = key_of(connection)
        wait = 0 if key is None else buckets.take(key, clock.now().timestamp())
        if wait:
            raise TooManyRequestsError(f"Too many requests. Send the next one in {wait} seconds.", wait)

    return guard


def participant_limit(a_minute: int, clock: Clock) -> Guard:
    """Gives the guard for a zone of participants. It stands behind the one that finds out which participant asks."""
    return limit_guard(a_minute, clock, lambda connection: str(connection.state.participant.id))
