"""One hold: what is known of it, seeing it where somebody wants to, and deciding."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.response.redirect import Redirect

from takeback.apps.desk.pages import TheDeskSettings, page, rest, then
from takeback.apps.installed import TheClock, TheDatabase
from takeback.apps.staff.access import OPERATOR, Asked, form, session_of
from takeback.errors import InvalidInputError
from takeback.model.hold import Decision, HoldState
from takeback.model.operator import Role
from takeback.model.reason import REASONS
from takeback.model.review import Seen
from takeback.participant.desk import decisions, opening, viewing
from takeback.participant.desk.facts import facts_of


@get("/holds/{id_:str}", opt=OPERATOR)
async def hold(request: Asked, database: TheDatabase, clock: TheClock, id_: str) -> Response[str]:
    """Shows all that is known, and never the picture unless it was asked for since it was opened."""
    operator = session_of(request).operator
    found = await facts_of(database, clock, operator, id_)
    mine = found.lease if found.lease is not None and found.lease.by == operator.id else None
    shown = [one.how for one in found.viewings if mine and one.by == operator.id and one.at >= mine.since]
    return page(
        request,
        "hold",
        found=found,
        mine=mine,
        back="/escalated" if found.escalated else "/queue",
        seen=shown[-1] if shown else None,
        may_report=operator.role.includes(Role.CHILD_SAFETY) and found.hold.state is HoldState.CONFIRMED,
        now=clock.now(),
        by_decision={
            decision: [one for one in REASONS if one.decision is decision]
            for decision in Decision
            if not (decision is Decision.ESCALATE and found.hold.state.value == "escalated")
        },
        says={one.word: one.says for one in REASONS},
    )


@post("/holds/{id_:str}/open", opt=OPERATOR, status_code=303)
async def open_one(
    request: Asked, database: TheDatabase, clock: TheClock, settings: TheDeskSettings, id_: str
) -> Redirect | Response[str]:
    """Opens it, so that nobody else is given it."""
    try:
        await opening.open_hold(database, clock, settings, session_of(request).operator, id_)
    except opening.BreakError as error:
        return rest(request, error)
    return Redirect(f"/desk/holds/{id_}", status_code=303)


@post("/holds/{id_:str}/look", opt=OPERATOR, status_code=303)
async def look(request: Asked, database: TheDatabase, clock: TheClock, settings: TheDeskSettings, id_: str) -> Redirect:
    """Asks to see it. It is a form, not a link: nobody sees one by accident, and it is noted."""
    how = _how((await form(request)).get("how", ""))
    await viewing.look(database, clock, settings, session_of(request).operator, id_, how)
    return Redirect(f"/desk/holds/{id_}#picture", status_code=303)


@get("/holds/{id_:str}/picture/{how:str}", opt=OPERATOR)
async def picture(
    request: Asked, database: TheDatabase, clock: TheClock, settings: TheDeskSettings, id_: str, how: str
) -> Response[bytes]:
    """Gives the picture as it was asked for."""
    drawn = await viewing.picture(database, clock, settings, session_of(request).operator, id_, _how(how))
    return Response(drawn, media_type="image/png")


@post("/holds/{id_:str}/decide", opt=OPERATOR, status_code=303)
async def decide(
    request: Asked, database: TheDatabase, clock: TheClock, settings: TheDeskSettings, id_: str
) -> Redirect:
    """Decides it and its copies. Shows what that did."""
    word = (await form(request)).get("reason", "")
    await decisions.decide(database, clock, settings, session_of(request).operator, id_, word)
    return Redirect(f"/desk/holds/{id_}", status_code=303)


@post("/holds/{id_:str}/skip", opt=OPERATOR, status_code=303)
async def skip(request: Asked, database: TheDatabase, clock: TheClock, settings: TheDeskSettings, id_: str) -> Redirect:
    """Gives it back undecided."""
    await opening.skip_hold(database, clock, settings, session_of(request).operator, id_)
    return then("/queue", "skipped")


@post("/holds/{id_:str}/apart", opt=OPERATOR, status_code=303)
async def apart(
    request: Asked, database: TheDatabase, clock: TheClock, settings: TheDeskSettings, id_: str
) -> Redirect:
    """Takes it from its copies, to be decided by itself."""
    await opening.set_apart(database, clock, settings, session_of(request).operator, id_)
    return then(f"/holds/{id_}", "apart")


def _how(text: str) -> Seen:
    if text not in tuple(Seen):
        raise InvalidInputError(field="how", problem="is not one of ours.", remedy=f"Choose {', '.join(Seen)}.")
    return Seen(text)
