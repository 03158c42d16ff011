"""The doors through which this platform's reports go: NCMEC's test, and the CyberTipline itself; and who uses them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from takeback.clock import Clock
from takeback.exchanges.cybertip import CyberTipline
from takeback.model.filing import Door
from takeback.participant.reports.evidence import EvidenceStore
from takeback.participant.reports.reports import Reports
from takeback.participant.reports.sending import Doors, Sending
from takeback.platform_settings import PlatformSettings
from takeback.storage.database import Database


def doors_of(settings: PlatformSettings) -> Doors:
    """Gives what opens each door; nothing is connected yet."""
    timeout_s = settings.cybertip_timeout_s
    test = settings.cybertip_test_url, settings.cybertip_test_user, settings.cybertip_test_password
    production = settings.cybertip_url, settings.cybertip_user, settings.cybertip_password
    return {
        Door.TEST: lambda: CyberTipline(*test, timeout_s=timeout_s),
        Door.PRODUCTION: lambda: CyberTipline(*production, timeout_s=timeout_s),
    }


@contextmanager
def reports_here(settings: PlatformSettings, database: Database, clock: Clock) -> Iterator[Reports]:
    """Gives this platform's reports. Nothing is sent by them; the authority's rules are those of its test."""
    with closing(doors_of(settings)[Door.TEST]()) as authority:
        yield Reports(settings, database, clock, EvidenceStore(settings, database, clock), authority)


def sending_here(settings: PlatformSettings, database: Database, clock: Clock) -> Sending:
    """Gives what sends this platform's reports."""
    return Sending(database, clock, EvidenceStore(settings, database, clock), doors_of(settings))
