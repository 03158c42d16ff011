"""Who may ask the agent: keys of the platform's own services, each with a role. Default deny.

In development, programs on the same machine may ask without a key: no address but the loopback's, no name but its own,
nothing that came through a proxy, and no page in a browser.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from takeback.apps.limits import Buckets
from takeback.clock import Clock
from takeback.errors import NotAuthorisedError, SettingsError, SuspendedError, TooManyRequestsError
from takeback.model.agent_key import AgentKey, KeyRole
from takeback.participant.agent.keys import Keys
from takeback.platform_settings import PlatformSettings

Connection = ASGIConnection[Any, Any, Any, Any]
Guard = Callable[[Connection, BaseRouteHandler], Awaitable[None]]
#: Who asks in development.
NOBODY = AgentKey("development", "development", KeyRole.ADMIN, date(1970, 1, 1))
_PASSED_ON = ("forwarded", "x-forwarded-for", "x-real-ip", "via", "origin")


def must_be_local(settings: PlatformSettings) -> None:
    """Raises SettingsError for development on an address that others can reach."""
    if settings.development and not _is_loopback(settings.host):
        raise SettingsError("development: it lets everybody in who reaches it. Set host to 127.0.0.1, or leave it off.")


def key_guard(role: KeyRole, keys: Keys, settings: PlatformSettings) -> Guard:
    """Gives the guard that lets keys of a role through, and nobody else."""

    async def guard(connection: Connection, _: BaseRouteHandler) -> None:
        sent = _sent(connection.headers.get("authorization", ""))
        if not sent and settings.development and _is_near(connection):
            connection.state.key = NOBODY
            return
        found = await keys.whose(sent)
        if not found.role.includes(role):
            raise SuspendedError(f"This key may not ask this. It takes one of role {role}.")
        connection.state.key = found

    return guard


class Rate:
    """How much one key may ask in a minute, because answers tell what is on the lists."""

    def __init__(self, a_minute: int, clock: Clock) -> None:
        self._buckets, self._clock = Buckets(a_minute), clock

    def take(self, connection: Connection, count: int = 1) -> None:
        """Takes so many, or raises TooManyRequestsError."""
        wait = self._buckets.take(str(connection.state.key.id), self._clock.now().timestamp(), count)
        if wait:
            raise TooManyRequestsError(f"Too much for this key at once. Ask again in {wait} seconds.", wait)


def _sent(header: str) -> str:
    """Gives the key of `Bearer …`, or the password of `Basic …`, for callers that can send nothing else."""
    scheme, _, coded = header.partition(" ")
    if scheme.lower() == "bearer":
        return coded.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        _, _, password = base64.b64decode(coded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise NotAuthorisedError("Send the key as `Authorization: Bearer …`.") from None
    return password


def _is_near(connection: Connection) -> bool:
    host = connection.headers.get("host", "").rpartition(":")
    named = (host[0] if host[2].isdigit() else host[0] + host[1] + host[2]).strip("[]")
    return (
        connection.client is not None
        and _is_loopback(connection.client.host)
        and (named == "localhost" or _is_loopback(named))
        and not any(header in connection.headers for header in _PASSED_ON)
    )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
