"""Entries that hit too much, entries that a person has judged, and the negative bank."""

from __future__ import annotations

from itertools import groupby

from litestar import Response, get, post
from litestar.response.redirect import Redirect

from takeback.apps.desk.pages import TheDeskSettings, page, then
from takeback.apps.installed import TheClock, TheDatabase
from takeback.apps.staff.access import ADMINISTRATOR, OPERATOR, Asked, form, session_of
from takeback.errors import InvalidInputError
from takeback.matching.negative import patterns
from takeback.model.standing import EntryStanding
from takeback.participant.holds.brakes import decide_entry, standing_entries
from takeback.staff.audit_search import names_of_staff
from takeback.staff.negative import all_values

#: What a person may say of an entry; `release` takes back what was said.
_MAY = {
    "confirmed": EntryStanding.CONFIRMED,
    "deconfirmed": EntryStanding.DECONFIRMED,
    "release": None,
}


@get("/brakes", opt=OPERATOR)
async def brakes(request: Asked, database: TheDatabase, settings: TheDeskSettings) -> Response[str]:
    """Shows which entries stand otherwise here than on their list."""
    operator, size = session_of(request).operator, settings.staff_page_rows
    rows = {standing: await standing_entries(database, operator, standing, limit=size) for standing in EntryStanding}
    return page(request, "brakes", rows=rows, names=await database.read("names", names_of_staff))


@post("/brakes", opt=OPERATOR, status_code=303)
async def decide(request: Asked, database: TheDatabase, clock: TheClock) -> Redirect:
    """Says how an entry stands here."""
    fields = await form(request)
    said, list_, entry = fields.get("standing", ""), fields.get("list", "").strip(), fields.get("entry", "").strip()
    if said not in _MAY:
        raise InvalidInputError(field="standing", problem="is not one of ours.", remedy=f"Choose {', '.join(_MAY)}.")
    await decide_entry(database, clock, session_of(request).operator, list_, entry, _MAY[said])
    return then("/brakes", "entry")


@get("/negative", opt=ADMINISTRATOR)
async def negative(request: Asked, database: TheDatabase) -> Response[str]:
    """Shows the pictures of the negative bank."""
    rows = [(key, list(ones)) for key, ones in groupby(await all_values(database), key=lambda one: one.picture)]
    return page(request, "negative", rows=rows, generated=len(patterns()))
