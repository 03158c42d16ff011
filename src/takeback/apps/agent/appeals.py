"""What the platform tells of its uploaders: that one asks for another look at what was decided."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from litestar import Router, post

from takeback.apps.agent.door import key_guard
from takeback.apps.problems import answers
from takeback.clock import Clock
from takeback.errors import ConflictError, InvalidInputError, NotAuthorisedError, NotFoundError
from takeback.model.agent_key import KeyRole
from takeback.participant.agent.keys import Keys
from takeback.participant.desk.appealing import file_appeal
from takeback.platform_settings import PlatformSettings
from takeback.storage.database import Database
from takeback.wire.json import Answer, Request
from takeback.wire.screening import OwnId


class AppealBody(Request, frozen=True):
    """An appeal. There is no free text: what matters is looked at anew, by somebody else."""

    content: OwnId
    reason: Literal["not-intimate", "i-am-shown", "other-picture", "public-interest"]


class FiledBody(Answer, frozen=True):
    """An appeal that waits. Asked for again, it is the same one. Its outcome comes as an instruction, or not at all."""

    appeal: str
    state: str
    filed_at: datetime


def appeals_router(settings: PlatformSettings, database: Database, clock: Clock, keys: Keys) -> Router:
    """Gives the route, behind a key of the role that reads instructions."""

    @post(
        "/v1/appeals",
        guards=[key_guard(KeyRole.INSTRUCTIONS, keys, settings)],
        status_code=201,
        request_max_body_size=settings.staff_body_limit_bytes,
        responses=answers(InvalidInputError, NotAuthorisedError, NotFoundError, ConflictError),
    )
    async def appeal(data: AppealBody) -> FiledBody:
        """Keeps an appeal of whoever uploaded this content, for another reviewer than the first."""
        filed = await file_appeal(database, clock, data.content, data.reason)
        return FiledBody(filed.id, filed.state.value, filed.filed_at)

    return Router("/", route_handlers=[appeal], response_headers={"cache-control": "no-store"})
