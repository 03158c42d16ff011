"""What the page and the API of notices share: where notices are kept, and how often somebody may come."""

from __future__ import annotations

from litestar.handlers import BaseRouteHandler

from takeback.apps.limits import Buckets, Connection, Guard
from takeback.apps.networks import Networks
from takeback.clock import Clock
from takeback.errors import TooManyRequestsError
from takeback.model.notice_places import Places
from takeback.platform_settings import PlatformSettings
from takeback.storage.database import Database


class Office:
    """One platform's office for notices, in one process."""

    def __init__(self, settings: PlatformSettings, database: Database, clock: Clock) -> None:
        Places(settings.notice_places)  # patterns that cannot be used stop the start, not the first notice
        self.settings, self.database, self.clock = settings, database, clock
        self._networks = Networks(clock, settings.proxy_address_header)
        self._buckets = Buckets(settings.notices_a_minute)

    def admit(self, connection: Connection) -> None:
        """Raises TooManyRequestsError for a network that comes too often. No address is kept."""
        network = self._networks.of(connection)
        wait = 0 if network is None else self._buckets.take(network, self.clock.now().timestamp())
        if wait:
            raise TooManyRequestsError(f"Too many requests. Send the next one in {wait} seconds.", wait)


def admission(office: Office) -> Guard:
    """Gives the same as a guard of routes. It is a function: the framework copies anything else that guards."""

    async def guard(connection: Connection, _: BaseRouteHandler) -> None:
        office.admit(connection)

    return guard
