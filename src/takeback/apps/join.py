"""The pages on which a company applies: written by the server, without script or cookie, in English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import parse_qs

from litestar import MediaType, Request, Response, Router, get, post
from litestar.params import Parameter

from takeback.apps.dependencies import TheSettings
from takeback.apps.installed import TheClock, TheDatabase
from takeback.apps.page import DOCUMENT_HEADERS
from takeback.apps.public_pages import PublicPages, in_every_language
from takeback.clearinghouse import applications
from takeback.clearinghouse.agreement import AgreementText, agreement_text
from takeback.clearinghouse.keys import password_key
from takeback.errors import EDGES, ConflictError, InvalidInputError, TakebackError
from takeback.model.application import Application, Applying, types_of
from takeback.model.participant import AGREED_TYPES
from takeback.service import load_logo, load_service
from takeback.settings import Settings
from takeback.wire import applications as wire

#: More fields than the form has are refused unread.
_MAX_FIELDS = 20
_POLICY = "content-security-policy"
_HEADERS = DOCUMENT_HEADERS | {_POLICY: DOCUMENT_HEADERS[_POLICY].replace("form-action 'none'", "form-action 'self'")}
_Id = Annotated[str, Parameter(pattern="^a-[0-9a-f]{32}$", max_length=34)]
_Asked = Request[Any, Any, Any]


def form_routers(settings: Settings, body_limit_bytes: int) -> list[Router]:
    """Gives the pages, where the site has been built."""
    service = load_service(settings.portal_file)
    logo = load_logo(settings.portal_file, service)
    built = {pages.tag: pages for pages in in_every_language(settings.portal_path, service, logo)}
    if not built:
        return []
    forms = _Forms(built.get("en") or next(iter(built.values())))
    handlers = [*_form(forms), *_following(forms)]
    return [Router("/", route_handlers=handlers, response_headers=_HEADERS, request_max_body_size=body_limit_bytes)]


class _Forms:
    """Writes both pages."""

    def __init__(self, frame: PublicPages) -> None:
        self._frame = frame

    def empty(self, text: AgreementText) -> Response[str]:
        return self.filled(text, {}, None)

    def filled(self, text: AgreementText, given: Mapping[str, list[str]], error: TakebackError | None) -> Response[str]:
        """Gives the form with what was filled in, and what is wrong with it."""
        values = {
            "filled": {name: values[0] for name, values in given.items()},
            "chosen": given.get("types", []),
            "types": AGREED_TYPES,
            "agreement": text,
        }
        return self._page("join", "Take part as a service", error, values)

    def standing(self, found: Application, error: TakebackError | None = None) -> Response[str]:
        """Says how an application stands."""
        values = {"found": found, "state": wire.state(found)}
        return self._page("application", "Your application", error, values)

    def _page(self, name: str, title: str, error: TakebackError | None, values: dict[str, Any]) -> Response[str]:
        said = {"t": {"title": title}, "languages": [], "error": error, **values}
        status = EDGES[error.code].status if error else 200
        return Response(self._frame.write(name, said), media_type=MediaType.HTML, status_code=status)


def _form(forms: _Forms) -> list[Any]:
    @get("/join", include_in_schema=False, sync_to_thread=False)
    def empty(settings: TheSettings) -> Response[str]:
        """Gives the form."""
        return forms.empty(agreement_text(settings))

    @post("/join", include_in_schema=False)
    async def filled(request: _Asked, database: TheDatabase, clock: TheClock, settings: TheSettings) -> Response[Any]:
        """Takes the form, and leads to the application; or gives it back with what is wrong."""
        text, given = agreement_text(settings), await _fields(request)
        try:
            if given.get("agreement") != [text.version]:
                raise ConflictError("Read the agreement below and accept it.")
            new = await applications.apply(database, clock, settings, _applying(given), version=text.version)
        except TakebackError as error:
            return forms.filled(text, given, error)
        return Response(None, status_code=303, headers={"location": f"/join/{new.id}"})

    return [empty, filled]


def _following(forms: _Forms) -> list[Any]:
    @get("/join/{application:str}", include_in_schema=False)
    async def follow(application: _Id, database: TheDatabase) -> Response[str]:
        """Says how an application stands, and what to do next."""
        return forms.standing(await applications.application(database, application))

    @post("/join/{application:str}", include_in_schema=False)
    async def enter(
        application: _Id, request: _Asked, database: TheDatabase, clock: TheClock, settings: TheSettings
    ) -> Response[str]:
        """Takes the code from the letter."""
        code = (await _fields(request)).get("code", [""])[0]
        try:
            key = password_key(settings.data_path)
            return forms.standing(await applications.confirm_email(database, clock, application, code, key))
        except (InvalidInputError, ConflictError) as error:
            return forms.standing(await applications.application(database, application), error)

    return [follow, enter]


async def _fields(request: _Asked) -> dict[str, list[str]]:
    """Reads a form as browsers send it; fields without a value are left out."""
    try:
        return parse_qs((await request.body()).decode(), max_num_fields=_MAX_FIELDS)
    except ValueError:
        raise InvalidInputError(field="body", problem="is not a form.", remedy="Send the form of the page.") from None


def _applying(given: Mapping[str, list[str]]) -> Applying:
    def one(name: str) -> str:
        return given.get(name, [""])[0]

    types = types_of(given.get("types", []), field="types")
    return Applying(one("name"), one("domain"), one("email"), one("purpose"), one("hits"), types, one("regions"))
