"""The participants' zone for software that speaks StopNCII's dialect, behind two header keys.

Default deny: every route is behind the guard. What the wire looks like, and what it cannot do, is spec/stopncii.md.
"""

from __future__ import annotations

from typing import Annotated, Any

from litestar import MediaType, Request, Response, Router, get, post
from litestar.handlers import BaseRouteHandler
from litestar.params import Parameter

from takeback.apps.admission import EXCHANGE, ZONE
from takeback.apps.dependencies import TheLookup, TheSettings
from takeback.apps.hash_sharing import Connection, Guard
from takeback.apps.installed import TheClock, TheDatabase
from takeback.apps.limits import participant_limit
from takeback.apps.noted import noted
from takeback.clearinghouse.by_time import Range
from takeback.clearinghouse.by_value import FIRST_START, Said, hear, must_be_on_the_list, records_of, records_since
from takeback.clearinghouse.header_keys import HeaderKeys, with_header_keys
from takeback.clearinghouse.keys import password_key
from takeback.clearinghouse.lookup import LookupIndex
from takeback.clock import Clock
from takeback.fingerprints.types import Fingerprint
from takeback.model.change import MAX_SEQUENCE
from takeback.model.feedback import Verdict
from takeback.settings import Settings
from takeback.storage.database import Database
from takeback.wire import stopncii as wire

#: Where clients find it: their base address is this below `public_url`.
BASE = "/stopncii/v1"
#: Records on a page when the client does not say, as the common client asks.
PAGE_SIZE = 800
_Start = Annotated[int, Parameter(ge=0, le=MAX_SEQUENCE)]
_Size = Annotated[int, Parameter(ge=1)]
_Token = Annotated[str, Parameter(max_length=100)]


@get("/FetchHashes")
async def fetch_hashes(
    request: Request[Any, Any, Any],
    database: TheDatabase,
    clock: TheClock,
    settings: TheSettings,
    lookup: TheLookup,
    startTimestamp: _Start = FIRST_START,  # noqa: N803 - theirs, and errors name it
    pageSize: _Size = PAGE_SIZE,  # noqa: N803
    nextPageToken: _Token = "",  # noqa: N803
) -> Response[bytes]:
    """Gives what has changed since a time, or the next page of it."""
    participant = request.state.participant
    if nextPageToken:
        asked = Range.of(nextPageToken, field="nextPageToken")
    else:
        asked = await records_since(database, clock, participant, startTimestamp)
    limit = min(pageSize, settings.hash_sharing_page_entries)
    page = await records_of(database, lookup, participant, asked, start=startTimestamp, limit=limit)
    rows = [wire.Row(one.case, one.value, one.state, one.at) for one in page.records]
    next_ = None if page.rest is None else page.rest.token
    return _json(wire.page_bytes(rows, come_back_at=page.come_back_at, next_=next_))


@post("/SubmitHashes", status_code=200)
async def submit_hashes(
    request: Request[Any, Any, Any], database: TheDatabase, clock: TheClock, lookup: TheLookup
) -> Response[bytes]:
    """Takes what is said about values that are on the list, all of it or nothing."""
    given = wire.submitted(await request.body())
    await must_be_on_the_list(lookup, request.state.participant, [value for value, _ in given])
    return await _heard(request, database, clock, lookup, given)


@post("/SubmitFeedback", status_code=200)
async def submit_feedback(
    request: Request[Any, Any, Any], database: TheDatabase, clock: TheClock, lookup: TheLookup
) -> Response[bytes]:
    """Takes what is said about values; those that are not on the list are counted."""
    return await _heard(request, database, clock, lookup, wire.feedbacks(await request.body()))


def stopncii_router(settings: Settings, database: Database, clock: Clock) -> Router:
    """Gives the zone."""
    return Router(
        BASE,
        route_handlers=[fetch_hashes, submit_hashes, submit_feedback],
        guards=[
            header_key_guard(database, clock, password_key(settings.data_path)),
            participant_limit(settings.participant_requests_a_minute, clock),
        ],
        response_headers={"cache-control": "no-store"},
        request_max_body_size=settings.feedback_body_limit_bytes,
        include_in_schema=False,
        opt={ZONE: EXCHANGE},
        exception_handlers=noted(database, clock),
    )


def header_key_guard(database: Database, clock: Clock, key: bytes) -> Guard:
    """Gives the guard that finds out which participant asks, and lets nobody else through."""

    async def guard(connection: Connection, _: BaseRouteHandler) -> None:
        sent = connection.headers
        given = HeaderKeys(sent.get("x-functions-key", ""), sent.get("ocp-apim-subscription-key", ""))
        connection.state.claimed = given.participant
        connection.state.participant = await with_header_keys(database, clock, given, key)

    return guard


async def _heard(
    request: Request[Any, Any, Any],
    database: Database,
    clock: Clock,
    lookup: LookupIndex,
    given: tuple[tuple[Fingerprint, Verdict | None], ...],
) -> Response[bytes]:
    said = [Said(value, verdict) for value, verdict in given]
    heard = await hear(database, clock, lookup, request.state.participant, said)
    return _json(wire.answer_bytes(taken=heard.taken, undecided=heard.undecided, unknown=heard.unknown))


def _json(body: bytes) -> Response[bytes]:
    return Response(body, media_type=MediaType.JSON)
