"""Searching what operators did."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from litestar import Response, get
from litestar.params import Parameter

from takeback.apps.installed import TheDatabase, TheStaffSettings
from takeback.apps.staff.access import OPERATOR, Asked
from takeback.apps.staff.zone import TheZone
from takeback.errors import InvalidInputError
from takeback.staff.audit_search import search
from takeback.storage.audit import Search

_Text = Annotated[str, Parameter(max_length=120)]
_Id = Annotated[int | None, Parameter(ge=0, le=2**62)]


@get("/audit", opt=OPERATOR)
async def audit(
    request: Asked,
    zone: TheZone,
    database: TheDatabase,
    settings: TheStaffSettings,
    actor: _Text = "",
    subject: _Text = "",
    action: _Text = "",
    since: _Text = "",
    until: _Text = "",
    before: _Id = None,
) -> Response[str]:
    """Shows events that fit, latest first, a page at a time."""
    days = (_day(since, "since"), _day(until, "until"))
    wanted = Search(actor.strip() or None, subject.strip() or None, action.strip() or None, *days, before)
    size = settings.staff_page_rows
    found, names = await search(database, wanted, size + 1, names=zone.names)
    asked = {"actor": actor, "subject": subject, "action": action, "since": since, "until": until}
    older = ""
    if len(found) > size:
        older = urlencode({name: text for name, text in asked.items() if text} | {"before": found[size - 1].id})
    return zone.page(request, "audit", asked=asked, rows=found[:size], names=names, older=older)


def _day(text: str, field: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidInputError(field=field, problem="is not a day.", remedy="Write it as 2026-12-31.") from None
