"""Where Mastodon's webhooks arrive: the signature is checked over the bytes as they came, then only ids are kept."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Callable
from typing import Any

import msgspec
from litestar import Litestar, MediaType, Request, Response, get, post
from litestar.exceptions import ClientException, NotAuthorizedException

from mastodon.posts import Event, attachments_of, surface_of
from mastodon.store import Store

#: A post and its author are a few kilobytes.
MAX_BODY_BYTES = 1 << 20


def create_app(secret: str, store: Store, news: Callable[[], None]) -> Litestar:
    """Gives the program's only door. `news` is called when there is something to look at."""

    @post("/webhook", request_max_body_size=MAX_BODY_BYTES)
    async def webhook(request: Request[Any, Any, Any]) -> Response[None]:
        """Notes what is to be looked at, and answers: Mastodon waits for ten seconds only."""
        body = await request.body()
        if not is_signed(secret, body, request.headers.get("x-hub-signature", "")):
            # Mastodon sends again what is answered by 401: nothing is lost while a new secret is put in.
            raise NotAuthorizedException("X-Hub-Signature: is not of this webhook's secret.")
        try:
            event = msgspec.json.decode(body, type=Event)
        except msgspec.MsgspecError:
            # Not what msgspec says: that may repeat the payload.
            raise ClientException("body: is no status.created or status.updated of Mastodon 4.2 or later.") from None
        for one in attachments_of(event):
            await asyncio.to_thread(store.wait, one, surface_of(event))
        news()
        return Response(None, status_code=202)

    @get("/health", media_type=MediaType.TEXT)
    async def health() -> str:
        """Says that the program answers."""
        return "ok"

    return Litestar([webhook, health], openapi_config=None)


def is_signed(secret: str, body: bytes, signature: str) -> bool:
    """Says whether this is the body's HMAC-SHA256, in the time that any other answer takes."""
    wanted = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(wanted.encode(), signature.encode())
