"""Suspended entries, and the fingerprints of one entry for an administrator who asks."""

from __future__ import annotations

from typing import Annotated

from litestar import Response, get, post
from litestar.params import Parameter

from takeback.apps.console.pages import page
from takeback.apps.dependencies import TheSettings
from takeback.apps.installed import TheClock, TheDatabase
from takeback.apps.staff.access import ADMINISTRATOR, OPERATOR, Asked, session_of
from takeback.clearinghouse.looking import fingerprints_of
from takeback.clearinghouse.looking import suspended as suspended_entries
from takeback.clearinghouse.two_person import CHANGES

_Page = Annotated[int, Parameter(query="page", ge=1, le=100_000)]


@get("/suspended", opt=OPERATOR)
async def suspended(request: Asked, database: TheDatabase, settings: TheSettings, number: _Page = 1) -> Response[str]:
    """Shows suspended entries, the latest first, and what may be proposed for one."""
    size = settings.staff_page_rows
    rows = await suspended_entries(database, limit=size + 1, skip=(number - 1) * size)
    kinds = [kind.value for kind in CHANGES if kind.value.endswith("entry")]
    return page(request, "suspended", rows=rows[:size], more=len(rows) > size, number=number, kinds=kinds)


@post("/entries/{id_:str}/fingerprints", opt=ADMINISTRATOR, status_code=200)
async def fingerprints(request: Asked, database: TheDatabase, clock: TheClock, id_: str) -> Response[str]:
    """Shows the fingerprints of one entry. It is a form, not a link: nobody comes here by accident, and it is noted."""
    entry, prints = await fingerprints_of(database, clock, session_of(request).operator, id_)
    return page(request, "entry", entry=entry, prints=prints)
