"""What the platform tells of held content: accounts, addresses, times. It goes in here and never comes out."""

from __future__ import annotations

from io import BytesIO
from typing import Annotated, Any

from litestar import Request, Router, post
from litestar.params import Parameter

from takeback.apps.agent.door import key_guard
from takeback.apps.problems import answers
from takeback.errors import InvalidInputError, NotAuthorisedError, NotFoundError, TooLargeError, UnavailableError
from takeback.model.agent_key import KeyRole
from takeback.model.evidence import EvidenceKind
from takeback.participant.agent.keys import Keys
from takeback.participant.reports.evidence import EvidenceStore
from takeback.platform_settings import PlatformSettings
from takeback.wire import facts as wire


def evidence_router(store: EvidenceStore, keys: Keys, settings: PlatformSettings) -> Router:
    """Gives the one route; it takes a key of role `screen`, which those have who know the uploads."""

    @post(
        "/v1/evidence/{hold:str}/facts",
        status_code=201,
        guards=[key_guard(KeyRole.SCREEN, keys, settings)],
        request_max_body_size=settings.facts_body_limit_bytes,
        responses=answers(InvalidInputError, NotAuthorisedError, NotFoundError, TooLargeError, UnavailableError),
    )
    async def facts(request: Request[Any, Any, Any], hold: Annotated[str, Parameter(max_length=32)]) -> wire.KeptBody:
        """Seals what is known of the content of a hold (docs/reports.md). What is sent again is kept beside it."""
        text = wire.facts_bytes(wire.facts(await request.body()))
        key = str(request.state.key.id)
        return wire.KeptBody((await store.keep(hold, EvidenceKind.FACTS, BytesIO(text), by=key)).id)

    return Router("/", route_handlers=[facts], response_headers={"cache-control": "no-store"})
