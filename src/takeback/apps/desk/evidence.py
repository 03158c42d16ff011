"""What is kept sealed, who read it, and reports: how complete they are, and what a second person approves.

Nothing that is kept is shown here but the text of a report; building and sending are commands (`takeback report`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from litestar import Response, get, post
from litestar.response.redirect import Redirect

from takeback.apps.desk.pages import TheDeskSettings, page, then
from takeback.apps.installed import TheClock, TheDatabase
from takeback.apps.staff.access import CHILD_SAFETY, Asked, session_of
from takeback.clock import Clock
from takeback.model.filing import Door
from takeback.model.proposal import ProposalKind
from takeback.participant import two_person
from takeback.participant.reports.doors import doors_of
from takeback.participant.reports.evidence import EvidenceStore
from takeback.participant.reports.reports import Reports
from takeback.platform_settings import PlatformSettings
from takeback.staff.audit_search import names_of_staff
from takeback.storage.database import Database


@get("/evidence", opt=CHILD_SAFETY)
async def evidence(request: Asked, database: TheDatabase, clock: TheClock, settings: TheDeskSettings) -> Response[str]:
    """Shows what is kept, what is due first on top."""
    rows, orders = await EvidenceStore(settings, database, clock).list_(session_of(request).operator)
    return page(request, "evidence", rows=rows, orders=orders)


@get("/evidence/{id_:str}", opt=CHILD_SAFETY)
async def item(
    request: Asked, database: TheDatabase, clock: TheClock, settings: TheDeskSettings, id_: str
) -> Response[str]:
    """Shows what is known about an item, and who read it and why."""
    found, order, log = await EvidenceStore(settings, database, clock).show(session_of(request).operator, id_)
    return page(
        request, "evidence_item", one=found, order=order, log=log, names=await database.read("names", names_of_staff)
    )


@get("/reports", opt=CHILD_SAFETY)
async def reports(request: Asked, database: TheDatabase, clock: TheClock, settings: TheDeskSettings) -> Response[str]:
    """Shows how far the latest reports have come."""
    with _reports(settings, database, clock) as ours:
        return page(request, "reports", rows=await ours.list_(session_of(request).operator))


@get("/reports/{id_:str}", opt=CHILD_SAFETY)
async def report(
    request: Asked, database: TheDatabase, clock: TheClock, settings: TheDeskSettings, id_: str
) -> Response[str]:
    """Shows one as it would be sent, and what is missing in it. The access log has who read it."""
    with _reports(settings, database, clock) as ours:
        built = await ours.show(session_of(request).operator, id_)
    texts = {name: document.decode() for name, document in built.documents.items()}
    names = await database.read("names", names_of_staff)
    return page(request, "report", one=built.filing, complete=built.completeness, texts=texts, names=names)


@post("/reports/{id_:str}/propose", opt=CHILD_SAFETY, status_code=303)
async def propose(
    request: Asked, database: TheDatabase, clock: TheClock, settings: TheDeskSettings, id_: str
) -> Redirect:
    """Proposes to send one to the authority itself."""
    operator = session_of(request).operator
    with _reports(settings, database, clock) as ours:
        filing = await ours.find(operator, id_)
    await two_person.propose(database, clock, operator, ProposalKind.SUBMIT_REPORT, filing.id, {})
    return then("/proposals", "proposed")


@contextmanager
def _reports(settings: PlatformSettings, database: Database, clock: Clock) -> Iterator[Reports]:
    with closing(doors_of(settings)[Door.TEST]()) as authority:
        yield Reports(settings, database, clock, EvidenceStore(settings, database, clock), authority)
