"""Looking through what was done, by names as well as by ids."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.audit import AuditEvent
from takeback.storage import audit, operators
from takeback.storage.audit import Search
from takeback.storage.database import Database

Names = Callable[[AsyncConnection], Awaitable[dict[str, str]]]
"""Gives the names that colleagues use, by ids."""


async def search(
    database: Database, what: Search, limit: int, *, names: Names
) -> tuple[list[AuditEvent], dict[str, str]]:
    """Gives at most `limit` events, newest first, and names for the ids in them. Actor and subject may be names."""

    async def work(connection: AsyncConnection) -> tuple[list[AuditEvent], dict[str, str]]:
        known = await names(connection)
        ids = {name: id_ for id_, name in known.items()}
        meant = replace(
            what,
            actor=ids.get(what.actor or "", what.actor),
            subject=ids.get(what.subject or "", what.subject),
        )
        return await audit.search(connection, meant, limit=limit), known

    return await database.run("search-audit", work)


async def names_of_staff(connection: AsyncConnection) -> dict[str, str]:
    """Gives the names of the staff by their ids."""
    return {one.id: one.name for one in await operators.all_(connection)}
