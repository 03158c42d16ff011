"""A month of notices, for a regulator: made of the log, which cannot be changed and names nobody."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clock import Clock
from takeback.model.notice_log import Figures, LoggedEvent, MonthReport, month_begins, month_report
from takeback.platform_settings import PlatformSettings
from takeback.storage.database import Database
from takeback.storage.platform import notice_log

#: The columns of the table, in order: which notices, and every figure.
COLUMNS = ("month", "of", *(name for name in Figures.__dataclass_fields__ if name != "refused_because"))


async def month_of_notices(database: Database, clock: Clock, settings: PlatformSettings, month: str) -> MonthReport:
    """Gives the figures of a month (`2026-11`, UTC). Raises InvalidInputError for what is no month."""
    begin = month_begins(month)

    async def work(connection: AsyncConnection) -> list[LoggedEvent]:
        return [one async for one in notice_log.since(connection, begin)]

    events = await database.read("notice-log", work)
    return month_report(events, month, clock.now(), settings.notice_due_hours)


def rows(report: MonthReport) -> list[dict[str, object]]:
    """Gives the figures as a table with COLUMNS: of all, then by law, then by lane."""
    groups = [("all", report.all)]
    groups += [(f"law {name}", one) for name, one in report.by_law.items()]
    groups += [(f"lane {name}", one) for name, one in report.by_lane.items()]
    return [
        {"month": report.month, "of": of} | {name: getattr(one, name) for name in COLUMNS[2:]} for of, one in groups
    ]
