"""The platform says what it has deleted; its fingerprints go with it."""

from __future__ import annotations

from typing import Any

from litestar import MediaType, Request, Response, Router, post

from takeback.apps.agent.door import key_guard
from takeback.apps.problems import answers
from takeback.errors import InvalidInputError, NotAuthorisedError, UnavailableError
from takeback.model.agent_key import KeyRole
from takeback.participant.agent.keys import Keys
from takeback.participant.own_media import Gathered, remove
from takeback.platform_settings import PlatformSettings
from takeback.storage.database import Database
from takeback.wire.json import decode, encode
from takeback.wire.own_media import RemovedAnswer, RemovedBody


def own_media_router(database: Database, gathered: Gathered, keys: Keys, settings: PlatformSettings) -> Router:
    """Gives the route, for keys of role `screen`: who adds content also deletes it."""

    @post(
        "/v1/media/removed",
        status_code=200,
        responses=answers(InvalidInputError, NotAuthorisedError, UnavailableError),
    )
    async def removed(request: Request[Any, Any, Any]) -> Response[bytes]:
        """Forgets the fingerprints of content that was deleted. No question finds it when this answers."""
        body = decode(await request.body(), RemovedBody)
        await gathered.keep(database)  # what still waits to be kept must not come after this
        answer = RemovedAnswer(await remove(database, body.contents))
        return Response(encode(answer), media_type=MediaType.JSON)

    return Router(
        "/",
        route_handlers=[removed],
        guards=[key_guard(KeyRole.SCREEN, keys, settings)],
        response_headers={"cache-control": "no-store"},
    )
