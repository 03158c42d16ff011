"""Entries that wait for a person, one entry by itself, and its fingerprints for an administrator who asks."""

from __future__ import annotations

from typing import Annotated

from litestar import Response, get, post
from litestar.params import Parameter
from litestar.response.redirect import Redirect

from takeback.apps.console.pages import CONSOLE, page, then
from takeback.apps.dependencies import TheSettings
from takeback.apps.installed import TheClock, TheDatabase
from takeback.apps.staff.access import ADMINISTRATOR, OPERATOR, Asked, session_of
from takeback.clearinghouse import looking, review
from takeback.clearinghouse.participants import all_participants
from takeback.clearinghouse.trust import JUDGED
from takeback.model.entry import EntryState
from takeback.model.participant import ParticipantState
from takeback.model.proposal import ProposalKind
from takeback.model.suspension import SuspendedBy
from takeback.model.tier import Tier

_Page = Annotated[int, Parameter(query="page", ge=1, le=100_000)]
_Text = Annotated[str, Parameter(max_length=100)]
#: Why an entry is off the list, in words. One from before this was kept was suspended by votes.
WHY = {
    None: "verdicts of participants",
    SuspendedBy.VOTES: "verdicts of participants",
    SuspendedBy.OPERATOR: "an operator",
    SuspendedBy.HITS: "too many hits",
    SuspendedBy.NEGATIVE: "near to the negative list",
}


@get("/suspended", opt=OPERATOR)
async def suspended(
    request: Asked, database: TheDatabase, clock: TheClock, settings: TheSettings, number: _Page = 1
) -> Response[str]:
    """Shows suspended entries, the latest first, and why; bursts that are held; and the way to any other entry."""
    size = settings.staff_page_rows
    rows = await looking.suspended(database, limit=size + 1, skip=(number - 1) * size)
    held = await looking.held(database, clock)
    there = [one for one in await all_participants(database) if one.state is not ParticipantState.LEFT]
    more = len(rows) > size
    return page(
        request, "suspended", rows=rows[:size], more=more, number=number, held=held, participants=there, why=WHY
    )


@post("/suspended/release-held", opt=OPERATOR, status_code=303)
async def release_held(request: Asked, database: TheDatabase, clock: TheClock) -> Redirect:
    """Has what came in bursts go out with the next publication."""
    await review.release_held(database, clock, session_of(request).operator)
    return then("/suspended", "released-held")


@get("/entry", opt=OPERATOR)
async def find(database: TheDatabase, entry: _Text = "", participant: _Text = "") -> Redirect:
    """Leads to an entry by our id of it, or by a participant's."""
    id_ = await review.entry_named(database, entry.strip().lower(), on_list_of=participant or None)
    await review.look_at(database, id_)
    return Redirect(f"{CONSOLE.base}/{looking.subject_of(id_)}", status_code=303)


@get("/entry/{id_:str}", opt=OPERATOR)
async def entry(request: Asked, database: TheDatabase, id_: str) -> Response[str]:
    """Shows what is known of one entry, and what may be done about it. No fingerprint stands here."""
    found = await review.look_at(database, looking.entry_id(id_))
    one, by_votes = found.entry, found.entry.suspended_by in (None, SuspendedBy.VOTES)
    kinds = [ProposalKind.VERIFY_ENTRY] if one.state in JUDGED and one.tier is not Tier.VERIFIED else []
    kinds += [ProposalKind.RELEASE_ENTRY] if one.state is EntryState.SUSPENDED else []
    suspendable = one.state is not EntryState.WITHDRAWN and by_votes
    return page(request, "entry", found=found, kinds=kinds, suspendable=suspendable, why=WHY)


@post("/entry/{id_:str}/suspend", opt=OPERATOR, status_code=303)
async def suspend(request: Asked, database: TheDatabase, clock: TheClock, id_: str) -> Redirect:
    """Takes an entry off everybody's list at once."""
    known = looking.entry_id(id_)
    await review.suspend_entry(database, clock, session_of(request).operator, known)
    return then(f"/{looking.subject_of(known)}", "suspended-entry")


@post("/entry/{id_:str}/fingerprints", opt=ADMINISTRATOR, status_code=200)
async def fingerprints(request: Asked, database: TheDatabase, clock: TheClock, id_: str) -> Response[str]:
    """Shows the fingerprints of one entry. It is a form, not a link: nobody comes here by accident, and it is noted."""
    found, prints = await looking.fingerprints_of(database, clock, session_of(request).operator, id_)
    return page(request, "fingerprints", entry=found, prints=prints)
