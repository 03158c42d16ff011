"""How what waits for a person because of a notice ends, when the notice does."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.hold import HoldState
from takeback.storage.platform.schema import hold


async def end(connection: AsyncConnection, id_: str, state: HoldState, *, by: str, reason: str, at: datetime) -> None:
    """Ends a hold with a decision. `by` is who decided, or `policy`."""
    values = {"state": state.value, "decided_by": by, "decided_at": at, "reason": reason}
    await connection.execute(update(hold).where(hold.c.id == id_).values(**values))
