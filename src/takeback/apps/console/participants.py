"""Participants: how each is doing and what it agreed to, shutting one out at once, and ending one for ever."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.response.redirect import Redirect

from takeback.apps.console.pages import page, then
from takeback.apps.dependencies import TheSettings
from takeback.apps.installed import TheClock, TheDatabase
from takeback.apps.staff.access import ADMINISTRATOR, OPERATOR, VIEWER, Asked, form, session_of
from takeback.apps.staff.zone import ago
from takeback.clearinghouse import participants as use
from takeback.clearinghouse.agreement import agreement_text
from takeback.clearinghouse.decoys import all_decoys
from takeback.clearinghouse.freshness import standings
from takeback.errors import InvalidInputError, NotFoundError
from takeback.model.application import types_text
from takeback.model.participant import ParticipantState
from takeback.model.proposal import ProposalKind

#: What lets a participant in from where it is, which takes two.
_NEXT = {
    ParticipantState.SANDBOX: ProposalKind.MAKE_LIVE,
    ParticipantState.SUSPENDED: ProposalKind.RESUME_PARTICIPANT,
}


@get("/participants", opt=VIEWER)
async def participants(request: Asked, database: TheDatabase, clock: TheClock, settings: TheSettings) -> Response[str]:
    """Shows all of them."""
    found, version = await standings(database, clock, settings), agreement_text(settings).version
    rows = [(one, ago(one.participant.last_sync_at, clock.now())) for one in found]
    outdated = sum(one.is_on_another(version) for one in found)
    return page(request, "participants", rows=rows, version=version, outdated=outdated)


@get("/participants/{id_:str}", opt=VIEWER)
async def participant(
    request: Asked, database: TheDatabase, clock: TheClock, settings: TheSettings, id_: str
) -> Response[str]:
    """Shows one of them."""
    all_ = await standings(database, clock, settings)
    found = next((one for one in all_ if one.participant.id == id_), None)
    if found is None:
        raise NotFoundError("There is no participant of that id.")
    one, version = found.participant, agreement_text(settings).version
    return page(
        request,
        "participant",
        one=one,
        types=types_text(one.types).split(","),
        health=found.health,
        agreed=found.agreement,
        version=version,
        outdated=found.is_on_another(version),
        decoys=[decoy for decoy in await all_decoys(database) if decoy.participant == id_],
        fetched=ago(one.last_sync_at, clock.now()),
        failed=ago(one.last_error_at, clock.now()),
        next=_NEXT.get(one.state),
    )


@post("/participants/{id_:str}/suspend", opt=OPERATOR, status_code=303)
async def suspend(request: Asked, database: TheDatabase, clock: TheClock, id_: str) -> Redirect:
    """Shuts a participant out, from its next request on."""
    await use.suspend(database, clock, id_, by=session_of(request).operator.id)
    return then(f"/participants/{id_}", "suspended")


@post("/participants/{id_:str}/agreed", opt=OPERATOR, status_code=303)
async def agreed(request: Asked, database: TheDatabase, clock: TheClock, settings: TheSettings, id_: str) -> Redirect:
    """Keeps that a participant has agreed to the version that the page has named."""
    version = (await form(request)).get("version", "")
    await use.agreed_to(database, clock, settings, id_, version, by=session_of(request).operator.id)
    return then(f"/participants/{id_}", "agreed")


@post("/participants/{id_:str}/leave", opt=ADMINISTRATOR, status_code=303)
async def leave(request: Asked, database: TheDatabase, clock: TheClock, id_: str) -> Redirect:
    """Ends a participant for ever. As nothing brings it back, whoever asks has to say that it is meant."""
    if (await form(request)).get("sure") != "yes":
        problem, remedy = "is not ticked.", "Tick that it is meant: nothing brings this participant back."
        raise InvalidInputError(field="sure", problem=problem, remedy=remedy)
    await use.leave(database, clock, id_, by=session_of(request).operator.id)
    return then(f"/participants/{id_}", "left")
