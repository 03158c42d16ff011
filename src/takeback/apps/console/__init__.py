"""The operators' zone: pages written by the server, below /console. What every zone of staff has is in apps/staff."""

from __future__ import annotations

from litestar import Router

from takeback.apps.console import entries, installation, negative, participants, today
from takeback.apps.console.pages import CONSOLE
from takeback.apps.staff import staff_router
from takeback.clock import Clock
from takeback.settings import Settings
from takeback.storage.database import Database


def console_router(settings: Settings, database: Database, clock: Clock) -> Router:
    """Gives the zone."""
    screens = [
        *(today.today, today.statistics, installation.settings_page, installation.health_page),
        *(participants.participants, participants.participant, participants.suspend),
        *(entries.suspended, entries.fingerprints, negative.negative),
    ]
    return staff_router(CONSOLE, settings, database, clock, [*screens])
