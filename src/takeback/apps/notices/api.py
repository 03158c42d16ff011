"""The API of notices: for a portal or a helpline that sends them, and for the platform that answers them."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Router, post
from litestar.params import Parameter

from takeback.apps.limits import Guard
from takeback.apps.notices.office import Office, admission
from takeback.apps.problems import answers
from takeback.errors import (
    ConflictError,
    InvalidInputError,
    NotAuthorisedError,
    NotFoundError,
    TooLargeError,
    TooManyRequestsError,
    UnavailableError,
)
from takeback.participant.notices.contents import Named, name_contents
from takeback.participant.notices.following import Standing, standing, withdraw
from takeback.participant.notices.misuse import FLAGGER_KEY, flagger_of
from takeback.participant.notices.receiving import Parts, Receipt, complete, receive
from takeback.storage.platform.notice_contents import NoticeContent
from takeback.wire import notice as wire_notice
from takeback.wire import notices as wire

NO_STORE = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
_Number = Annotated[str, Parameter(max_length=20)]
_Asked = Request[Any, Any, Any]
_SENT = (InvalidInputError, TooLargeError, TooManyRequestsError, UnavailableError)
_BEARER = "Bearer "


def public_api(office: Office) -> Router:
    """Gives what anybody may call."""

    @post(
        "/v1/notices",
        status_code=201,
        responses=answers(*_SENT, NotAuthorisedError),
    )
    async def send(request: _Asked) -> wire.NoticeReceiptBody:
        """Takes a notice in (spec/notice.md), whatever is missing in it. Trusted flaggers send their key with it."""
        key = request.headers.get("authorization", "").removeprefix(_BEARER)
        flagger = await flagger_of(office.database, key) if key.startswith(FLAGGER_KEY) else None
        said = wire_notice.notice(await request.body())
        flagger_id = flagger.id if flagger else None
        return receipt_body(await receive(office.database, office.clock, office.settings, said, flagger=flagger_id))

    @post("/v1/notices/{number:str}/parts", status_code=200, responses=answers(*_SENT, NotFoundError, ConflictError))
    async def add_parts(number: _Number, data: wire.PartsBody) -> wire.NoticeStatusBody:
        """Adds what was missing. The clock begins when nothing is."""
        await complete(office.database, office.clock, office.settings, number, data.secret, parts_of(data))
        return status_body(await standing(office.database, number, data.secret))

    @post("/v1/notices/{number:str}/status", status_code=200, responses=answers(*_SENT, NotFoundError))
    async def status(number: _Number, data: wire.OpeningBody) -> wire.NoticeStatusBody:
        """Says how a notice stands. An unknown number and a wrong secret are answered alike."""
        return status_body(await standing(office.database, number, data.secret))

    @post("/v1/notices/{number:str}/withdraw", status_code=200, responses=answers(*_SENT, NotFoundError, ConflictError))
    async def take_back(number: _Number, data: wire.OpeningBody) -> wire.NoticeStatusBody:
        """Takes a notice back, and erases what it said."""
        await withdraw(office.database, office.clock, number, data.secret)
        return status_body(await standing(office.database, number, data.secret))

    return Router(
        "/",
        route_handlers=[send, add_parts, status, take_back],
        guards=[admission(office)],
        response_headers=NO_STORE,
        request_max_body_size=office.settings.notice_body_limit_bytes,
    )


def platform_api(office: Office, platform: Guard) -> Router:
    """Gives what the platform's own programs call."""
    refused = (InvalidInputError, NotAuthorisedError, NotFoundError, UnavailableError)

    @post(
        "/v1/notices/{number:str}/contents",
        status_code=200,
        responses=answers(*refused, TooLargeError, ConflictError),
    )
    async def name(number: _Number, data: wire.ContentsBody) -> wire.NoticeContentsBody:
        """Names the platform's content at the places of a notice. It is hidden and held, and copies are searched."""
        named = [
            Named(wire.content(one), one.kind, wire.prints(one, f"contents[{at}]"), frozenset(one.flags))
            for at, one in enumerate(data.contents)
        ]
        found = await name_contents(office.database, office.clock, office.settings, number, named)
        return wire.NoticeContentsBody(tuple(_content_body(one) for one in found))

    return Router("/", route_handlers=[name], guards=[platform], response_headers=NO_STORE)


def parts_of(body: wire.PartsBody) -> Parts:
    """Gives what completes a notice."""
    return Parts(wire.places(body.places), frozenset(body.statements), body.authority, body.name, body.email)


def receipt_body(of: Receipt) -> wire.NoticeReceiptBody:
    """Gives a receipt as the API tells it."""
    notice = of.notice
    return wire.NoticeReceiptBody(
        notice.number, of.secret, notice.state, of.missing, notice.first_contact_at, notice.valid_at, notice.due_at
    )


def status_body(of: Standing) -> wire.NoticeStatusBody:
    """Gives how a notice stands, as the API tells it."""
    notice = of.notice
    return wire.NoticeStatusBody(
        notice.number,
        notice.state,
        of.missing,
        notice.first_contact_at,
        of.hidden,
        of.copies,
        notice.valid_at,
        notice.due_at,
        notice.ended_at,
        of.searched_at,
        notice.reason,
    )


def _content_body(of: NoticeContent) -> wire.NoticeContentBody:
    return wire.NoticeContentBody(of.content, of.how, of.hold, of.hidden_at is not None, of.distance)
