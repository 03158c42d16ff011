"""The participants' zone: the change feed and feedback. Default deny: every route is behind a signature."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from litestar import Request, Response, Router, get, post
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import Parameter

from takeback.apps.admission import EXCHANGE, ZONE, place_of
from takeback.apps.dependencies import TheListFiles, TheListKey, TheLog, TheNews, TheSettings, TheStretches
from takeback.apps.encoding import encoded
from takeback.apps.installed import TheClock, TheDatabase
from takeback.apps.limits import participant_limit
from takeback.apps.noted import noted
from takeback.apps.problems import answers
from takeback.apps.snapshots import snapshot
from takeback.clearinghouse import participants
from takeback.clearinghouse.credentials import give_key, must_be_in
from takeback.clearinghouse.feed import page_bytes_for
from takeback.clearinghouse.hits import Brake, take_hits
from takeback.clearinghouse.public_log import state_salt
from takeback.clearinghouse.trust import take_feedback
from takeback.clock import Clock
from takeback.errors import (
    ConflictError,
    InvalidInputError,
    NotAuthorisedError,
    NotFoundError,
    SuspendedError,
    TooLargeError,
    TooManyRequestsError,
    UnavailableError,
)
from takeback.model.participant import Participant, ParticipantState
from takeback.settings import Settings
from takeback.storage.database import Database
from takeback.storage.nonces import SpentNonces
from takeback.wire import agreement, keys, list_files, signed
from takeback.wire import changes as wire
from takeback.wire.request_signature import Signed, key_id_of, verify_request

#: What an OpenAPI reader is told; the profile itself is spec/list-format.md.
SECURITY = "http-message-signature"
Connection = ASGIConnection[Any, Any, Any, Any]
Guard = Callable[[Connection, BaseRouteHandler], Awaitable[None]]
_DENIED = (InvalidInputError, NotAuthorisedError, SuspendedError, TooManyRequestsError, UnavailableError)
_After = Annotated[str, Parameter(description="`0`, or the `next` of the last page", max_length=20)]
_Key = Annotated[str, Parameter(description="X25519, 64 hexadecimal digits; a fresh one each time", max_length=64)]
_Wait = Annotated[int, Parameter(ge=0, le=3_600, description="seconds to wait while there is nothing new, at most")]
_Limit = Annotated[
    int | None, Parameter(ge=1, le=wire.MAX_PAGE_CHANGES, description="changes on a page; the server has a default")
]


@get(
    "/v1/changes",
    responses={200: ResponseSpec(wire.PageBody, description="A page", generate_examples=False), **answers(*_DENIED)},
    response_headers={signed.HEADER: "Ed25519 over the body, see spec/list-format.md"},
)
async def changes(
    request: Request[Any, Any, Any],
    database: TheDatabase,
    clock: TheClock,
    settings: TheSettings,
    list_key: TheListKey,
    news: TheNews,
    stretches: TheStretches,
    log: TheLog,
    after: _After = "0",
    limit: _Limit = None,
    wait: _Wait = 0,
) -> Response[bytes]:
    """Gives a signed page of what has changed since a cursor, or waits until something has."""
    cursor = wire.cursor(after, field="after")
    if wait and request.state.participant.state is ParticipantState.ACTIVE:  # test entries wait for nobody
        with place_of(request.scope).given_back():
            await news.later_than(cursor, min(wait, settings.changes_wait_s))
    body = await page_bytes_for(
        database,
        clock,
        request.state.participant,
        stretches,
        list_id=settings.list_id,
        after=cursor,
        limit=limit or settings.page_changes,
        salt_of=partial(state_salt, log),
    )
    signature = signed.sign(body, list_key)
    body, headers = encoded(body, request.headers.get("accept-encoding", ""))
    return Response(body, media_type="application/json", headers={**headers, signed.HEADER: signature})


@get(
    "/v1/files",
    responses={
        200: ResponseSpec(list_files.DirectoryBody, description="A directory", generate_examples=False),
        **answers(*_DENIED, NotFoundError),
    },
    response_headers={signed.HEADER: "Ed25519 over the body, see spec/list-format.md"},
)
async def directory(
    request: Request[Any, Any, Any],
    database: TheDatabase,
    clock: TheClock,
    list_key: TheListKey,
    files: TheListFiles,
    key: _Key,
    after: _After = "0",
) -> Response[bytes]:
    """Gives where files of the feed behind a cursor lie, and their keys, sealed to a key of the reader's."""
    sealed_to = list_files.public_key(key, field="key")
    cursor = wire.cursor(after, field="after")
    found = await files.directory(database, clock, request.state.participant, cursor)
    body = list_files.directory_bytes(found, sealed_to)
    return Response(body, media_type="application/json", headers={signed.HEADER: signed.sign(body, list_key)})


@post("/v1/feedback", status_code=200, responses=answers(*_DENIED, TooLargeError))
async def feedback(
    request: Request[Any, Any, Any], data: wire.FeedbackListBody, database: TheDatabase, clock: TheClock
) -> wire.FeedbackTakenBody:
    """Takes verdicts of people who have looked; each replaces this participant's earlier one."""
    taken = await take_feedback(database, clock, request.state.participant, wire.verdicts(data))
    return wire.FeedbackTakenBody(taken.taken, taken.unknown)


@post("/v1/hits", status_code=200, responses=answers(*_DENIED, TooLargeError))
async def hits(
    request: Request[Any, Any, Any],
    data: wire.HitsListBody,
    database: TheDatabase,
    clock: TheClock,
    settings: TheSettings,
) -> wire.FeedbackTakenBody:
    """Takes how often entries were found on a day; each count replaces this participant's earlier one."""
    brake = Brake(settings.brake_hits_a_day, settings.brake_participants)
    taken = await take_hits(database, clock, request.state.participant, wire.hits(data), brake)
    return wire.FeedbackTakenBody(taken.taken, taken.unknown)


@post("/v1/key", status_code=200, responses=answers(*_DENIED, TooLargeError, ConflictError))
async def key(
    request: Request[Any, Any, Any], data: keys.KeyBody, database: TheDatabase, clock: TheClock
) -> keys.KeyTakenBody:
    """Takes a participant's new key. The one that signed this stays valid beside it, for as long as is asked for."""
    participant = request.state.participant
    if request.state.signed_with != participant.public_key:
        raise NotAuthorisedError("This key is ending. Sign with the newest one.")
    public_key, overlap = keys.new_key(data, participant.id)
    new = await give_key(database, clock, participant.id, public_key=public_key, overlap=overlap, by=participant.id)
    return keys.KeyTakenBody(new.old_ends_at)


async def agree(
    request: Request[Any, Any, Any],
    data: agreement.AcceptBody,
    database: TheDatabase,
    clock: TheClock,
    settings: TheSettings,
) -> agreement.AgreedBody:
    """Keeps that a participant accepts the agreement as it is now; sending the same again is safe."""
    id_ = request.state.participant.id
    agreed = await participants.agreed_to(database, clock, settings, id_, data.version, by=id_)
    return agreement.AgreedBody(agreed.version, agreed.agreed_on)


def exchange_handlers(
    settings: Settings, database: Database, clock: Clock, nonces: SpentNonces
) -> list[Router | HTTPRouteHandler]:
    """Gives the zone."""
    behind_a_signature: dict[str, Any] = {
        "guards": [
            signature_guard(database, clock, nonces),
            participant_limit(settings.participant_requests_a_minute, clock),
        ],
        "response_headers": {"cache-control": "no-store"},
        "request_max_body_size": settings.feedback_body_limit_bytes,
        "security": [{SECURITY: []}],
        "opt": {ZONE: EXCHANGE},
        "exception_handlers": noted(database, clock),
    }
    # Not in the router: anybody may GET the same address, and a router wants an address to itself.
    agrees = post(
        "/v1/agreement",
        status_code=200,
        responses=answers(*_DENIED, TooLargeError, ConflictError),
        **behind_a_signature,
    )
    return [
        Router("/", route_handlers=[changes, directory, snapshot, feedback, hits, key], **behind_a_signature),
        agrees(agree),
    ]


def signature_guard(database: Database, clock: Clock, nonces: SpentNonces) -> Guard:
    """Gives the guard that finds out which participant asks, and lets nobody else through."""

    async def guard(connection: Connection, _: BaseRouteHandler) -> None:
        # 1. Who says that they ask? The key id is only a name until the signature holds.
        body = await connection.body() if isinstance(connection, Request) else b""
        claimed = key_id_of(connection.headers.get("signature-input", ""))
        named = None if claimed is None else await participants.find(database, claimed)
        connection.state.claimed = None if named is None else named.id
        # 2. The signature covers method, path, query and body, is fresh, and is by a key that is valid now.
        verified, signed_with = _verified(connection, body, named, clock)
        # 3. It was not used before.
        nonces.spend(verified.key_id, verified.nonce, clock.now())
        # 4. The operator lets this participant in.
        if named is None:
            raise NotAuthorisedError("The request is not signed by a participant.")
        must_be_in(named)
        connection.state.participant, connection.state.signed_with = named, signed_with

    return guard


def _verified(connection: Connection, body: bytes, named: Participant | None, clock: Clock) -> tuple[Signed, bytes]:
    """Gives what was signed, and by which of the participant's keys."""
    query = connection.scope.get("query_string", b"").decode("latin-1")
    path = connection.scope.get("raw_path", b"").decode("latin-1").split("?")[0]

    def verify(key: bytes) -> Signed:
        def key_of(key_id: str) -> Ed25519PublicKey | None:
            if named is None or named.id != key_id or not key:
                return None
            return Ed25519PublicKey.from_public_bytes(key)

        return verify_request(
            method=connection.method if isinstance(connection, Request) else "",
            url=f"http://exchange{path}{'?' if query else ''}{query}",
            headers=list(connection.headers.items()),
            body=body,
            find_key=key_of,
            now=clock.now(),
        )

    newest, *older = (named.keys(clock.now()) if named else ()) or (b"",)
    try:
        return verify(newest), newest
    except NotAuthorisedError:
        for key in older:
            return verify(key), key
        raise
