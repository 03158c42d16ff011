"""Times as they come out of the database: SQLite drops the zone, PostgreSQL gives its own."""

from __future__ import annotations

from datetime import UTC, datetime


def utc(moment: datetime) -> datetime:
    """Gives it in UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def utc_or_none(moment: datetime | None) -> datetime | None:
    """Gives it in UTC, where it is one."""
    return None if moment is None else utc(moment)
