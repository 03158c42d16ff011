"""The page for notices: no login, no script, no cookie. What is missing is asked for on the page that says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from litestar import Response, Router, get, post
from litestar.response import File

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
    return [
        Router("/", route_handlers=[style], response_headers=style_headers),
        *(_in_one_language(office, Pages(office.settings, tag)) for tag in languages()),
    ]


def _in_one_language(office: Office, pages: Pages) -> Router:
    handlers = [*_asking(office, pages), *following(office, pages)]
    return Router(
        pages.base or "/",
        route_handlers=handlers,
        response_headers=HEADERS,
        request_max_body_size=office.settings.notice_body_limit_bytes,
    )


def _asking(office: Office, pages: Pages) -> list[Any]:
    @get("/notice", include_in_schema=False, sync_to_thread=False)
    def start(link: str = "") -> Response[str]:
        """Shows the form; a button beside a picture may bring the link to it along."""
        return pages.start({"links": [link]} if link.startswith(("https://", "http://")) else {})

    @post("/notice", include_in_schema=False, status_code=200)
    async def send(request: Asked) -> Response[str]:
        """Takes the form, and gives the receipt; or the form again with what is to be put right."""

        async def work(fields: Fields) -> Response[str]:
            settings, day = office.settings, today(office.clock)
            file = notice_file(fields, service=settings.service_name, language=pages.tag, today=day)
            said = wire.notice(file)
            return pages.receipt(await receive(office.database, office.clock, settings, said))

        return await guarded(office, request, work, pages.start)

    @get("/notice/file", include_in_schema=False, sync_to_thread=False)
    def ask_file() -> Response[str]:
        """Asks for the file of a notice."""
        return pages.file()

    @post("/notice/file", include_in_schema=False, status_code=200)
    async def send_file(request: Asked) -> Response[str]:
        """Takes the file of a notice, or what was in it."""

        async def work(fields: Fields) -> Response[str]:
            said = wire.notice((one(fields, "file") or one(fields, "text")).encode())
            return pages.receipt(await receive(office.database, office.clock, office.settings, said))

        return await guarded(office, request, work, pages.file)

    @get("/notice/how", include_in_schema=False, sync_to_thread=False)
    def how() -> Response[str]:
        """Says on one page how to have something removed."""
        return pages.how()

    return [start, send, ask_file, send_file, how]
