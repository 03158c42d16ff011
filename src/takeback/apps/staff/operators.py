"""The staff's accounts. Closing one works at once; everything that lets somebody in takes two administrators."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.response.redirect import Redirect

from takeback.apps.installed import TheClock, TheDatabase
from takeback.apps.staff.access import ADMINISTRATOR, Asked, TheCeremonies, form, session_of
from takeback.apps.staff.zone import TheZone
from takeback.model.proposal import ProposalKind
from takeback.staff.enrolment import details_with, link_of, new_code
from takeback.staff.operators import all_operators, close_account, new_id, new_operator, role_named


@get("/operators", opt=ADMINISTRATOR)
async def operators(request: Asked, zone: TheZone, database: TheDatabase) -> Response[str]:
    """Shows every account."""
    return zone.page(request, "operators", rows=await all_operators(database), roles=zone.changes.roles)


@post("/operators", opt=ADMINISTRATOR, status_code=200)
async def add(
    request: Asked, zone: TheZone, database: TheDatabase, clock: TheClock, ceremonies: TheCeremonies
) -> Response[str]:
    """Proposes a new operator, and shows the link for them once."""
    fields, code = await form(request), new_code()
    new = new_operator(
        clock, fields.get("name", ""), role_named(fields.get("role", ""), zone.changes.roles), id_=new_id()
    )
    details = details_with(code, name=new.name, role=new.role.value)
    proposer = session_of(request).operator
    await zone.changes.propose(database, clock, proposer, ProposalKind.ADD_OPERATOR, new.id, details)
    return zone.page(request, "link", link=link_of(ceremonies.site, code))


@post("/operators/{id_:str}/enrol", opt=ADMINISTRATOR, status_code=200)
async def enrol(
    request: Asked, zone: TheZone, database: TheDatabase, clock: TheClock, ceremonies: TheCeremonies, id_: str
) -> Response[str]:
    """Proposes a new link for an operator who has lost their passkeys, and shows it once."""
    code = new_code()
    proposer = session_of(request).operator
    await zone.changes.propose(database, clock, proposer, ProposalKind.ENROL, id_, details_with(code))
    return zone.page(request, "link", link=link_of(ceremonies.site, code))


@post("/operators/{id_:str}/role", opt=ADMINISTRATOR, status_code=303)
async def change_role(request: Asked, zone: TheZone, database: TheDatabase, clock: TheClock, id_: str) -> Redirect:
    """Proposes another role."""
    role = role_named((await form(request)).get("role", ""), zone.changes.roles)
    proposer = session_of(request).operator
    await zone.changes.propose(database, clock, proposer, ProposalKind.CHANGE_ROLE, id_, {"role": role.value})
    return zone.then("/proposals", "proposed")


@post("/operators/{id_:str}/close", opt=ADMINISTRATOR, status_code=303)
async def close(request: Asked, zone: TheZone, database: TheDatabase, clock: TheClock, id_: str) -> Redirect:
    """Closes an account at once."""
    await close_account(database, clock, id_, by=session_of(request).operator.id)
    return zone.then("/operators", "closed")
