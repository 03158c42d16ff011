"""Participants: how each is doing, and shutting one out at once."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.response.redirect import Redirect

from takeback.apps.console.pages import page, then
from takeback.apps.dependencies import TheSettings
from takeback.apps.installed import TheClock, TheDatabase
from takeback.apps.staff.access import OPERATOR, VIEWER, Asked, session_of
from takeback.apps.staff.zone import ago
from takeback.clearinghouse import participants as use
from takeback.clearinghouse.decoys import all_decoys
from takeback.clearinghouse.freshness import standings
from takeback.errors import NotFoundError


@get("/participants", opt=VIEWER)
async def participants(request: Asked, database: TheDatabase, clock: TheClock, settings: TheSettings) -> Response[str]:
    """Shows all of them."""
    found = await standings(database, clock, settings)
    rows = [(one, ago(one.participant.last_sync_at, clock.now())) for one in found]
    return page(request, "participants", rows=rows)


@get("/participants/{id_:str}", opt=VIEWER)
async def participant(
    request: Asked, database: TheDatabase, clock: TheClock, settings: TheSettings, id_: str
) -> Response[str]:
    """Shows one of them."""
    all_ = await standings(database, clock, settings)
    found = next((one for one in all_ if one.participant.id == id_), None)
    if found is None:
        raise NotFoundError("There is no participant of that id.")
    decoys = [one for one in await all_decoys(database) if one.participant == id_]
    one = found.participant
    fetched, failed = (ago(at, clock.now()) for at in (one.last_sync_at, one.last_error_at))
    return page(request, "participant", one=one, health=found.health, decoys=decoys, fetched=fetched, failed=failed)


@post("/participants/{id_:str}/suspend", opt=OPERATOR, status_code=303)
async def suspend(request: Asked, database: TheDatabase, clock: TheClock, id_: str) -> Redirect:
    """Shuts a participant out, from its next request on."""
    await use.suspend(database, clock, id_, by=session_of(request).operator.id)
    return then(f"/participants/{id_}", "suspended")
