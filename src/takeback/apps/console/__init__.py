"""The operators' zone: pages written by the server, below /console. What every zone of staff has is in apps/staff."""

from __future__ import annotations

from litestar import Router
from litestar.di import Provide

from takeback.apps.console import applications, decoys, entries, installation, negative, participants, today
from takeback.apps.console.pages import CONSOLE
from takeback.apps.staff import staff_router
from takeback.clearinghouse.public_reader import PublicReader
from takeback.clearinghouse.verification import PublicReader as Reader
from takeback.clock import Clock
from takeback.settings import Settings
from takeback.storage.database import Database


def console_router(settings: Settings, database: Database, clock: Clock, reader: Reader | None = None) -> Router:
    """Gives the zone. `reader` looks at applicants' domains; by default, on the public internet."""
    used_reader = reader or PublicReader()
    screens = [
        *(today.today, today.statistics, installation.settings_page, installation.health_page),
        *(participants.participants, participants.participant),
        *(participants.suspend, participants.agreed, participants.leave),
        *(applications.applications, applications.application),
        *(applications.verify, applications.admit, applications.refuse),
        *(entries.suspended, entries.release_held, entries.find, entries.entry, entries.suspend, entries.fingerprints),
        *(decoys.decoys, decoys.make, decoys.withdraw, decoys.found, negative.negative),
    ]
    provided = {"reader": Provide(lambda: used_reader, sync_to_thread=False)}
    return staff_router(CONSOLE, settings, database, clock, [*screens], **provided)
