"""The public zone for companies: apply, follow the application, enter the code. Pages that need no script, and JSON."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qs

from litestar import MediaType, Request, Response, Router, get, post
from litestar.params import Parameter

from takeback.apps.dependencies import TheClock, TheDatabase, TheSettings
from takeback.apps.page import ASSET_HEADERS, DOCUMENT_HEADERS
from takeback.apps.problems import answers
from takeback.apps.public_pages import PublicPages, in_every_language
from takeback.clearinghouse import applications
from takeback.clearinghouse.agreement import AgreementText, agreement_text
from takeback.clearinghouse.keys import password_key
from takeback.clearinghouse.test_entries import PICTURES
from takeback.errors import (
    EDGES,
    ConflictError,
    InvalidInputError,
    NotFoundError,
    TakebackError,
    TooLargeError,
    UnavailableError,
)
from takeback.model.application import Application, Applying, types_of
from takeback.model.participant import AGREED_TYPES
from takeback.service import load_logo, load_service
from takeback.settings import Settings
from takeback.wire import applications as wire

#: Largest form or body, in bytes: the longest fields, every character of them escaped.
MAX_BODY_BYTES = 65_536
#: More fields than the form has are refused unread.
_MAX_FIELDS = 20
_NO_STORE = {"cache-control": "no-store"}
_FORM_HEADERS = DOCUMENT_HEADERS | {
    "content-security-policy": DOCUMENT_HEADERS["content-security-policy"].replace(
        "form-action 'none'", "form-action 'self'"
    )
}
_Id = Annotated[str, Parameter(pattern="^a-[0-9a-f]{32}$", max_length=34)]
_REFUSED = (InvalidInputError, TooLargeError, ConflictError, UnavailableError)


@get("/v1/agreement", sync_to_thread=False)
def agreement(settings: TheSettings) -> wire.AgreementBody:
    """Gives what a company accepts by applying."""
    current = agreement_text(settings)
    return wire.AgreementBody(current.version, current.text)


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
    agreement_text(settings)  # a file that cannot be used stops the start, not the first applicant
    routers = [
        Router(
            "/",
            route_handlers=[agreement, apply, application_state, confirm],
            response_headers=_NO_STORE,
            request_max_body_size=MAX_BODY_BYTES,
        ),
        Router("/", route_handlers=[test_picture], response_headers=ASSET_HEADERS | _NO_STORE),
    ]
    service = load_service(settings.portal_file)
    logo = load_logo(settings.portal_file, service)
    built = {pages.tag: pages for pages in in_every_language(settings.portal_path, service, logo)}
    if built:
        pages = _pages(built.get("en") or next(iter(built.values())))
        routers.append(
            Router("/", route_handlers=pages, response_headers=_FORM_HEADERS, request_max_body_size=MAX_BODY_BYTES)
        )
    return Router("/", route_handlers=routers)


def _pages(frame: PublicPages) -> list[Any]:
    """Gives the pages, in English: those who read them are companies."""

    def write(name: str, title: str, error: TakebackError | None = None, **values: object) -> Response[str]:
        said = {"t": {"title": title}, "languages": [], "error": error, **values}
        status = EDGES[error.code].status if error else 200
        return Response(frame.write(name, said), media_type=MediaType.HTML, status_code=status)

    def form(text: AgreementText, given: Mapping[str, list[str]], error: TakebackError | None = None) -> Response[str]:
        filled = {name: values[0] for name, values in given.items() if values}
        chosen = given.get("types", [])
        return write(
            "join", "Take part as a service", error, filled=filled, chosen=chosen, types=AGREED_TYPES, agreement=text
        )

    def standing(found: Application, error: TakebackError | None = None) -> Response[str]:
        return write("application", "Your application", error, found=found, state=wire.state(found))

    @get("/join", include_in_schema=False, sync_to_thread=False)
    def empty(settings: TheSettings) -> Response[str]:
        """Gives the form."""
        return form(agreement_text(settings), {})

    @post("/join", include_in_schema=False)
    async def filled(
        request: Request[Any, Any, Any], database: TheDatabase, clock: TheClock, settings: TheSettings
    ) -> Response[Any]:
        """Takes the form, and leads to the application; or gives it back with what is wrong."""
        text, given = agreement_text(settings), await _fields(request)
        try:
            if given.get("agreement") != [text.version]:
                raise ConflictError("Read the agreement below and accept it.")
            new = await applications.apply(database, clock, settings, _applying(given), version=text.version)
        except TakebackError as error:
            return form(text, given, error)
        return Response(None, status_code=303, headers={"location": f"/join/{new.id}"})

    @get("/join/{application:str}", include_in_schema=False)
    async def follow(application: _Id, database: TheDatabase) -> Response[str]:
        """Says how an application stands, and what to do next."""
        return standing(await applications.application(database, application))

    @post("/join/{application:str}", include_in_schema=False)
    async def enter(
        application: _Id,
        request: Request[Any, Any, Any],
        database: TheDatabase,
        clock: TheClock,
        settings: TheSettings,
    ) -> Response[str]:
        """Takes the code from the letter."""
        code = (await _fields(request)).get("code", [""])[0]
        try:
            key = password_key(settings.data_path)
            return standing(await applications.confirm_email(database, clock, application, code, key))
        except (InvalidInputError, ConflictError) as error:
            return standing(await applications.application(database, application), error)

    return [empty, filled, follow, enter]


async def _fields(request: Request[Any, Any, Any]) -> dict[str, list[str]]:
    """Reads a form as browsers send it."""
    try:
        return parse_qs((await request.body()).decode(), strict_parsing=False, max_num_fields=_MAX_FIELDS)
    except ValueError:
        raise InvalidInputError(field="body", problem="is not a form.", remedy="Send the form of the page.") from None


def _applying(given: Mapping[str, list[str]]) -> Applying:
    def one(name: str) -> str:
        return given.get(name, [""])[0]

    types = types_of(given.get("types", []), field="types")
    return Applying(one("name"), one("domain"), one("email"), one("purpose"), one("hits"), types, one("regions"))
