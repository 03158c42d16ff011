"""Appeals of uploaders: somebody else than the first reviewer looks again."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.response.redirect import Redirect

from takeback.apps.desk.pages import TheDeskSettings, page, then
from takeback.apps.installed import TheClock, TheDatabase
from takeback.apps.staff.access import OPERATOR, Asked, form, session_of
from takeback.model.hold import Decision
from takeback.model.reason import REASONS
from takeback.participant.desk import appealing
from takeback.participant.desk.facts import facts_of


@get("/appeals", opt=OPERATOR)
async def appeals(request: Asked, database: TheDatabase, settings: TheDeskSettings) -> Response[str]:
    """Shows what waits, oldest first."""
    rows = await appealing.open_appeals(database, session_of(request).operator, limit=settings.staff_page_rows)
    return page(request, "appeals", rows=rows)


@get("/appeals/{id_:str}", opt=OPERATOR)
async def appeal(request: Asked, database: TheDatabase, clock: TheClock, id_: str) -> Response[str]:
    """Shows one, with all that is known of its hold."""
    operator = session_of(request).operator
    found, hold = await appealing.find_appeal(database, operator, id_)
    facts = await facts_of(database, clock, operator, hold.id)
    reasons = [one for one in REASONS if one.decision in (Decision.CONFIRMED, Decision.WRONG)]
    says = {one.word: one.says for one in REASONS}
    return page(request, "appeal", one=found, found=facts, reasons=reasons, says=says, now=clock.now())


@post("/appeals/{id_:str}/decide", opt=OPERATOR, status_code=303)
async def decide(
    request: Asked, database: TheDatabase, clock: TheClock, settings: TheDeskSettings, id_: str
) -> Redirect:
    """Decides one."""
    word = (await form(request)).get("reason", "")
    await appealing.decide_appeal(database, clock, settings, session_of(request).operator, id_, word)
    return then("/appeals", "appeal")
