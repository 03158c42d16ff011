"""The desk at a glance: counts and plots, for everybody who works here."""

from __future__ import annotations

from litestar import Response, get

from takeback.apps.desk.pages import page
from takeback.apps.installed import TheClock, TheDatabase
from takeback.apps.staff.access import VIEWER, Asked
from takeback.apps.staff.plots import Plot, by_day, by_kind
from takeback.participant.desk.figures import DeskFigures, desk_figures


@get("/", opt=VIEWER)
async def today(request: Asked, database: TheDatabase, clock: TheClock) -> Response[str]:
    """Shows today's picture."""
    found = await desk_figures(database, clock)
    return page(request, "today", found=found, plots=plots(found))


def plots(found: DeskFigures) -> list[Plot]:
    """Gives what is drawn, in the order of the page."""
    named = {f"{list_} ({right} of {all_})": right * 100 // all_ for list_, (right, all_) in found.precision.items()}
    return [
        by_day("hits", "Hits", "Contents held", found.held),
        by_day("decisions", "Decisions", "Decisions", found.decided),
        by_kind("precision", "How often each list was right, in percent", "Confirmed of decided pictures", named),
        by_kind("took", "From the hit to the decision", "Decisions", found.took),
        by_kind("waits", "How long pictures wait", "Pictures", found.waits),
    ]
