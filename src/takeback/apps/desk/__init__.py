"""The desk's zone: pages written by the server, below /desk. What every zone of staff has is in apps/staff."""

from __future__ import annotations

from litestar import Router

from takeback.apps.desk import appeals, brakes, evidence, holds, notices, queue, report_form, reports, today
from takeback.apps.desk.pages import DESK
from takeback.apps.staff import staff_router
from takeback.clock import Clock
from takeback.platform_settings import PlatformSettings
from takeback.storage.database import Database


def desk_router(settings: PlatformSettings, database: Database, clock: Clock) -> Router:
    """Gives the zone. Its app provides `settings`, `database` and `clock`."""
    screens = [
        *(today.today, queue.waiting, queue.escalated, queue.next_one, queue.next_escalated),
        *(holds.hold, holds.open_one, holds.look, holds.picture, holds.decide, holds.skip, holds.apart),
        *(appeals.appeals, appeals.appeal, appeals.decide),
        *(notices.notices, notices.notice, notices.letter, notices.decide),
        *(brakes.brakes, brakes.decide, brakes.negative),
        *(evidence.evidence, evidence.item, report_form.blank, report_form.build),
        *(reports.reports, reports.report, reports.propose, reports.send, reports.retract, reports.settle),
    ]
    return staff_router(DESK, settings, database, clock, [*screens])
