"""Proposals: what waits for a second operator, and making a new one. New kinds of change need nothing here."""

from __future__ import annotations

from typing import Annotated

from litestar import Response, get, post
from litestar.params import Parameter
from litestar.response.redirect import Redirect

from takeback.apps.console.access import OPERATOR, Asked, form, session_of
from takeback.apps.console.pages import ago, page, then
from takeback.apps.dependencies import TheClock, TheDatabase
from takeback.clearinghouse import two_person
from takeback.clearinghouse.audit_search import names
from takeback.errors import InvalidInputError
from takeback.model.operator import Operator
from takeback.model.proposal import ProposalKind
from takeback.staff.two_person import open_proposals

#: Proposed where their links are made, in operators.py.
WITH_A_LINK = frozenset({ProposalKind.ADD_OPERATOR, ProposalKind.ENROL})
_Text = Annotated[str, Parameter(max_length=100)]


@get("/proposals", opt=OPERATOR)
async def proposals(request: Asked, database: TheDatabase, clock: TheClock, subject: _Text = "") -> Response[str]:
    """Shows what waits, and whether it waits for whoever asks."""
    operator = session_of(request).operator
    waiting = await open_proposals(database, clock)
    rows = [
        (one, ago(one.proposed_at, clock.now()), what_it_does(one.kind), waits_for(operator, one.kind, one.proposed_by))
        for one in waiting
    ]
    known = await names(database)
    return page(request, "proposals", rows=rows, names=known, kinds=proposable(operator), subject=subject)


@get("/proposals/new", opt=OPERATOR)
async def new(request: Asked, kind: _Text, subject: _Text = "") -> Response[str]:
    """Asks what is to change, and how."""
    chosen = _kind(kind)
    details = two_person.CHANGES[chosen].details
    return page(request, "propose", kind=chosen, does=what_it_does(chosen), subject=subject, details=details)


@post("/proposals", opt=OPERATOR, status_code=303)
async def propose(request: Asked, database: TheDatabase, clock: TheClock) -> Redirect:
    """Keeps a proposal."""
    fields = await form(request)
    kind = _kind(fields.get("kind", ""))
    details = {name.removeprefix("detail-"): text for name, text in fields.items() if name.startswith("detail-")}
    subject = fields.get("subject", "").strip()
    await two_person.propose(database, clock, session_of(request).operator, kind, subject, details)
    return then("/proposals", "proposed")


@post("/proposals/{id_:str}/carry-out", opt=OPERATOR, status_code=303)
async def carry_out(request: Asked, database: TheDatabase, clock: TheClock, id_: str) -> Redirect:
    """Does what another operator proposed."""
    await two_person.carry_out(database, clock, session_of(request).operator, id_)
    return then("/proposals", "carried-out")


@post("/proposals/{id_:str}/refuse", opt=OPERATOR, status_code=303)
async def refuse(request: Asked, database: TheDatabase, clock: TheClock, id_: str) -> Redirect:
    """Ends a proposal without doing it."""
    await two_person.refuse(database, clock, session_of(request).operator, id_)
    return then("/proposals", "refused")


def proposable(operator: Operator) -> list[ProposalKind]:
    """Gives what an operator may propose with the form of this page."""
    return [
        kind
        for kind, change in two_person.CHANGES.items()
        if kind not in WITH_A_LINK and operator.role.includes(change.role)
    ]


def waits_for(operator: Operator, kind: ProposalKind, proposed_by: str) -> bool:
    """Says whether an operator may carry a proposal out."""
    return operator.id != proposed_by and operator.role.includes(two_person.CHANGES[kind].role)


def what_it_does(kind: ProposalKind) -> str:
    """Gives a sentence about a kind of change: the first line of what its effect says of itself."""
    return (two_person.CHANGES[kind].effect.__doc__ or "").strip().partition("\n")[0]


def _kind(text: str) -> ProposalKind:
    if text not in tuple(ProposalKind) or ProposalKind(text) in WITH_A_LINK:
        raise InvalidInputError(field="kind", problem="is not to be proposed here.", remedy="Choose one of the page's.")
    return ProposalKind(text)
