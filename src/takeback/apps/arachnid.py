"""The participants' zone for small platforms that hold no list: a PDQ value is asked about, and nothing else.

Pictures and addresses of pictures are refused: no byte of a picture is read here.
"""

from __future__ import annotations

from typing import Any

from litestar import MediaType, Request, Response, Router, post

from takeback.apps.admission import EXCHANGE, ZONE
from takeback.apps.dependencies import TheLookup, TheSettings
from takeback.apps.hash_sharing import password_guard
from takeback.apps.limits import participant_limit
from takeback.apps.noted import noted
from takeback.clearinghouse.keys import password_key
from takeback.clearinghouse.lookup import near_for
from takeback.clock import Clock
from takeback.errors import InvalidInputError, NotAuthorisedError
from takeback.fingerprints.types import FingerprintType
from takeback.settings import Settings
from takeback.storage.database import Database
from takeback.wire import arachnid as wire

#: Where clients find it: their base address is this below `public_url`, with a slash behind it.
BASE = "/arachnid"


@post("/v1/pdq", status_code=200)
async def pdq(request: Request[Any, Any, Any], lookup: TheLookup, settings: TheSettings) -> Response[bytes]:
    """Says of each value whether a listed picture is near, as of now."""
    if FingerprintType.PDQ not in request.state.participant.types:
        raise NotAuthorisedError("Your agreement does not cover PDQ values. Ask the clearinghouse.")
    asked = wire.question(await request.body(), limit=settings.lookup_values)
    nears = await near_for(lookup, request.state.participant, list(asked.values()))
    found = {
        text: None if near is None else wire.Match(near.distance, near.action.value, near.is_test)
        for text, near in zip(asked, nears, strict=True)
    }
    return Response(wire.answer_bytes(found), media_type=MediaType.JSON)


@post(["/v1/media", "/v1/url"], status_code=200)
async def media() -> None:
    """Refuses a picture, or the address of one, without looking at it."""
    raise InvalidInputError(
        field="body",
        problem="No picture and no address of one is taken here.",
        remedy="Fingerprint it on your side and ask v1/pdq/ about its PDQ value.",
    )


def arachnid_router(settings: Settings, database: Database, clock: Clock) -> Router:
    """Gives the zone."""
    return Router(
        BASE,
        route_handlers=[pdq, media],
        guards=[
            password_guard(database, clock, password_key(settings.data_path)),
            participant_limit(settings.lookups_a_minute, clock),
        ],
        response_headers={"cache-control": "no-store"},
        request_max_body_size=settings.feedback_body_limit_bytes,
        include_in_schema=False,
        opt={ZONE: EXCHANGE},
        exception_handlers=noted(database, clock),
    )
