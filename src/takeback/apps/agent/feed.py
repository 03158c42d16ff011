"""What the platform reads from its agent: what to do with its content, and how the lists stand."""

from __future__ import annotations

from typing import Annotated

from litestar import Router, get
from litestar.params import Parameter

import takeback
from takeback.apps.agent.door import key_guard
from takeback.apps.problems import answers
from takeback.errors import InvalidInputError, NotAuthorisedError, UnavailableError
from takeback.model.agent_key import KeyRole
from takeback.model.change import MAX_SEQUENCE
from takeback.participant.agent.keys import Keys
from takeback.participant.agent.status import lists_now
from takeback.participant.lists.followed_lists import FollowedLists
from takeback.platform_settings import PlatformSettings
from takeback.storage.database import Database
from takeback.storage.news import News
from takeback.storage.platform import instructions as stored
from takeback.wire import screening as wire

_DENIED = (InvalidInputError, NotAuthorisedError, UnavailableError)


def feed_router(database: Database, news: News, lists: FollowedLists, keys: Keys, settings: PlatformSettings) -> Router:
    """Gives the routes, each behind a key of its role."""

    @get(
        "/v1/instructions",
        guards=[key_guard(KeyRole.INSTRUCTIONS, keys, settings)],
        responses=answers(*_DENIED),
    )
    async def instructions(
        after: Annotated[int, Parameter(ge=0, le=MAX_SEQUENCE)] = 0,
        wait: Annotated[int, Parameter(ge=0, le=3_600, description="seconds to wait while there is nothing new")] = 0,
        limit: Annotated[int, Parameter(ge=1, le=1_000)] = 100,
    ) -> wire.InstructionsBody:
        """Gives what to do with content, in order. Once it is done, ask again after `next`."""
        if wait:
            await news.later_than(after, min(wait, settings.instructions_wait_s))
        found = await database.read("instructions", lambda c: stored.after(c, after, limit=limit))
        rows = [wire.InstructionBody(one.sequence, one.content, one.doing.value, one.because, one.at) for one in found]
        return wire.InstructionsBody(rows, rows[-1].sequence if rows else after)

    @get("/v1/status", guards=[key_guard(KeyRole.ADMIN, keys, settings)], responses=answers(*_DENIED))
    async def status() -> wire.StatusBody:
        """Says how every list stands."""
        return wire.StatusBody(takeback.__version__, await lists_now(database, lists))

    return Router("/", route_handlers=[instructions, status], response_headers={"cache-control": "no-store"})
