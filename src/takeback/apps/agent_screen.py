"""Uploads asked about: a file, fingerprints, many at once, a stream of lines, and pict-rs's own hook."""

from __future__ import annotations

import asyncio
import secrets
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Annotated, Any, BinaryIO, TypeVar

from litestar import MediaType, Request, Response, Router, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Parameter
from litestar.types import ASGIApp, Receive, Scope, Send

from takeback import log, metrics
from takeback.apps.agent_door import Rate, key_guard
from takeback.apps.problems import answers, in_our_tree
from takeback.clock import Clock
from takeback.errors import (
    InvalidInputError,
    NotAuthorisedError,
    TakebackError,
    TooLargeError,
    TooManyRequestsError,
    UnavailableError,
)
from takeback.model.agent_key import KeyRole
from takeback.model.hold import Content, Surface
from takeback.participant.agent_keys import Keys
from takeback.participant.answers import screened_body
from takeback.participant.brakes import Brakes
from takeback.participant.held_copies import keep_copy
from takeback.participant.holding import Listed, findings_of
from takeback.participant.policies import Do
from takeback.participant.uploads import Screened, Upload, Uploads, hold_what_is_ruled
from takeback.platform_settings import PlatformSettings
from takeback.storage.database import Database
from takeback.wire import screening as wire
from takeback.wire.json import decode, encode

T = TypeVar("T")
#: Bytes of an upload that are kept in memory; larger ones lie in a file without a name meanwhile.
IN_MEMORY_BYTES = 8 * 1024 * 1024
#: Longest line of a stream, in bytes, and lines that are looked up together at most.
MAX_LINE_BYTES, LINES_AT_ONCE = 1 << 20, 512
NDJSON = "application/x-ndjson"
_DENIED = (InvalidInputError, NotAuthorisedError, TooLargeError, TooManyRequestsError, UnavailableError)


class Screening:
    """What the routes share: threads in which lists are asked, and room for so many files."""

    def __init__(
        self, uploads: Uploads, database: Database, clock: Clock, settings: PlatformSettings, threads: int
    ) -> None:
        self.uploads, self.settings = uploads, settings
        self._database, self._clock, self._brakes = database, clock, Brakes(settings)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="takeback-screen")
        self._files, self.files, self.lookups = (
            0,
            Rate(settings.screens_a_minute, clock),
            Rate(settings.lookups_a_minute, clock),
        )

    def close(self) -> None:
        """Ends threads and decoders."""
        self.uploads.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def of_file(self, file: BinaryIO, upload: Upload) -> Screened:
        """Gives the answer about a file."""
        (found,) = await self._ended([upload], [await self._away(lambda: self.uploads.of_file(file, upload))])
        if found.hold is not None:
            await keep_copy(self._database, self.settings, found.hold, file)
        return found

    async def of_items(
        self, items: Sequence[wire.ItemBody], *, strong_only: bool, field: str = "items"
    ) -> list[Screened]:
        """Gives the answers about items of fingerprints."""
        asked = [(wire.prints_of(one, f"{field}[{at}]"), _upload(one)) for at, one in enumerate(items)]
        found = await self._away(lambda: self.uploads.of_prints(asked, strong_only=strong_only))
        return await self._ended([upload for _, upload in asked], found)

    @contextmanager
    def room(self) -> Iterator[None]:
        """Takes room for a file, or raises UnavailableError."""
        if self._files >= self.settings.screen_concurrency:
            metrics.REFUSED.labels("screen").inc()
            raise UnavailableError("Too many files wait to be looked at. Send this one again in a moment.")
        self._files += 1
        try:
            yield
        finally:
            self._files -= 1

    async def _ended(self, uploads: Sequence[Upload], found: Sequence[Screened]) -> list[Screened]:
        matched = [one for one in found if one.found]
        if matched:
            await self._away(lambda: self.uploads.count_hits(matched))
        pairs = zip(uploads, found, strict=True)
        left = [await self._braked(upload, one) if one.found else one for upload, one in pairs]
        ended = await hold_what_is_ruled(self._database, self._clock, uploads, left)
        for one in ended:
            metrics.SCREENED.labels(one.outcome.value, one.do.value).inc()
        return ended

    async def _braked(self, upload: Upload, screened: Screened) -> Screened:
        """What no service names counts as a content of its own."""
        name = upload.content or f"unnamed/{secrets.token_hex(8)}"
        content = Content(name, upload.surface, upload.region, upload.account, upload.uploaded_at)
        findings = findings_of(Listed(one.list, one.match) for one in screened.found)
        braked = await self._brakes.braked(self._database, self._clock, content, findings, screened.prints)
        return screened if braked.findings == findings else self.uploads.braked(upload, screened, braked.findings)

    async def _away(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


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
                    found = await screening.of_file(file.file, given)  # type: ignore[arg-type]
                finally:
                    await file.close()
            else:
                with tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES) as spooled:
                    await _receive(request, spooled)  # type: ignore[arg-type]
                    found = await screening.of_file(spooled, given)  # type: ignore[arg-type]
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

    @post(
        "/v1/hooks/pict-rs",
        status_code=204,
        request_max_body_size=settings.screen_body_limit_bytes,
        include_in_schema=False,
    )
    async def pict_rs(request: Request[Any, Any, Any], surface: wire.Surfaces = "public") -> Response[None]:
        """Lets pict-rs keep a file (204), or has it refuse the upload (422): its `external_validation`."""
        screening.files.take(request)
        with screening.room(), tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES) as spooled:
            await _receive(request, spooled)  # type: ignore[arg-type]
            found = await screening.of_file(spooled, Upload(Surface(surface)))  # type: ignore[arg-type]
        return Response(None, status_code=204 if found.do is Do.ALLOW else 422)

    return Router(
        "/",
        route_handlers=[screen, batch, stream, pict_rs],
        guards=[key_guard(KeyRole.SCREEN, keys, settings)],
        response_headers={"cache-control": "no-store"},
        request_max_body_size=settings.screen_body_limit_bytes,
    )


async def _receive(request: Request[Any, Any, Any], into: BinaryIO) -> None:
    """Takes a body in part by part: a film is never in memory as a whole."""
    async for part in request.stream():
        into.write(part)
    into.seek(0)


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


def _upload(item: wire.ItemBody) -> Upload:
    return Upload(_SURFACES[item.surface], item.region, item.content, item.account, item.uploaded_at)


_SURFACES = {surface.value: surface for surface in Surface}


def _json(body: wire.ScreenedBody | wire.BatchAnswer) -> Response[bytes]:
    return Response(encode(body), media_type=MediaType.JSON)
