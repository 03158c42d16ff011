"""The person's page as it was built: one HTML file a language, its assets, and the way out."""

from __future__ import annotations

import gzip
import mimetypes
import re
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

import brotli
import msgspec
from litestar import Request, Response, Router, get
from litestar.exceptions import NotFoundException
from litestar.response import File

from takeback.errors import SettingsError
from takeback.service import Service

Asked = Request[Any, Any, Any]

_COMMON = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-resource-policy": "same-origin",
}
PERMISSIONS = "camera=(), microphone=(), geolocation=(), display-capture=(), clipboard-read=()"
DOCUMENT_HEADERS = {
    **_COMMON,
    "cache-control": "no-store",
    "content-security-policy": (
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; media-src blob:; "
        "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types takeback"
    ),
    "permissions-policy": PERMISSIONS,
}
#: A worker is bound by the policy of its own script. Nothing that runs from here may connect, or load, anything.
ASSET_HEADERS = {
    **_COMMON,
    "cache-control": "public, max-age=31536000, immutable",
    "content-security-policy": "default-src 'none'; script-src 'wasm-unsafe-eval'; connect-src 'none'",
    "vary": "accept-encoding",
}
#: What the browser kept of this site goes: the files of the page show that somebody was here.
BYE_HEADERS = {**_COMMON, "cache-control": "no-store", "clear-site-data": '"cache", "cookies", "storage"'}

#: The build leaves this place for what the operator says.
_PLACE = '<script type="application/json" id="service">{}</script>'
_ENCODINGS = {"br": ".br", "gzip": ".gz"}
_REFUSED = re.compile(r";\s*q=0(\.0*)?\s*$")


class Build(msgspec.Struct, frozen=True):
    """What the build says of itself: languages in their order, and the addresses that pages without the app need."""

    languages: list[str]
    style: str
    icon: str
    exit: str


def read_build(folder: Path) -> Build:
    """Gives what the build says of itself, or raises SettingsError when there is none."""
    try:
        return msgspec.json.decode((folder / "build.json").read_bytes(), type=Build)
    except (OSError, msgspec.MsgspecError):
        raise SettingsError("The page has not been built. Run `make demo` once, or `npm run build` in web/.") from None


def encoding_for(accepted: str) -> str:
    """Gives the better of `br` and `gzip` that a browser takes, or nothing."""
    names = {part.partition(";")[0].strip() for part in accepted.split(",") if not _REFUSED.search(part)}
    return next((name for name in _ENCODINGS if name in names), "")


class Document:
    """A page with nothing of a person in it, the same for everybody: compressed when first asked for, and kept."""

    def __init__(self, html: str) -> None:
        self._form = cache(partial(_compressed, html.encode()))

    def answer(self, request: Asked) -> Response[bytes]:
        """Gives it as this browser takes it."""
        encoding = encoding_for(request.headers.get("accept-encoding", ""))
        headers = {"vary": "accept-encoding"} | ({"content-encoding": encoding} if encoding else {})
        return Response(self._form(encoding), media_type="text/html; charset=utf-8", headers=headers)


def _compressed(plain: bytes, encoding: str) -> bytes:
    match encoding:
        case "br":
            return bytes(brotli.compress(plain))
        case "gzip":
            return gzip.compress(plain, mtime=0)
        case _:
            return plain


def for_the_page(service: Service, digest: str) -> str:
    """Gives the element that tells the page what the operator says, as JSON that cannot end the element.

    `digest` is that of the page as it was built, with this place still empty (apps/bundle.py).
    """
    said = {
        "name": service.name,
        "exit": service.exit_address,
        "protection": service.stronger_protection,
        "imprint": any(legal.imprint for legal in service.legal.values()),
        "page": digest,
    }
    return _PLACE.replace("{}", msgspec.json.encode(said).decode().replace("<", "\\u003c"))


def page_routers(folder: Path, service: Service, digest: str) -> list[Router]:
    """Gives the page in every language, which shows the digest of its build, its assets, and the way out."""
    return [
        Router("/", route_handlers=_pages(folder, service, digest), response_headers=DOCUMENT_HEADERS),
        Router("/", route_handlers=[_assets(folder)], response_headers=ASSET_HEADERS),
        Router("/", route_handlers=[_bye(service.exit_address)], response_headers=BYE_HEADERS),
    ]


def addresses(tag: str, service: Service, rest: str = "") -> list[str]:
    """Gives where a page of a language is found; those of the operator's language need no tag."""
    return [f"/{tag}{rest}", rest or "/"] if tag == service.language else [f"/{tag}{rest}"]


def _pages(folder: Path, service: Service, digest: str) -> list[Any]:
    try:
        build = read_build(folder)
    except SettingsError as error:
        missing = error

        @get("/", include_in_schema=False, sync_to_thread=False)
        def not_built() -> None:
            """Says what is missing."""
            raise missing

        return [not_built]
    if service.language not in build.languages:
        raise SettingsError(
            f"portal_file: language: `{service.language}` is not built. There are: {', '.join(build.languages)}."
        )
    return [_page(folder, tag, service, digest) for tag in build.languages]


def _page(folder: Path, tag: str, service: Service, digest: str) -> Any:  # noqa: ANN401 - what the framework's decorator gives
    file = folder / "index.html" if tag == "en" else folder / tag / "index.html"
    document = Document(file.read_text(encoding="utf-8").replace(_PLACE, for_the_page(service, digest)))

    @get(addresses(tag, service), include_in_schema=False, sync_to_thread=False)
    def page(request: Asked) -> Response[bytes]:
        """Gives the person's page in one language."""
        return document.answer(request)

    return page


def _assets(folder: Path) -> Any:  # noqa: ANN401 - what the framework's decorator gives
    # Listed once: nothing that is put there later, or named with dots and slashes, is ever served.
    assets: Mapping[str, Path] = {
        file.name: file for file in (folder / "assets").glob("*") if file.suffix not in _ENCODINGS.values()
    }

    @get("/assets/{name:str}", include_in_schema=False, sync_to_thread=False)
    def asset(name: str, request: Asked) -> File:
        """Gives a script, style or picture of the page, compressed at build time."""
        if name not in assets:
            raise NotFoundException
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        encoding = encoding_for(request.headers.get("accept-encoding", ""))
        file = assets[name].with_name(name + _ENCODINGS.get(encoding, ""))
        if not encoding or not file.is_file():
            return File(assets[name], media_type=kind, content_disposition_type="inline")
        return File(file, media_type=kind, content_disposition_type="inline", headers={"content-encoding": encoding})

    return asset


def _bye(to: str) -> Any:  # noqa: ANN401 - what the framework's decorator gives
    @get("/bye", include_in_schema=False, sync_to_thread=False)
    def bye() -> Response[None]:
        """Has the browser throw away what it kept of this site, and leads away."""
        return Response(None, status_code=303, headers={"location": to})

    return bye
