"""Whether somebody at the desk has seen a held file itself: read from what the desk keeps of every time it showed one.

The rows are the desk's (`viewing`): a hold, who, when, and how: blurred or sharp.
"""

from __future__ import annotations

from sqlalchemy import column, exists, select, table
from sqlalchemy.ext.asyncio import AsyncConnection

_viewing = table("viewing", column("hold"), column("how"))

#: As a picture was shown, and as its metadata were.
SHARP, METADATA = "sharp", "metadata"


async def was_shown(connection: AsyncConnection, hold_id: str, how: str) -> bool:
    """Says whether the file of a hold was shown in that way, to anybody."""
    shown = exists().where(_viewing.c.hold == hold_id, _viewing.c.how == how)
    return bool((await connection.execute(select(shown))).scalar_one())
