"""Decoys: drawings that show who still finds what was taken back."""

from __future__ import annotations

from typing import Annotated

from litestar import Response, get, post
from litestar.params import Parameter
from litestar.response.redirect import Redirect

from takeback.apps.console.pages import page, then
from takeback.apps.installed import TheClock, TheDatabase
from takeback.apps.staff.access import OPERATOR, Asked, form, session_of
from takeback.clearinghouse import decoys as use
from takeback.clearinghouse.participants import all_participants
from takeback.model.participant import ParticipantState
from takeback.wire.pasted import picture_of

_Text = Annotated[str, Parameter(max_length=100)]


@get("/decoys", opt=OPERATOR)
async def decoys(request: Asked, database: TheDatabase, participant: _Text = "") -> Response[str]:
    """Shows every decoy, and asks for a new one. `participant` is chosen already."""
    all_ = await all_participants(database)
    live = [one for one in all_ if one.state is ParticipantState.ACTIVE]
    names = {one.id: one.name for one in all_}
    rows = await use.all_decoys(database)
    return page(request, "decoys", rows=rows, names=names, live=live, chosen=participant)


@post("/decoys", opt=OPERATOR, status_code=303)
async def make(request: Asked, database: TheDatabase, clock: TheClock) -> Redirect:
    """Lists a drawing with the next publication, by the fingerprints that its maker pasted: no picture comes here."""
    fields = await form(request)
    prints = picture_of(fields.get("values", ""), field="values")
    await use.add_decoy(database, clock, session_of(request).operator, fields.get("participant", ""), prints)
    return then("/decoys", "listed-decoy")


@post("/decoys/{id_:str}/withdraw", opt=OPERATOR, status_code=303)
async def withdraw(request: Asked, database: TheDatabase, clock: TheClock, id_: str) -> Redirect:
    """Takes a decoy off the list."""
    await use.withdraw_decoy(database, clock, session_of(request).operator, id_)
    return then("/decoys", "withdrew-decoy")


@post("/decoys/{id_:str}/found", opt=OPERATOR, status_code=303)
async def found(request: Asked, database: TheDatabase, clock: TheClock, id_: str) -> Redirect:
    """Keeps that the operator saw its participant find it today."""
    await use.found_by_hand(database, clock, session_of(request).operator, id_)
    return then("/decoys", "found-decoy")
