"""The public zone for companies: apply, follow the application, enter the code. The same as pages: `join`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from litestar import Response, Router, get, post
from litestar.params import Parameter

from takeback.apps.dependencies import TheSettings
from takeback.apps.installed import TheClock, TheDatabase
from takeback.apps.join import form_routers
from takeback.apps.page import ASSET_HEADERS
from takeback.apps.problems import answers
from takeback.clearinghouse import applications
from takeback.clearinghouse.agreement import agreement_text
from takeback.clearinghouse.keys import password_key
from takeback.clearinghouse.test_entries import PICTURES
from takeback.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    TooLargeError,
    UnavailableError,
)
from takeback.settings import Settings
from takeback.wire import applications as wire
from takeback.wire.agreement import AgreementBody

#: Largest form or body, in bytes: the longest fields, every character of them escaped.
MAX_BODY_BYTES = 65_536
_NO_STORE = {"cache-control": "no-store"}
_Id = Annotated[str, Parameter(pattern="^a-[0-9a-f]{32}$", max_length=34)]
_REFUSED = (InvalidInputError, TooLargeError, ConflictError, UnavailableError)


@get("/v1/agreement", sync_to_thread=False, response_headers=_NO_STORE)
def agreement(settings: TheSettings) -> AgreementBody:
    """Gives what a company accepts by applying, and a participant when it has changed."""
    current = agreement_text(settings)
    return AgreementBody(current.version, current.text)


@post("/v1/applications", status_code=201, responses=answers(*_REFUSED))
async def apply(
    data: wire.ApplicationBody, database: TheDatabase, clock: TheClock, settings: TheSettings
) -> wire.ApplicationStateBody:
    """Takes an application of a company in. Only so many may be open at a time."""
    version = agreement_text(settings).version
    given = wire.applying(data, version=version)
    return wire.state(await applications.apply(database, clock, settings, given, version=version))


@get("/v1/applications/{application:str}", responses=answers(InvalidInputError, NotFoundError, UnavailableError))
async def application_state(application: _Id, database: TheDatabase) -> wire.ApplicationStateBody:
    """Says how an application stands. Its id is known to the company alone."""
    return wire.state(await applications.application(database, application))


@post(
    "/v1/applications/{application:str}/code",
    status_code=200,
    responses=answers(InvalidInputError, TooLargeError, NotFoundError, ConflictError, UnavailableError),
)
async def confirm(
    application: _Id, data: wire.CodeBody, database: TheDatabase, clock: TheClock, settings: TheSettings
) -> wire.ApplicationStateBody:
    """Takes the code from the letter, which shows that the address is the company's."""
    key = password_key(settings.data_path)
    return wire.state(await applications.confirm_email(database, clock, application, data.code, key))


@get("/test-pictures/{name:str}", include_in_schema=False, sync_to_thread=False)
def test_picture(name: str) -> Response[bytes]:
    """Gives a picture of the sandbox."""
    if name not in PICTURES:
        raise NotFoundError("There is no test picture of that name.")
    content = (Path(__file__).parent / "test_pictures" / name).read_bytes()
    return Response(content, media_type="image/png")


def applications_router(settings: Settings) -> Router:
    """Gives the zone: the API, and the pages where the site has been built."""
    routers = [
        Router(
            "/",
            route_handlers=[apply, application_state, confirm],
            response_headers=_NO_STORE,
            request_max_body_size=MAX_BODY_BYTES,
        ),
        Router("/", route_handlers=[test_picture], response_headers=ASSET_HEADERS | _NO_STORE),
    ]
    return Router("/", route_handlers=[*routers, *form_routers(settings, MAX_BODY_BYTES)])
