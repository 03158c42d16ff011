"""Looking through what operators did, by names as well as by ids."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.audit import AuditEvent
from takeback.storage import audit, operators, participants
from takeback.storage.audit import Search
from takeback.storage.database import Database


async def search(database: Database, what: Search, limit: int) -> tuple[list[AuditEvent], dict[str, str]]:
    """Gives at most `limit` events, newest first, and names for the ids in them. Actor and subject may be names."""

    async def work(connection: AsyncConnection) -> tuple[list[AuditEvent], dict[str, str]]:
        known = await _names(connection)
        ids = {name: id_ for id_, name in known.items()}
        meant = replace(
            what,
            actor=ids.get(what.actor or "", what.actor),
            subject=ids.get(what.subject or "", what.subject),
        )
        return await audit.search(connection, meant, limit=limit), known

    return await database.run("search-audit", work)


async def names(database: Database) -> dict[str, str]:
    """Gives the names of operators and participants by their ids."""
    return await database.run("names", _names)


async def _names(connection: AsyncConnection) -> dict[str, str]:
    staff = {one.id: one.name for one in await operators.all_(connection)}
    return staff | {one.id: one.name for one in await participants.all_(connection)}
