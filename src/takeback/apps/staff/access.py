"""Who may open what in a zone of staff. Default deny: a route that declares no least role lets nobody in."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.handlers import BaseRouteHandler
from litestar.params import Dependency

from takeback.clock import Clock
from takeback.errors import InvalidInputError, NotAuthorisedError
from takeback.model.operator import Role
from takeback.model.session import Session
from takeback.staff import sessions
from takeback.staff.operators import must_be
from takeback.staff.passkeys import Ceremonies
from takeback.staff.site import Site
from takeback.storage.database import Database

Asked = Request[Any, Any, Any]
Connection = ASGIConnection[Any, Any, Any, Any]
Guard = Callable[[Connection, BaseRouteHandler], Awaitable[None]]
TheCeremonies = Annotated[Ceremonies, Dependency(skip_validation=True)]

#: What a route declares, as `opt`: the least role that may open it, or that it is for whoever is not signed in.
ANYBODY: dict[str, object] = {"least": None}
VIEWER: dict[str, object] = {"least": Role.VIEWER}
OPERATOR: dict[str, object] = {"least": Role.OPERATOR}
CHILD_SAFETY: dict[str, object] = {"least": Role.CHILD_SAFETY}
ADMINISTRATOR: dict[str, object] = {"least": Role.ADMINISTRATOR}

_FORM = "application/x-www-form-urlencoded"
_FORM_FIELD = "csrf"


class SignInNeededError(NotAuthorisedError):
    """Nobody is signed in, or not any more."""


def guard(database: Database, clock: Clock, ceremonies: Ceremonies) -> Guard:
    """Gives the guard of the whole zone."""
    site = ceremonies.site

    async def check(connection: Connection, handler: BaseRouteHandler) -> None:
        request = Request[Any, Any, Any](connection.scope, connection.receive)
        acts = request.method not in ("GET", "HEAD")
        # 1. The route says whom it is for.
        if "least" not in handler.opt:
            raise NotAuthorisedError("Nobody may open this.")
        least: Role | None = handler.opt["least"]
        # 2. Who is signed in, if anybody?
        token = request.cookies.get(cookie_name(site), "")
        session = await sessions.of_token(database, clock, token, ceremonies.lifetimes) if token else None
        connection.state.session, connection.state.csrf = session, sessions.csrf_token(token)
        # 3. What acts was sent by a page of ours.
        if acts:
            _must_be_ours(request, site)
        if least is None:
            return
        if session is None:
            raise SignInNeededError("You are not signed in, or not any more. Sign in.")
        # 4. Their role is high enough, as of now.
        must_be(session.operator, least)
        # 5. The form is of this very session.
        if acts and not hmac.compare_digest((await form(request)).get(_FORM_FIELD, ""), connection.state.csrf):
            raise NotAuthorisedError("This form is of another session. Go back, load the page again and repeat it.")

    return check


def _must_be_ours(request: Asked, site: Site) -> None:
    """Browsers say where a form came from: by Origin always, by Sec-Fetch-Site nearly always."""
    origin, fetched = request.headers.get("origin"), request.headers.get("sec-fetch-site", "same-origin")
    if origin != site.origin or fetched != "same-origin":
        raise NotAuthorisedError(f"This was not sent by a page of ours. Open it at {site.origin}{site.base}.")


async def form(request: Asked) -> dict[str, str]:
    """Gives the fields of a form, each once."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise InvalidInputError(field="content-type", problem="is not a form's.", remedy=f"Send {_FORM}.")
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


def session_of(request: Asked) -> Session:
    """Gives the session that the guard has found."""
    session: Session = request.state.session
    return session


def cookie_name(site: Site) -> str:
    """Gives the cookie's name. `__Host-` binds it to this host alone; plain http on localhost cannot have that."""
    name = f"takeback-{site.base.strip('/')}"
    return f"__Host-{name}" if site.secure else name


def cookie(site: Site, token: str) -> Cookie:
    """Gives the cookie of a session: of this host, for no script, sent along from no other site. Empty: it goes."""
    return Cookie(
        key=cookie_name(site),
        value=token,
        path="/",
        max_age=None if token else 0,
        secure=site.secure,
        httponly=True,
        samesite="strict",
    )
