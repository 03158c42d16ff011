"""How the lists stand that the agent follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.storage.moments import utc
from takeback.storage.platform.schema import followed_list


@dataclass(frozen=True, slots=True)
class FollowedState:
    """How the last sync of a list ended: `error` is a code of the error tree, None when it ended well."""

    name: str
    entries: int
    skipped: int
    tried_at: datetime
    error: str | None = None
    detail: str | None = None


async def keep(connection: AsyncConnection, state: FollowedState) -> None:
    """Keeps a state in place of the earlier one."""
    await connection.execute(delete(followed_list).where(followed_list.c.name == state.name))
    await connection.execute(
        insert(followed_list).values(
            name=state.name,
            entries=state.entries,
            skipped=state.skipped,
            tried_at=state.tried_at,
            error=state.error,
            detail=state.detail,
        )
    )


async def everything(connection: AsyncConnection) -> dict[str, FollowedState]:
    """Gives all states by name."""
    rows = await connection.execute(select(followed_list))
    return {
        row.name: FollowedState(row.name, row.entries, row.skipped, utc(row.tried_at), row.error, row.detail)
        for row in rows
    }
