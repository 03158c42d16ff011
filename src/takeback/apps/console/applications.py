"""Companies that ask to take part: what each says and has shown, and deciding on it."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.response.redirect import Redirect

from takeback.apps.console.pages import page, then
from takeback.apps.dependencies import TheReader, TheSettings
from takeback.apps.installed import TheClock, TheDatabase
from takeback.apps.staff.access import OPERATOR, Asked, form, session_of
from takeback.clearinghouse import applications as use
from takeback.clearinghouse import two_person
from takeback.clearinghouse.agreement import agreement_text
from takeback.clearinghouse.keys import password_key
from takeback.clearinghouse.verification import Verified
from takeback.clearinghouse.verification import verify as verify_application
from takeback.model.application import Application, types_of, types_text
from takeback.model.proposal import ProposalKind
from takeback.settings import Settings


@get("/applications", opt=OPERATOR)
async def applications(request: Asked, database: TheDatabase) -> Response[str]:
    """Shows all that are kept."""
    return page(request, "applications", rows=await use.all_applications(database))


@get("/applications/{id_:str}", opt=OPERATOR)
async def application(request: Asked, database: TheDatabase, settings: TheSettings, id_: str) -> Response[str]:
    """Shows one, and what may be done about it."""
    return _page(request, settings, await use.application(database, id_))


@post("/applications/{id_:str}/verify", opt=OPERATOR, status_code=200)
async def verify(
    request: Asked, database: TheDatabase, clock: TheClock, settings: TheSettings, reader: TheReader, id_: str
) -> Response[str]:
    """Looks for the token at the company's domain, and sends its address a letter, each where it is needed."""
    key, by = password_key(settings.data_path), session_of(request).operator.id
    looked = await verify_application(database, clock, settings, reader, key, id_, by=by)
    return _page(request, settings, looked.application, looked)


@post("/applications/{id_:str}/admit", opt=OPERATOR, status_code=303)
async def admit(request: Asked, database: TheDatabase, clock: TheClock, id_: str) -> Redirect:
    """Proposes to let it into the sandbox, with the types that are ticked."""
    found, fields = await use.admissible(database, id_), await form(request)
    ticked = types_of((name.removeprefix("type-") for name in fields if name.startswith("type-")), field="types")
    details = {} if ticked == found.agreement.types else {"types": types_text(ticked)}
    operator = session_of(request).operator
    await two_person.propose(database, clock, operator, ProposalKind.ADMIT_PARTICIPANT, id_, details)
    return then("/proposals", "proposed")


@post("/applications/{id_:str}/refuse", opt=OPERATOR, status_code=303)
async def refuse(request: Asked, database: TheDatabase, clock: TheClock, id_: str) -> Redirect:
    """Refuses it; it is erased in its time."""
    await use.refuse_application(database, clock, id_, by=session_of(request).operator.id)
    return then(f"/applications/{id_}", "refused-application")


def _page(request: Asked, settings: Settings, one: Application, looked: Verified | None = None) -> Response[str]:
    types, current = types_text(one.agreement.types).split(","), agreement_text(settings).version
    return page(request, "application", one=one, types=types, current=current, looked=looked)
