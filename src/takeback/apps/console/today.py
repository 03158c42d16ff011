"""Today at a glance, and the numbers behind it."""

from __future__ import annotations

from litestar import Response, get

from takeback.apps.console.pages import page
from takeback.apps.dependencies import TheSettings
from takeback.apps.installed import TheClock, TheDatabase
from takeback.apps.staff.access import VIEWER, Asked
from takeback.apps.staff.plots import Plot, by_day, by_kind
from takeback.clearinghouse.picture import Picture, picture
from takeback.clearinghouse.statistics import list_statistics
from takeback.model.tier import Tier


@get("/", opt=VIEWER)
async def today(request: Asked, database: TheDatabase, clock: TheClock, settings: TheSettings) -> Response[str]:
    """Shows today's picture."""
    found = await picture(database, clock, settings)
    return page(request, "today", found=found, plots=plots(found))


@get("/statistics", opt=VIEWER)
async def statistics(request: Asked, database: TheDatabase) -> Response[str]:
    """Shows every count."""
    return page(request, "statistics", found=await list_statistics(database))


def plots(found: Picture) -> list[Plot]:
    """Gives what is drawn, in the order of the page."""
    withdrawals = {day.isoformat(): number for day, number in found.withdrawals.items()}
    listed = {tier.value: found.statistics.listed_by_tier.get(tier.value, 0) for tier in Tier}
    return [
        by_day("published", "Intake", "Entries published", {"published": found.published}),
        by_day("feedback", "Feedback", "Verdicts", {"confirmed": found.confirmed, "wrong": found.wrong}),
        by_kind("states", "Entries by state", "Entries", found.statistics.entries_by_state),
        by_kind("tiers", "Listed entries by tier", "Listed entries", listed),
        by_kind("suspended", "Suspended entries by tier", "Suspended entries", found.suspended_by_tier),
        by_kind("fetched", "When participants last fetched", "Active participants", found.last_fetch),
        by_kind("suspended-for", "How long entries are suspended", "Suspended entries", found.suspended_ages),
        by_kind("applications", "How long applications wait", "Open applications", found.application_ages),
        by_kind("held", "How long bursts are held", "Held entries", found.held_ages),
        by_kind("proposals", "How long proposals wait", "Open proposals", found.proposal_ages),
        by_kind("withdrawals", "Withdrawals asked for ahead", "Entries", withdrawals),
    ]
