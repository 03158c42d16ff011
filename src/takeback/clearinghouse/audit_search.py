"""Looking through what operators did, by their names and those of participants."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.audit import AuditEvent
from takeback.staff import audit_search
from takeback.storage import participants
from takeback.storage.audit import Search
from takeback.storage.database import Database


async def search(database: Database, what: Search, limit: int) -> tuple[list[AuditEvent], dict[str, str]]:
    """Gives at most `limit` events, newest first, and names for the ids in them. Actor and subject may be names."""
    return await audit_search.search(database, what, limit, names=names_in)


async def names(database: Database) -> dict[str, str]:
    """Gives the names of operators and participants by their ids."""
    return await database.run("names", names_in)


async def names_in(connection: AsyncConnection) -> dict[str, str]:
    """Gives them in a transaction that runs."""
    staff = await audit_search.names_of_staff(connection)
    return staff | {one.id: one.name for one in await participants.all_(connection)}
