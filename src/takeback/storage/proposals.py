"""Changes that need two operators."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.proposal import Proposal, ProposalKind, ProposalState
from takeback.storage.moments import utc, utc_or_none
from takeback.storage.schema import proposal


async def add(connection: AsyncConnection, new: Proposal) -> None:
    """Adds one."""
    await connection.execute(
        insert(proposal).values(
            id=new.id,
            kind=new.kind.value,
            subject=new.subject,
            details=json.dumps(dict(new.details)),
            proposed_by=new.proposed_by,
            proposed_at=new.proposed_at,
            state=new.state.value,
        )
    )


async def find(connection: AsyncConnection, id_: str) -> Proposal | None:
    """Gives one, held until the transaction ends, or None."""
    found = select(proposal).where(proposal.c.id == id_).with_for_update()
    row = (await connection.execute(found)).one_or_none()
    return None if row is None else _proposal(row)


async def open_(connection: AsyncConnection) -> list[Proposal]:
    """Gives all that nobody has decided on, oldest first; those that have lapsed among them."""
    waiting = select(proposal).where(proposal.c.state == ProposalState.OPEN.value).order_by(proposal.c.proposed_at)
    return [_proposal(row) for row in await connection.execute(waiting)]


async def decide(connection: AsyncConnection, id_: str, state: ProposalState, *, by: str, at: datetime) -> None:
    """Keeps what was decided, and by whom."""
    decided = {"state": state.value, "decided_by": by, "decided_at": at}
    await connection.execute(update(proposal).where(proposal.c.id == id_).values(**decided))


def _proposal(row: object) -> Proposal:
    r = row._mapping  # type: ignore[attr-defined]  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping
    return Proposal(
        r["id"],
        ProposalKind(r["kind"]),
        r["subject"],
        json.loads(r["details"]),
        r["proposed_by"],
        utc(r["proposed_at"]),
        ProposalState(r["state"]),
        r["decided_by"],
        utc_or_none(r["decided_at"]),
    )
