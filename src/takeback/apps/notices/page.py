"""The page for notices: no login, no script, no cookie. What is missing is asked for on the page that says so.

Each language has its own addresses, below `/notice/de`; at those below `/notice` the browser's language is spoken.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from litestar import Response, Router, get, post
from litestar.response import File

from takeback.apps.notices.choosing import PagesFor, by_address, by_preference
from takeback.apps.notices.following import following
from takeback.apps.notices.form import Fields, notice_file, one
from takeback.apps.notices.handling import Asked, guarded
from takeback.apps.notices.office import Office
from takeback.apps.notices.writing import HEADERS, Pages
from takeback.apps.page import ASSET_HEADERS
from takeback.clock import today
from takeback.participant.notices.receiving import receive
from takeback.participant.notices.texts import languages
from takeback.wire import notice as wire

_STYLE = Path(__file__).parents[1] / "static" / "notice" / "style.css"


def page_routers(office: Office) -> list[Router]:
    """Gives the page in every language that there is, and its style."""

    @get("/notice/style.css", include_in_schema=False, sync_to_thread=False)
    def style() -> File:
        """Gives the page's style."""
        return File(_STYLE, media_type="text/css", content_disposition_type="inline")

    style_headers = ASSET_HEADERS | {"cache-control": "no-cache"}
    every = {tag: Pages(office.settings, tag) for tag in languages()}
    return [
        Router("/", route_handlers=[style], response_headers=style_headers),
        _router("/notice", office, by_preference(every), HEADERS | {"vary": "accept-language"}),
        _router("/notice/{tag:str}", office, by_address(every), HEADERS),
    ]


def _router(path: str, office: Office, pages_for: PagesFor, headers: dict[str, str]) -> Router:
    handlers = [*_asking(office, pages_for), *following(office, pages_for)]
    limit = office.settings.notice_body_limit_bytes
    return Router(path, route_handlers=handlers, response_headers=headers, request_max_body_size=limit)


def _asking(office: Office, pages_for: PagesFor) -> list[Any]:
    @get("/", include_in_schema=False, sync_to_thread=False)
    def start(request: Asked, link: str = "") -> Response[str]:
        """Shows the form; a button beside a picture may bring the link to it along."""
        return pages_for(request).start(link=link if link.startswith(("https://", "http://")) else "")

    @post("/", include_in_schema=False, status_code=200)
    async def send(request: Asked) -> Response[str]:
        """Takes the form, and gives the receipt; or the form again with what is to be put right."""
        pages = pages_for(request)

        async def work(fields: Fields) -> Response[str]:
            settings, day = office.settings, today(office.clock)
            file = notice_file(fields, service=settings.service_name, language=pages.tag, today=day)
            said = wire.notice(file)
            return pages.receipt(await receive(office.database, office.clock, settings, said))

        return await guarded(office, request, work, pages.start)

    @get("/file", include_in_schema=False, sync_to_thread=False)
    def ask_file(request: Asked) -> Response[str]:
        """Asks for the file of a notice."""
        return pages_for(request).file()

    @post("/file", include_in_schema=False, status_code=200)
    async def send_file(request: Asked) -> Response[str]:
        """Takes the file of a notice, or what was in it."""
        pages = pages_for(request)

        async def work(fields: Fields) -> Response[str]:
            said = wire.notice((one(fields, "file") or one(fields, "text")).encode())
            return pages.receipt(await receive(office.database, office.clock, office.settings, said))

        return await guarded(office, request, work, pages.file)

    @get("/how", include_in_schema=False, sync_to_thread=False)
    def how(request: Asked) -> Response[str]:
        """Says on one page how to have something removed."""
        return pages_for(request).how()

    return [start, send, ask_file, send_file, how]
