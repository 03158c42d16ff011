"""Proposals: what waits for a second operator, and making a new one. New kinds of change need nothing here."""

from __future__ import annotations

from typing import Annotated

from litestar import Response, get, post
from litestar.params import Parameter
from litestar.response.redirect import Redirect

from takeback.apps.installed import TheClock, TheDatabase
from takeback.apps.staff.access import OPERATOR, Asked, form, session_of
from takeback.apps.staff.zone import TheZone, ago
from takeback.errors import InvalidInputError
from takeback.model.operator import Operator
from takeback.model.proposal import Proposal, ProposalKind
from takeback.staff.two_person import TwoPerson, open_proposals

#: Proposed where their links are made, in operators.py.
WITH_A_LINK = frozenset({ProposalKind.ADD_OPERATOR, ProposalKind.ENROL})
_Text = Annotated[str, Parameter(max_length=100)]


@get("/proposals", opt=OPERATOR)
async def proposals(
    request: Asked, zone: TheZone, database: TheDatabase, clock: TheClock, subject: _Text = ""
) -> Response[str]:
    """Shows what waits, and whether it waits for whoever asks."""
    operator = session_of(request).operator
    waiting = await open_proposals(database, clock)
    rows = [
        (
            one,
            ago(one.proposed_at, clock.now()),
            what_it_does(zone.changes, one.kind),
            waits_for(zone.changes, operator, one),
        )
        for one in waiting
    ]
    known = await database.run("names", zone.names)
    return zone.page(
        request, "proposals", rows=rows, names=known, kinds=proposable(zone.changes, operator), subject=subject
    )


@get("/proposals/new", opt=OPERATOR)
async def new(request: Asked, zone: TheZone, kind: _Text, subject: _Text = "") -> Response[str]:
    """Asks what is to change, and how."""
    chosen = _kind(zone.changes, kind)
    details = zone.changes.changes[chosen].details
    return zone.page(
        request, "propose", kind=chosen, does=what_it_does(zone.changes, chosen), subject=subject, details=details
    )


@post("/proposals", opt=OPERATOR, status_code=303)
async def propose(request: Asked, zone: TheZone, database: TheDatabase, clock: TheClock) -> Redirect:
    """Keeps a proposal."""
    fields = await form(request)
    kind = _kind(zone.changes, fields.get("kind", ""))
    details = {name.removeprefix("detail-"): text for name, text in fields.items() if name.startswith("detail-")}
    subject = fields.get("subject", "").strip()
    await zone.changes.propose(database, clock, session_of(request).operator, kind, subject, details)
    return zone.then("/proposals", "proposed")


@post("/proposals/{id_:str}/carry-out", opt=OPERATOR, status_code=303)
async def carry_out(request: Asked, zone: TheZone, database: TheDatabase, clock: TheClock, id_: str) -> Redirect:
    """Does what another operator proposed."""
    await zone.changes.carry_out(database, clock, session_of(request).operator, id_)
    return zone.then("/proposals", "carried-out")


@post("/proposals/{id_:str}/refuse", opt=OPERATOR, status_code=303)
async def refuse(request: Asked, zone: TheZone, database: TheDatabase, clock: TheClock, id_: str) -> Redirect:
    """Ends a proposal without doing it."""
    await zone.changes.refuse(database, clock, session_of(request).operator, id_)
    return zone.then("/proposals", "refused")


def proposable(changes: TwoPerson, operator: Operator) -> list[ProposalKind]:
    """Gives what an operator may propose with the form of this page."""
    return [
        kind
        for kind, change in changes.changes.items()
        if kind not in WITH_A_LINK and operator.role.includes(change.role)
    ]


def waits_for(changes: TwoPerson, operator: Operator, one: Proposal) -> bool:
    """Says whether an operator may carry a proposal out."""
    return operator.id != one.proposed_by and operator.role.includes(changes.changes[one.kind].role)


def what_it_does(changes: TwoPerson, kind: ProposalKind) -> str:
    """Gives a sentence about a kind of change: the first line of what its effect says of itself."""
    return (changes.changes[kind].effect.__doc__ or "").strip().partition("\n")[0]


def _kind(changes: TwoPerson, text: str) -> ProposalKind:
    known = next((kind for kind in changes.changes if kind.value == text and kind not in WITH_A_LINK), None)
    if known is None:
        raise InvalidInputError(field="kind", problem="is not to be proposed here.", remedy="Choose one of the page's.")
    return known
