"""Tells the platform that there are new instructions: their numbers, signed, and nothing else.

How far it was told stands in the database, so a process that ends forgets nothing; whoever is told twice reads the feed
and finds nothing new. Signed as Standard Webhooks says (standardwebhooks.com): HMAC-SHA256 over id, time and body.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import secrets
from functools import partial
from pathlib import Path

import httpx2
import msgspec

from takeback import log
from takeback.clock import Clock
from takeback.errors import TakebackError
from takeback.platform_settings import PlatformSettings
from takeback.storage.database import Database
from takeback.storage.key_files import kept_key
from takeback.storage.news import News
from takeback.storage.platform import instructions
from takeback.storage.platform import webhook as stored
from takeback.storage.sealing import KEY_BYTES

SECRET_FILE = "webhook-secret"  # noqa: S105 - a file's name
TIMEOUT_S = 10.0
LONGEST_PAUSE_S = 3_600.0
#: Numbers in one message, at most.
AT_ONCE = 500
#: How long it waits for news at a time, in seconds.
WAIT_S = 50.0


def webhook_secret(data_dir: Path) -> bytes:
    """Gives the secret that the platform checks signatures with."""
    made = partial(secrets.token_bytes, KEY_BYTES)
    return kept_key(data_dir / SECRET_FILE, made, "is no secret. Delete it, and give the platform the new one.")


def secret_text(secret: bytes) -> str:
    """Gives it as libraries for Standard Webhooks take it."""
    return f"whsec_{base64.b64encode(secret).decode()}"


def signed_headers(secret: bytes, id_: str, at: int, body: bytes) -> dict[str, str]:
    """Gives the headers of a message; `at` is in seconds since 1970."""
    mac = hmac.new(secret, f"{id_}.{at}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": id_,
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
        "content-type": "application/json",
    }


class Webhook:
    """Delivery to the one address in the settings."""

    def __init__(
        self,
        settings: PlatformSettings,
        database: Database,
        clock: Clock,
        news: News,
        *,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._settings, self._database, self._clock, self._news = settings, database, clock, news
        self._secret, self._transport = webhook_secret(settings.data_path), transport

    async def deliver_for_ever(self) -> None:
        """Delivers what is new, again and again; what fails is tried again later and later."""
        pause = 0.0
        while True:
            await asyncio.sleep(pause)
            try:
                told = await self.deliver()
            except TakebackError as error:
                log.logger().warning("webhook", code=error.code)
                told = None
            except Exception as error:  # noqa: BLE001 - the process edge: a bug must not end delivery
                log.logger().error("webhook", where=log.failure(error))
                told = None
            if told is None:
                pause = min(max(self._settings.webhook_retry_s, 2 * pause), LONGEST_PAUSE_S)
                continue
            pause = 0.0
            await self._news.later_than(told, WAIT_S)

    async def deliver(self) -> int | None:
        """Delivers the next message, if there is one; gives how far the platform was told, or None if it failed."""
        told = await self._database.read("told", stored.told)
        new = await self._database.read("instructions", lambda c: instructions.after(c, told, limit=AT_ONCE))
        if not new:
            return told
        body = msgspec.json.encode({"instructions": [one.sequence for one in new]})
        now = int(self._clock.now().timestamp())
        headers = signed_headers(self._secret, f"instructions-{new[-1].sequence}", now, body)
        try:
            async with httpx2.AsyncClient(
                timeout=TIMEOUT_S, transport=self._transport, follow_redirects=False
            ) as client:
                answer = await client.post(self._settings.webhook_url, content=body, headers=headers)
        except httpx2.TransportError as error:
            log.logger().warning("webhook not answered", error=type(error).__name__)
            return None
        if not answer.is_success:
            log.logger().warning("webhook refused", status=answer.status_code)
            return None
        await self._database.run("told", lambda c: stored.keep_told(c, new[-1].sequence))
        return new[-1].sequence
