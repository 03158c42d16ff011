"""What the ids in the audit are called: names of operators, of participants, and of companies that have applied."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.staff.audit_search import names_of_staff
from takeback.storage import applications, participants


async def names_in(connection: AsyncConnection) -> dict[str, str]:
    """Gives them by the ids."""
    staff = await names_of_staff(connection)
    applied = {one.id: one.name for one in await applications.all_(connection)}
    return staff | applied | {one.id: one.name for one in await participants.all_(connection)}
