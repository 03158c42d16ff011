"""Notices at the desk: the queue by its clocks, and one of them. What it names is decided as a hold, piece by piece."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.response.redirect import Redirect

from takeback.apps.desk.pages import TheDeskSettings, page, then
from takeback.apps.installed import TheClock, TheDatabase
from takeback.apps.staff.access import OPERATOR, Asked, form, session_of
from takeback.errors import InvalidInputError
from takeback.model.notice import Notice
from takeback.model.received_notice import Refusal
from takeback.participant.notices import deciding, misuse, reading
from takeback.participant.notices.texts import texts_of

#: The word of the form that grants a notice; every other one refuses it.
GRANT = "grant"


@get("/notices", opt=OPERATOR)
async def notices(
    request: Asked, database: TheDatabase, clock: TheClock, settings: TheDeskSettings, flagged: bool = False
) -> Response[str]:
    """Shows what waits, what runs out first before the others; or what trusted flaggers sent, alone."""
    rows = await reading.queue(database, limit=settings.staff_page_rows, flagged=flagged)
    return page(request, "notices", rows=rows, now=clock.now(), flagged=flagged)


@get("/notices/{number:str}", opt=OPERATOR)
async def notice(request: Asked, database: TheDatabase, clock: TheClock, number: str) -> Response[str]:
    """Shows one, without what it says."""
    return await _one(request, database, clock, number)


@post("/notices/{number:str}/letter", opt=OPERATOR, status_code=200)
async def letter(request: Asked, database: TheDatabase, clock: TheClock, number: str) -> Response[str]:
    """Shows one with what it says, names and addresses too. The audit says who read it."""
    said = await reading.read_letter(database, clock, session_of(request).operator, number)
    return await _one(request, database, clock, number, said)


@post("/notices/{number:str}/decide", opt=OPERATOR, status_code=303)
async def decide(
    request: Asked, database: TheDatabase, clock: TheClock, settings: TheDeskSettings, number: str
) -> Redirect:
    """Grants one, or refuses it for a reason."""
    word = (await form(request)).get("outcome", "")
    if word not in (GRANT, *Refusal):
        raise InvalidInputError(field="outcome", problem="is missing.", remedy="Choose what becomes of the notice.")
    refusal = None if word == GRANT else Refusal(word)
    await deciding.decide(database, clock, settings, session_of(request).operator, number, refusal)
    return then("/notices", "notice")


async def _one(
    request: Asked, database: TheDatabase, clock: TheClock, number: str, said: Notice | None = None
) -> Response[str]:
    found = await reading.details(database, number)
    operator, about = session_of(request).operator, found.standing.notice
    counts = await misuse.counts_of(database, clock, about)
    may = operator.role.includes(reading.role_for(about))
    sentences = texts_of("en")["reasons"]
    return page(request, "notice", found=found, counts=counts, said=said, may=may, reasons=sentences, now=clock.now())
