"""Reports: how complete each is, what a second person approves, sending and taking back.

Whatever acts says of which stage its page was (`Filing.stage`): where the report has gone on since, nothing is done and
the page is shown as it is now. So a form that is sent twice acts once.
"""

from __future__ import annotations

from litestar import Response, get, post
from litestar.background_tasks import BackgroundTask
from litestar.response.redirect import Redirect

from takeback import log
from takeback.apps.desk.pages import DESK, TheDeskSettings, page, then
from takeback.apps.installed import TheClock, TheDatabase
from takeback.apps.staff.access import CHILD_SAFETY, Asked, form, session_of
from takeback.errors import InvalidInputError, TakebackError
from takeback.model.filing import Door, Filing, ReportState
from takeback.model.proposal import Proposal, ProposalKind
from takeback.participant import two_person
from takeback.participant.reports.doors import reports_here, sending_here
from takeback.participant.reports.sending import BusyError, Rest
from takeback.platform_settings import PlatformSettings
from takeback.staff.audit_search import names_of_staff
from takeback.staff.two_person import open_proposals

#: Where a report may be sent: nowhere, which is a rehearsal, or through one of the doors.
REHEARSAL = "rehearsal"
_STANDS = {"stands": True, "none": False}


@get("/reports", opt=CHILD_SAFETY)
async def reports(request: Asked, database: TheDatabase, clock: TheClock, settings: TheDeskSettings) -> Response[str]:
    """Shows how far the latest reports have come."""
    with reports_here(settings, database, clock) as ours:
        return page(request, "reports", rows=await ours.list_(session_of(request).operator))


@get("/reports/{id_:str}", opt=CHILD_SAFETY)
async def report(
    request: Asked, database: TheDatabase, clock: TheClock, settings: TheDeskSettings, id_: str
) -> Response[str]:
    """Shows one as it would be sent, what is missing in it, and what to do next. The access log has who read it."""
    with reports_here(settings, database, clock) as ours:
        built = await ours.show(session_of(request).operator, id_)
    return page(
        request,
        "report",
        one=built.filing,
        files=list(zip(built.files, built.report.files, strict=True)),
        left_out=built.left_out,
        complete=built.completeness,
        texts={name: document.decode() for name, document in built.documents.items()},
        names=await database.read("names", names_of_staff),
        proposal=await _proposal(database, clock, id_),
        doors=_doors(settings, built.filing),
    )


@post("/reports/{id_:str}/propose", opt=CHILD_SAFETY, status_code=303)
async def propose(
    request: Asked, database: TheDatabase, clock: TheClock, settings: TheDeskSettings, id_: str
) -> Redirect:
    """Proposes to send one to the authority itself, once."""
    operator = session_of(request).operator
    with reports_here(settings, database, clock) as ours:
        filing = await ours.find(operator, id_)
    if await _proposal(database, clock, id_) is None:
        await two_person.propose(database, clock, operator, ProposalKind.SUBMIT_REPORT, filing.id, {})
    return then("/proposals", "proposed")


@post("/reports/{id_:str}/send", opt=CHILD_SAFETY, status_code=303)
async def send(request: Asked, database: TheDatabase, clock: TheClock, settings: TheDeskSettings, id_: str) -> Redirect:
    """Rehearses one, or begins to send it: that goes on behind the answer, and the page of the report has its state."""
    operator, fields = session_of(request).operator, await form(request)
    where = _where(fields.get("where", ""))
    with reports_here(settings, database, clock) as ours:
        if (await ours.find(operator, id_)).stage != fields.get("stage"):
            return then(f"/reports/{id_}", "meanwhile")
        if where is None:
            await ours.rehearse(operator, id_)
            return then(f"/reports/{id_}", "rehearsed")
    try:
        rest = await sending_here(settings, database, clock).begin(operator, id_, where)
    except BusyError:
        return then(f"/reports/{id_}", "busy")
    address = f"{DESK.base}/reports/{id_}?done=sending"
    return Redirect(address, status_code=303, background=BackgroundTask(_to_its_end, rest))


@post("/reports/{id_:str}/retract", opt=CHILD_SAFETY, status_code=303)
async def retract(
    request: Asked, database: TheDatabase, clock: TheClock, settings: TheDeskSettings, id_: str
) -> Redirect:
    """Takes one back that is not finished."""
    operator, fields = session_of(request).operator, await form(request)
    with reports_here(settings, database, clock) as ours:
        if (await ours.find(operator, id_)).stage != fields.get("stage"):
            return then(f"/reports/{id_}", "meanwhile")
    try:
        await sending_here(settings, database, clock).retract(operator, id_)
    except BusyError:
        return then(f"/reports/{id_}", "busy")
    return then(f"/reports/{id_}", "taken-back")


@post("/reports/{id_:str}/settle", opt=CHILD_SAFETY, status_code=303)
async def settle(
    request: Asked, database: TheDatabase, clock: TheClock, settings: TheDeskSettings, id_: str
) -> Redirect:
    """Notes what the authority answered about one of which nobody knew whether it stands."""
    answered = (await form(request)).get("answered", "")
    if answered not in _STANDS:
        raise InvalidInputError(field="answered", problem="is missing.", remedy="Choose what the authority answered.")
    sending = sending_here(settings, database, clock)
    await sending.settle(session_of(request).operator, id_, stands=_STANDS[answered])
    return then(f"/reports/{id_}", "settled")


async def _to_its_end(rest: Rest) -> None:
    """Sends what was begun. What goes wrong is kept with the report, which says what to do."""
    try:
        await rest()
    except TakebackError as error:
        log.logger().warning("report", code=error.code)
    except Exception as error:  # noqa: BLE001 - nobody waits for the answer any more
        log.logger().error("report", where=log.failure(error))


async def _proposal(database: TheDatabase, clock: TheClock, id_: str) -> Proposal | None:
    waiting = await open_proposals(database, clock)
    return next((one for one in waiting if (one.kind, one.subject) == (ProposalKind.SUBMIT_REPORT, id_)), None)


def _where(text: str) -> Door | None:
    if text == REHEARSAL:
        return None
    if text not in tuple(Door):
        raise InvalidInputError(field="where", problem="is missing.", remedy="Choose where it is sent.")
    return Door(text)


def _doors(settings: PlatformSettings, filing: Filing) -> list[Door]:
    """Where a report may go now: to production once a second person has approved it, to the test where there is one."""
    if filing.state.on_its_way:
        return [] if filing.door is None else [filing.door]
    if filing.state not in (ReportState.BUILT, ReportState.APPROVED):
        return []
    test = [Door.TEST] if settings.cybertip_test_user else []
    return [*test, Door.PRODUCTION] if filing.state is ReportState.APPROVED else test
