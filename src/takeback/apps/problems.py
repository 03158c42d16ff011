"""Errors over HTTP: problem documents (RFC 9457) from the one table in `errors.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response
from litestar.exceptions import (
    ClientException,
    HTTPException,
    InternalServerException,
    MethodNotAllowedException,
    NotFoundException,
    ValidationException,
)
from litestar.openapi.datastructures import ResponseSpec
from litestar.status_codes import HTTP_413_REQUEST_ENTITY_TOO_LARGE

from takeback import log
from takeback.errors import (
    EDGES,
    InvalidInputError,
    MethodNotAllowedError,
    NotFoundError,
    ProofNeededError,
    TakebackError,
    TooLargeError,
    TooManyRequestsError,
    UnavailableError,
)
from takeback.wire.json import Answer, not_json, wrong_field

MEDIA_TYPE = "application/problem+json"
#: What `Retry-After` asks for, in seconds, of whoever was not served.
RETRY_AFTER_S = 5
#: What the framework says when a connection ends before a body does: nobody hears the answer, and it is no bug.
_GONE = "client disconnected prematurely"


class Problem(Answer, frozen=True, kw_only=True):
    """A problem document. `code` is stable; `field` names what was wrong, where one field was.

    `challenge` is what a proof of work is asked for (spec/intake.md).
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    field: str | None = None
    challenge: dict[str, Any] | None = None


def answers(*errors: type[TakebackError]) -> dict[int, ResponseSpec]:
    """Gives the OpenAPI answers for the errors that a route can end in."""
    by_status: dict[int, list[str]] = {}
    for error in errors:
        edge = EDGES[error.code]
        by_status.setdefault(edge.status, []).append(edge.title)
    return {
        status: ResponseSpec(
            data_container=Problem, description="; ".join(titles), media_type=MEDIA_TYPE, generate_examples=False
        )
        for status, titles in by_status.items()
    }


def handle(_: Request[Any, Any, Any], error: Exception) -> Response[Problem]:
    """Turns any error into its problem document. What is outside the tree is a bug and says nothing of itself."""
    known = in_our_tree(error)
    if known is None:
        log.logger().error("unexpected", where=log.failure(error))
        return _response(
            Problem(
                type="about:blank",
                title="Something is wrong on our side",
                status=500,
                detail="Nothing of the request was kept. Try again later.",
                code="unexpected",
            )
        )
    edge = EDGES[known.code]
    field = known.field if isinstance(known, InvalidInputError) else None
    return _response(
        Problem(
            type=f"/errors#{known.code}",
            title=edge.title,
            status=edge.status,
            detail=str(known),
            code=known.code,
            field=field,
            challenge=dict(known.challenge) if isinstance(known, ProofNeededError) else None,
        ),
        {"retry-after": str(known.retry_after_s)} if isinstance(known, TooManyRequestsError) else {},
    )


HANDLERS: Mapping[Any, Any] = {Exception: handle, HTTPException: handle}


def _response(problem: Problem, headers: Mapping[str, str] | None = None) -> Response[Problem]:
    all_ = {"cache-control": "no-store", **(headers or {})}
    if problem.code == UnavailableError.code:
        all_["retry-after"] = str(RETRY_AFTER_S)
    return Response(problem, status_code=problem.status, media_type=MEDIA_TYPE, headers=all_)


def in_our_tree(error: Exception) -> TakebackError | None:
    """Gives the error, or what one of the framework's own is in our tree; None for a bug."""
    return error if isinstance(error, TakebackError) else _of_the_framework(error)


def _of_the_framework(error: Exception) -> TakebackError | None:
    if isinstance(error, ValidationException) and error.extra:
        first: Any = error.extra[0] if isinstance(error.extra, list) else {}
        field = str(first.get("key") or "body")
        return wrong_field("body" if field == "data" else field, str(first.get("message", "")))
    if isinstance(error, NotFoundException):
        return NotFoundError("There is nothing at this address. openapi.json lists what there is.")
    if isinstance(error, MethodNotAllowedException):
        return MethodNotAllowedError("This address does not take that method. openapi.json says which it takes.")
    if isinstance(error, HTTPException) and error.status_code == HTTP_413_REQUEST_ENTITY_TOO_LARGE:
        return TooLargeError(field="body", problem="is over the limit.", remedy="Send less at a time.")
    # Nothing of ours recurses or reads text but the decoder of bodies: one nested without end, or not in UTF-8.
    if isinstance(error, ClientException | RecursionError | UnicodeDecodeError):
        return not_json()
    gone = isinstance(error, InternalServerException) and error.detail == _GONE
    return InvalidInputError(field="body", problem="did not come whole.", remedy="Send it again.") if gone else None
