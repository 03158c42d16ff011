"""The queue: what waits, and opening the next one."""

from __future__ import annotations

from typing import Annotated

from litestar import Response, get, post
from litestar.params import Parameter
from litestar.response.redirect import Redirect

from takeback.apps.desk.pages import TheDeskSettings, page, rest, then
from takeback.apps.installed import TheClock, TheDatabase
from takeback.apps.staff.access import CHILD_SAFETY, OPERATOR, Asked, form, session_of
from takeback.errors import InvalidInputError
from takeback.model.hold import HoldState, Source, Surface
from takeback.model.standing import EntryStanding
from takeback.participant.desk import opening
from takeback.storage.platform import standings
from takeback.storage.platform.queue import Wanted, lists_in

_Text = Annotated[str, Parameter(max_length=100)]
_Page = Annotated[int, Parameter(query="page", ge=1, le=100_000)]
_KINDS = ("image", "video")


@get("/queue", opt=OPERATOR)
async def waiting(
    request: Asked,
    database: TheDatabase,
    clock: TheClock,
    settings: TheDeskSettings,
    *,
    list_: Annotated[str, Parameter(query="list", max_length=100)] = "",
    source: _Text = "",
    surface: _Text = "",
    kind: _Text = "",
    due: _Text = "",
    number: _Page = 1,
) -> Response[str]:
    """Shows what waits, what is due first on top."""
    asked = {"list": list_, "source": source, "surface": surface, "kind": kind, "due": due}
    return await _shown(request, database, clock, settings, wanted_of(asked), asked, number)


@get("/escalated", opt=CHILD_SAFETY)
async def escalated(
    request: Asked, database: TheDatabase, clock: TheClock, settings: TheDeskSettings, number: _Page = 1
) -> Response[str]:
    """Shows what was escalated."""
    return await _shown(request, database, clock, settings, Wanted(HoldState.ESCALATED), {}, number)


@post("/queue/next", opt=OPERATOR, status_code=303)
async def next_one(
    request: Asked, database: TheDatabase, clock: TheClock, settings: TheDeskSettings
) -> Redirect | Response[str]:
    """Opens what is due first of what fits."""
    return await _next(request, database, clock, settings, wanted_of(await form(request)), "/queue")


@post("/escalated/next", opt=CHILD_SAFETY, status_code=303)
async def next_escalated(
    request: Asked, database: TheDatabase, clock: TheClock, settings: TheDeskSettings
) -> Redirect | Response[str]:
    """The same of what was escalated."""
    return await _next(request, database, clock, settings, Wanted(HoldState.ESCALATED), "/escalated")


def wanted_of(asked: dict[str, str]) -> Wanted:
    """Gives what filters mean; an empty one means nothing. Raises InvalidInputError."""
    kind = asked.get("kind") or None
    if kind is not None and kind not in _KINDS:
        raise InvalidInputError(field="kind", problem="is not one of ours.", remedy="Choose image or video.")
    try:
        source = Source(asked["source"]) if asked.get("source") else None
        surface = Surface(asked["surface"]) if asked.get("surface") else None
    except ValueError:
        remedy = f"Choose {', '.join(Source)}; {', '.join(Surface)}."
        raise InvalidInputError(field="source or surface", problem="is not one of ours.", remedy=remedy) from None
    return Wanted(HoldState.OPEN, asked.get("list") or None, source, surface, kind, bool(asked.get("due")))


async def _shown(
    request: Asked,
    database: TheDatabase,
    clock: TheClock,
    settings: TheDeskSettings,
    wanted: Wanted,
    asked: dict[str, str],
    number: int,
) -> Response[str]:
    operator, size = session_of(request).operator, settings.staff_page_rows
    rows = await opening.waiting(database, clock, operator, wanted, limit=size + 1, skip=(number - 1) * size)
    return page(
        request,
        "queue",
        rows=rows[:size],
        more=len(rows) > size,
        number=number,
        now=clock.now(),
        asked=asked,
        lists=await database.read("lists", lists_in) if asked else [],
        quarantined=await database.read("quarantined", lambda c: standings.count(c, EntryStanding.QUARANTINED)),
        choices={"source": list(Source), "surface": list(Surface), "kind": _KINDS},
    )


async def _next(
    request: Asked, database: TheDatabase, clock: TheClock, settings: TheDeskSettings, wanted: Wanted, back: str
) -> Redirect | Response[str]:
    try:
        found = await opening.open_next(database, clock, settings, session_of(request).operator, wanted)
    except opening.BreakError as error:
        return rest(request, error)
    if found is None:
        return then(back, "nothing")
    return Redirect(f"/desk/holds/{found.id}", status_code=303)
