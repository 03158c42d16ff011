"""The participants' zone for small platforms that hold no list: a PDQ value is asked about, and nothing else.

Pictures and addresses of pictures are refused: no byte of a picture is read here.
"""

from __future__ import annotations

from typing import Any

from litestar import MediaType, Request, Response, Router, post
from litestar.background_tasks import BackgroundTask
from litestar.di import Provide

from takeback.apps.admission import EXCHANGE, ZONE
from takeback.apps.dependencies import TheLookup, TheLookupHits, TheSettings
from takeback.apps.hash_sharing import password_guard
from takeback.apps.installed import TheClock, TheDatabase
from takeback.apps.limits import participant_limit
from takeback.apps.noted import noted
from takeback.clearinghouse.hits import Brake, add_hits
from takeback.clearinghouse.keys import password_key
from takeback.clearinghouse.lookup import near_for
from takeback.clearinghouse.lookup_hits import LookupHits
from takeback.clock import Clock, today
from takeback.errors import InvalidInputError, NotAuthorisedError
from takeback.fingerprints.types import FingerprintType
from takeback.settings import Settings
from takeback.storage.database import Database
from takeback.wire import arachnid as wire

#: Where clients find it: their base address is this below `public_url`, with a slash behind it.
BASE = "/arachnid"


@post("/v1/pdq", status_code=200)
async def pdq(
    request: Request[Any, Any, Any],
    database: TheDatabase,
    clock: TheClock,
    lookup: TheLookup,
    lookup_hits: TheLookupHits,
    settings: TheSettings,
) -> Response[bytes]:
    """Says of each value whether a listed picture is near, as of now. Finds are counted; no value is kept."""
    participant = request.state.participant
    if FingerprintType.PDQ not in participant.types:
        raise NotAuthorisedError("Your agreement does not cover PDQ values. Ask the clearinghouse.")
    asked = wire.question(await request.body(), limit=settings.lookup_values)
    nears = await near_for(lookup, participant, list(asked.values()))
    found = {
        text: None if near is None else wire.Match(near.distance, near.action.value, near.is_test)
        for text, near in zip(asked, nears, strict=True)
    }
    answer = Response(wire.answer_bytes(found), media_type=MediaType.JSON)
    numbers = [near.number for near in nears if near is not None and not near.is_test]
    if due := lookup_hits.count(participant.id, numbers, today(clock)):
        brake = Brake(settings.brake_hits_a_day, settings.brake_participants)
        answer.background = BackgroundTask(add_hits, database, clock, participant, due, brake)
    return answer


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
    counted = LookupHits()
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
        dependencies={"lookup_hits": Provide(lambda: counted, sync_to_thread=False)},
        opt={ZONE: EXCHANGE},
        exception_handlers=noted(database, clock),
    )
