"""Looking through what operators did."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.storage import audit, operators, participants
from takeback.storage.audit import Event, Wanted
from takeback.storage.database import Database


async def search(database: Database, wanted: Wanted, limit: int) -> tuple[list[Event], dict[str, str]]:
    """Gives at most `limit` events, latest first, and names for the ids in them. Actor and subject may be names."""

    async def work(connection: AsyncConnection) -> tuple[list[Event], dict[str, str]]:
        known = await _names(connection)
        ids = {name: id_ for id_, name in known.items()}
        meant = replace(
            wanted, actor=ids.get(wanted.actor, wanted.actor), subject=ids.get(wanted.subject, wanted.subject)
        )
        found = await audit.search(connection, meant, limit)
        return found, known

    return await database.run("search-audit", work)


async def names(database: Database) -> dict[str, str]:
    """Gives the names of operators and participants by their ids."""
    return await database.run("names", _names)


async def _names(connection: AsyncConnection) -> dict[str, str]:
    staff = {one.id: one.name for one in await operators.all_(connection)}
    return staff | {one.id: one.name for one in await participants.all_(connection)}


def of_days(first: date | None, last: date | None) -> tuple[datetime | None, datetime | None]:
    """Gives the moments between which whole days lie, in UTC."""
    begin = None if first is None else datetime.combine(first, time(), UTC)
    end = None if last is None else datetime.combine(last + timedelta(days=1), time(), UTC)
    return begin, end
