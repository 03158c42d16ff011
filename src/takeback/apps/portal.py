"""The public zone: the person's page, intake and the receipt. Write-only: nothing here reads the list."""

from __future__ import annotations

import mimetypes

from litestar import MediaType, Response, Router, get, post
from litestar.exceptions import NotFoundException
from litestar.response import File

from takeback.apps.dependencies import TheDatabase
from takeback.apps.problems import answers
from takeback.clearinghouse.intake import take_in
from takeback.clearinghouse.receipts import status_of
from takeback.clearinghouse.withdrawal import withdraw
from takeback.errors import ConflictError, InvalidInputError, SettingsError, TooLargeError, UnavailableError
from takeback.settings import Settings
from takeback.wire import intake as wire
from takeback.wire.json import encode

#: Answers to status questions are padded to a multiple of this many bytes, so that their size tells nothing.
PAD_BYTES = 32_768

_COMMON = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-resource-policy": "same-origin",
}
DOCUMENT_HEADERS = {
    **_COMMON,
    "cache-control": "no-store",
    "content-security-policy": (
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; media-src blob:; "
        "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types takeback"
    ),
    "permissions-policy": "camera=(), microphone=(), geolocation=(), display-capture=(), clipboard-read=()",
}
#: A worker is bound by the policy of its own script. Nothing that runs from here may connect, or load, anything.
ASSET_HEADERS = {
    **_COMMON,
    "cache-control": "public, max-age=31536000, immutable",
    "content-security-policy": "default-src 'none'; script-src 'wasm-unsafe-eval'; connect-src 'none'",
}
_NO_STORE = {"cache-control": "no-store"}


@post(
    "/v1/submissions",
    status_code=201,
    responses=answers(InvalidInputError, TooLargeError, ConflictError, UnavailableError),
)
async def submit(data: wire.SubmissionBody, database: TheDatabase) -> wire.AcceptedBody:
    """Takes fingerprints in. Answers when every entry is on disk; sending the same again is safe."""
    return wire.AcceptedBody(await take_in(database, wire.submission(data)))


@post("/v1/receipts/status", status_code=200, responses=answers(InvalidInputError, TooLargeError, UnavailableError))
async def receipt_status(data: wire.SecretsBody, database: TheDatabase) -> wire.StatusBody:
    """Says how each entry stands whose secret is sent; unknown, expired and withdrawn answer alike."""
    return wire.status(await status_of(database, wire.secrets(data)))


@post("/v1/receipts/withdraw", status_code=204, responses=answers(InvalidInputError, TooLargeError, UnavailableError))
async def receipt_withdraw(data: wire.SecretsBody, database: TheDatabase) -> None:
    """Takes entries back. When this has answered, they are off the list."""
    await withdraw(database, wire.secrets(data))


async def pad(response: Response[object]) -> Response[object]:
    """Pads a status answer with spaces, which JSON ignores."""
    body = encode(response.content)
    padded = body + b" " * (-len(body) % PAD_BYTES)
    return Response(padded, media_type=MediaType.JSON, status_code=response.status_code)


def portal_router(settings: Settings) -> Router:
    """Gives the zone: the API, and the built page where there is one."""
    receipt_status.after_request = pad
    api = Router(
        "/",
        route_handlers=[submit, receipt_status, receipt_withdraw],
        response_headers=_NO_STORE,
        request_max_body_size=settings.intake_body_limit_bytes,
    )
    return Router("/", route_handlers=[api, *_page(settings)])


def _page(settings: Settings) -> list[Router]:
    folder = settings.portal_path

    @get("/", include_in_schema=False, sync_to_thread=False)
    def index() -> File:
        """Gives the person's page."""
        if not (folder / "index.html").is_file():
            raise SettingsError("The page has not been built. Run `make demo` once, or `npm run build` in web/.")
        return File(folder / "index.html", media_type="text/html", content_disposition_type="inline")

    # Listed once: nothing that is put there later, or named with dots and slashes, is ever served.
    assets = {file.name: file for file in (folder / "assets").glob("*") if file.is_file()}

    @get("/assets/{name:str}", include_in_schema=False, sync_to_thread=False)
    def asset(name: str) -> File:
        """Gives a script, style or picture of the page."""
        if name not in assets:
            raise NotFoundException
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return File(assets[name], media_type=kind, content_disposition_type="inline")

    return [
        Router("/", route_handlers=[index], response_headers=DOCUMENT_HEADERS),
        Router("/", route_handlers=[asset], response_headers=ASSET_HEADERS),
    ]
