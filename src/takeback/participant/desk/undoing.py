"""Undoing many decisions at once: a reviewer erred, an entry was wrong, a night went badly. It takes two persons."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clock import Clock
from takeback.errors import InvalidInputError
from takeback.model.hold import Hold, HoldState
from takeback.model.instruction import Doing
from takeback.model.proposal import Proposal
from takeback.participant.notices.outcome import follow_holds
from takeback.storage import operators
from takeback.storage.database import Database
from takeback.storage.platform import feedback_due, holds, instructions, reviews
from takeback.storage.platform.holds import Made

#: What a proposal names, beside the times.
_NAMES = ("reviewer", "list", "entry")


async def undo_decisions(connection: AsyncConnection, clock: Clock, proposal: Proposal) -> None:
    """Has decisions count no more, under an id of your own for it: of a reviewer, about an entry, from when until when.

    Their content is hidden and waits for a person again, who may be anybody. What was told about the entries stays told
    until the next decision; what was not told yet is forgotten.
    """
    found = await _found(connection, proposal.details)
    now = clock.now()
    for one in found:
        await holds.move(connection, [one.id], HoldState.OPEN)
        await instructions.give(connection, one.content.id, Doing.HIDE, because=one.id, at=now)
        for finding in one.findings:
            await feedback_due.forget(connection, finding.list, finding.entry)
        if one.decided_by is not None and one.decided_at is not None:
            await reviews.undo(connection, one.cluster, one.decided_by, one.decided_at, now)
    await follow_holds(connection, [one.id for one in found], by=proposal.proposed_by, at=now)


def new_subject() -> str:
    """Gives an id for such a proposal."""
    return f"u-{secrets.token_hex(12)}"


async def would_undo(database: Database, details: Mapping[str, str]) -> int:
    """Gives how many contents that would be. Raises InvalidInputError."""
    return len(await database.read("would-undo", lambda connection: _found(connection, details)))


async def _found(connection: AsyncConnection, details: Mapping[str, str]) -> list[Hold]:
    named = {name: details.get(name, "").strip() or None for name in _NAMES}
    if not any(named.values()):
        remedy = "Name a reviewer, a list or an entry."
        raise InvalidInputError(field="reviewer", problem="is missing, and so is every other name.", remedy=remedy)
    who = await operators.named(connection, named["reviewer"] or "")
    since, until = _moment(details, "since"), _moment(details, "until")
    return await holds.decided(
        connection, Made(who.id if who else named["reviewer"], named["list"], named["entry"], since, until)
    )


def _moment(details: Mapping[str, str], name: str) -> datetime | None:
    text = details.get(name, "").strip()
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        remedy = "Write it as 2026-12-31 or 2026-12-31T18:00, in UTC."
        raise InvalidInputError(field=name, problem="is not a moment.", remedy=remedy) from None
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)
