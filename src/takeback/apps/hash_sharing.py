"""The participants' zone for software that platforms already run: NCMEC's dialect, behind a password.

Default deny: every route is behind the guard. What the wire looks like is spec/hash-sharing.md.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from litestar import Request, Response, Router, get, put
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.params import Parameter

from takeback.apps.admission import EXCHANGE, ZONE
from takeback.apps.dependencies import TheSettings
from takeback.apps.installed import TheClock, TheDatabase
from takeback.apps.limits import participant_limit
from takeback.apps.noted import noted
from takeback.clearinghouse.by_time import Range, TimedChange, channel_of, page_of, range_of
from takeback.clearinghouse.credentials import with_password
from takeback.clearinghouse.keys import password_key
from takeback.clearinghouse.trust import take_feedback
from takeback.clock import Clock
from takeback.errors import NotAuthorisedError, NotFoundError
from takeback.model.channel import Channel
from takeback.model.entry import Kind
from takeback.model.feedback import ActionTaken, Feedback
from takeback.model.participant import ParticipantState
from takeback.settings import Settings
from takeback.storage.database import Database
from takeback.wire import ncmec as wire

#: Where clients find it: their base address is this below `public_url`.
BASE = "/hashsharing"
Connection = ASGIConnection[Any, Any, Any, Any]
Guard = Callable[[Connection, BaseRouteHandler], Awaitable[None]]
_NOT_THERE = "There is no such entry on your list."
_From = Annotated[str, Parameter(query="from", max_length=40)]
_Time = Annotated[str, Parameter(max_length=40)]
_Cursor = Annotated[str, Parameter(max_length=80, description="the `next` of the last page")]


@get("/v2/status")
async def status(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Says who asks."""
    return _xml(wire.status_bytes(request.state.participant.id, request.state.participant.name))


@get("/v2/members")
async def members(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Gives the channels through which entries come."""
    sandbox = request.state.participant.state is ParticipantState.SANDBOX
    return _xml(wire.members_bytes([wire.MEMBERS[Channel.TEST]] if sandbox else wire.MEMBERS.values()))


@get("/v2/entries")
async def entries(
    request: Request[Any, Any, Any],
    database: TheDatabase,
    clock: TheClock,
    settings: TheSettings,
    from_: _From = "1970-01-01T00:00:00Z",
    to: _Time | None = None,
    cursor: _Cursor | None = None,
) -> Response[bytes]:
    """Gives what has changed in a range of time, or the next page of one."""
    participant = request.state.participant
    if cursor is not None:
        asked = Range.of(cursor, field="cursor")
    else:
        until = int(clock.now().timestamp()) if to is None else wire.time(to, field="to")
        asked = await range_of(database, clock, participant, wire.time(from_, field="from"), until)
    at, limit = asked.to - 1, settings.hash_sharing_page_entries  # the range is open at its end

    def row(one: TimedChange) -> tuple[Kind, bytes]:
        return wire.row_bytes(wire.Row(one.name, one.kind, one.fingerprints, one.channel), at=at)

    page = await page_of(database, participant, asked, row, limit=limit, first=cursor is None)
    next_ = None if page.rest is None else f"/v2/entries?cursor={page.rest.token}"
    return _xml(wire.page_bytes(page.changes, at=at, next_=next_))


@get("/v2/feedback/{type_:str}/reasons")
async def reasons(type_: str) -> Response[bytes]:
    """Gives the reasons for a vote against."""
    return _xml(wire.reasons_bytes(_voted(type_)))


@put("/v2/entries/{member:int}/{entry:str}/{type_:str}/feedback", status_code=200)
async def vote(
    request: Request[Any, Any, Any], database: TheDatabase, clock: TheClock, member: int, entry: str, type_: str
) -> Response[bytes]:
    """Takes a verdict, in place of this participant's earlier one. What it did with its copy is not said here."""
    _voted(type_)
    verdict = wire.vote(await request.body())
    said = Feedback(entry, verdict, ActionTaken.KEPT)
    channel = await channel_of(database, request.state.participant, entry)
    if channel is None or member != wire.MEMBERS[channel][0]:
        raise NotFoundError(_NOT_THERE)
    if (await take_feedback(database, clock, request.state.participant, (said,))).unknown:
        raise NotFoundError(_NOT_THERE)
    return _xml(wire.taken_bytes())


def hash_sharing_router(settings: Settings, database: Database, clock: Clock) -> Router:
    """Gives the zone."""
    return Router(
        BASE,
        route_handlers=[status, members, entries, reasons, vote],
        guards=[
            password_guard(database, clock, password_key(settings.data_path)),
            participant_limit(settings.participant_requests_a_minute, clock),
        ],
        response_headers={"cache-control": "no-store"},
        request_max_body_size=settings.feedback_body_limit_bytes,
        include_in_schema=False,
        opt={ZONE: EXCHANGE},
        exception_handlers=noted(database, clock),
    )


def password_guard(database: Database, clock: Clock, key: bytes) -> Guard:
    """Gives the guard that finds out which participant asks, and lets nobody else through."""

    async def guard(connection: Connection, _: BaseRouteHandler) -> None:
        user, password = _basic(connection.headers.get("authorization", ""))
        connection.state.claimed = user
        connection.state.participant = await with_password(database, user, password, key, clock=clock)

    return guard


def _basic(header: str) -> tuple[str, str]:
    """Reads HTTP Basic (RFC 7617)."""
    scheme, _, coded = header.partition(" ")
    try:
        user, colon, password = base64.b64decode(coded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        colon = ""
    if scheme.lower() != "basic" or not colon:
        raise NotAuthorisedError("Send your user and password by HTTP Basic.")
    return user, password


def _voted(type_: str) -> str:
    if type_ not in wire.VOTED_TYPES:
        raise NotFoundError(f"Votes are about {' and '.join(wire.VOTED_TYPES)}.")
    return type_


def _xml(body: bytes) -> Response[bytes]:
    return Response(body, media_type=wire.MEDIA_TYPE)
