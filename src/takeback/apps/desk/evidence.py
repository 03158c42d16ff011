"""What is kept sealed, and who read it. Nothing that is kept is shown here."""

from __future__ import annotations

from litestar import Response, get

from takeback.apps.desk.pages import TheDeskSettings, page
from takeback.apps.installed import TheClock, TheDatabase
from takeback.apps.staff.access import CHILD_SAFETY, Asked, session_of
from takeback.participant.reports.evidence import EvidenceStore
from takeback.staff.audit_search import names_of_staff


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
