"""What the ids in the audit are called: names of operators and of participants."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.staff.audit_search import names_of_staff
from takeback.storage import participants


async def names_in(connection: AsyncConnection) -> dict[str, str]:
    """Gives them by the ids."""
    staff = await names_of_staff(connection)
    return staff | {one.id: one.name for one in await participants.all_(connection)}
