"""Uploads asked about: a file, fingerprints, many at once, and a stream of lines."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any

from litestar import MediaType, Request, Response, Router, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Parameter
from litestar.types import ASGIApp, Receive, Scope, Send

from takeback import log
from takeback.apps.agent.door import key_guard
from takeback.apps.agent.screening import IN_MEMORY_BYTES, Screening, received
from takeback.apps.problems import answers, in_our_tree
from takeback.errors import (
    InvalidInputError,
    NotAuthorisedError,
    TakebackError,
    TooLargeError,
    TooManyRequestsError,
    UnavailableError,
)
from takeback.model.agent_key import KeyRole
from takeback.model.hold import Surface
from takeback.participant.agent.answers import screened_body
from takeback.participant.agent.keys import Keys
from takeback.participant.agent.uploads import Upload
from takeback.platform_settings import PlatformSettings
from takeback.wire import screening as wire
from takeback.wire.json import decode, encode

#: Longest line of a stream, in bytes, and lines that are looked up together at most.
MAX_LINE_BYTES, LINES_AT_ONCE = 1 << 20, 512
NDJSON = "application/x-ndjson"
_DENIED = (InvalidInputError, NotAuthorisedError, TooLargeError, TooManyRequestsError, UnavailableError)


def screen_router(screening: Screening, keys: Keys, settings: PlatformSettings) -> Router:
    """Gives the routes; every one takes a key of role `screen`."""

    @post(
        "/v1/screen",
        status_code=200,
        request_max_body_size=settings.screen_body_limit_bytes,
        responses=answers(*_DENIED),
    )
    async def screen(
        request: Request[Any, Any, Any],
        surface: wire.Surfaces = "public",
        region: Annotated[str | None, Parameter(pattern="^[A-Z]{2}$")] = None,
        content: Annotated[str | None, Parameter(max_length=200)] = None,
        account: Annotated[str | None, Parameter(max_length=200)] = None,
    ) -> Response[bytes]:
        """Says what is known of one upload: a raw body, a multipart form with `file`, or JSON of fingerprints."""
        kind = request.content_type[0]
        if kind == MediaType.JSON:
            screening.lookups.take(request)
            item = decode(await request.body(), wire.ItemBody)
            (found,) = await screening.of_items([item], strong_only=False, field="body")
            return _json(screened_body(found, item.content))
        screening.files.take(request)
        given = Upload(Surface(surface), region, content or None, account or None)
        with screening.room():
            if kind == RequestEncodingType.MULTI_PART:
                file, given = await _form(request, given)
                try:
                    found = await screening.of_file(file.file, given)
                finally:
                    await file.close()
            else:
                with tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES) as spooled:
                    await received(request, spooled)
                    found = await screening.of_file(spooled, given)
        return _json(screened_body(found, given.content))

    @post("/v1/screen/batch", status_code=200, responses=answers(*_DENIED))
    async def batch(request: Request[Any, Any, Any]) -> Response[bytes]:
        """Says it of many uploads by their fingerprints."""
        body = decode(await request.body(), wire.BatchBody)
        if len(body.items) > settings.screen_batch_items:
            raise TooLargeError(
                field="items", problem="are too many.", remedy=f"Send {settings.screen_batch_items} at a time."
            )
        screening.lookups.take(request, len(body.items))
        found = await screening.of_items(body.items, strong_only=body.strong_only)
        return _json(
            wire.BatchAnswer([screened_body(one, item.content) for one, item in zip(found, body.items, strict=True)])
        )

    @post("/v1/screen/stream", status_code=200, request_max_body_size=None)
    async def stream(request: Request[Any, Any, Any]) -> ASGIApp:
        """Says it of one upload a line (NDJSON), a line each, as they come. A line that is wrong gets its problem."""
        return _streamed(_lines(request, screening))

    return Router(
        "/",
        route_handlers=[screen, batch, stream],
        guards=[key_guard(KeyRole.SCREEN, keys, settings)],
        response_headers={"cache-control": "no-store"},
        request_max_body_size=settings.screen_body_limit_bytes,
    )


async def _form(request: Request[Any, Any, Any], given: Upload) -> tuple[UploadFile, Upload]:
    form = await request.form()
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise InvalidInputError(
            field="file", problem="is missing.", remedy="Send the upload as the form's field `file`."
        )
    said = {name: form[name] for name in ("surface", "region", "content", "account") if name in form}
    item = decode(encode({"fingerprints": [], **said}), wire.ItemBody)
    return file, Upload(
        Surface(item.surface) if "surface" in said else given.surface,
        item.region or given.region,
        item.content or given.content,
        item.account or given.account,
    )


async def _lines(request: Request[Any, Any, Any], screening: Screening) -> AsyncIterator[bytes]:
    """Answers line by line; what has come in together is looked up together."""
    rest = b""
    async for part in request.stream():
        *lines, rest = (rest + part).split(b"\n")
        if len(rest) > MAX_LINE_BYTES:
            yield _problem(TooLargeError(field="line", problem="is too long.", remedy="Send fewer fingerprints."))
            return
        for at in range(0, len(lines), LINES_AT_ONCE):
            yield await _some(request, lines[at : at + LINES_AT_ONCE], screening)
    if rest.strip():
        yield await _some(request, [rest], screening)


def _streamed(parts: AsyncIterator[bytes]) -> ASGIApp:
    """Answers part by part while the body still comes in: the framework's own stream would read from it, too."""

    async def app(_: Scope, __: Receive, send: Send) -> None:
        headers = [(b"content-type", NDJSON.encode()), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        async for part in parts:
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    return app


async def _some(request: Request[Any, Any, Any], lines: Sequence[bytes], screening: Screening) -> bytes:
    read: list[wire.ItemBody | bytes] = []
    for line in lines:
        if not line.strip():
            continue
        try:
            item = decode(line, wire.ItemBody)
            wire.prints_of(item, "line")
            screening.lookups.take(request)
        except TakebackError as error:
            read.append(_problem(error))
        else:
            read.append(item)
    items = [one for one in read if isinstance(one, wire.ItemBody)]
    try:
        found = iter(await screening.of_items(items, strong_only=False, field="line"))
    except Exception as error:  # noqa: BLE001 - the answer has begun: what goes wrong is a line of it
        known = in_our_tree(error)
        if known is None:
            log.logger().error("unexpected", where=log.failure(error))
        problem = _problem(known or UnavailableError("Something is wrong on our side. Nothing was kept."))
        return b"".join(problem if isinstance(one, wire.ItemBody) else one for one in read)
    return b"".join(
        one if isinstance(one, bytes) else encode(screened_body(next(found), one.content)) + b"\n" for one in read
    )


def _problem(error: TakebackError) -> bytes:
    return encode({"code": error.code, "detail": str(error)}) + b"\n"


def _json(body: wire.ScreenedBody | wire.BatchAnswer) -> Response[bytes]:
    return Response(encode(body), media_type=MediaType.JSON)
