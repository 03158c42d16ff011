"""Keys of the platform's own services."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.agent_key import AgentKey, KeyRole
from takeback.storage.platform.schema import agent_key


async def add(connection: AsyncConnection, new: AgentKey, digest: bytes) -> None:
    """Adds a key."""
    await connection.execute(
        insert(agent_key).values(
            id=new.id, name=new.name, role=new.role.value, digest=digest, added_on=new.added_on, revoked_on=None
        )
    )


async def named(connection: AsyncConnection, name: str) -> AgentKey | None:
    """Gives the key of that name, or None."""
    row = (await connection.execute(select(agent_key).where(agent_key.c.name == name))).one_or_none()
    return None if row is None else _key(row)


async def with_digest(connection: AsyncConnection, id_: str) -> tuple[AgentKey, bytes] | None:
    """Gives the key of that id and its digest, or None."""
    row = (await connection.execute(select(agent_key).where(agent_key.c.id == id_))).one_or_none()
    return None if row is None else (_key(row), bytes(row.digest))


async def everything(connection: AsyncConnection) -> list[AgentKey]:
    """Gives all keys by name."""
    return [_key(row) for row in await connection.execute(select(agent_key).order_by(agent_key.c.name))]


async def revoke(connection: AsyncConnection, id_: str, day: date) -> None:
    """Ends a key."""
    await connection.execute(update(agent_key).where(agent_key.c.id == id_).values(revoked_on=day))


def _key(row: Row[Any]) -> AgentKey:
    return AgentKey(row.id, row.name, KeyRole(row.role), row.added_on, row.revoked_on)
