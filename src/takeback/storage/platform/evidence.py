"""What is kept sealed because a law asks for it, and the orders that forbid to erase it. The files are beside it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, delete, insert, or_, select, union, update
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.evidence import Evidence, EvidenceKind, EvidenceState, LegalHold
from takeback.model.filing import ReportState
from takeback.model.hold import HoldState
from takeback.storage.moments import utc, utc_or_none
from takeback.storage.platform.schema import evidence, hold, legal_hold, report, report_file
from takeback.storage.sealed_files import SealedFile


async def begin(connection: AsyncConnection, new: Evidence) -> None:
    """Adds an item whose file is not written yet."""
    await connection.execute(
        insert(evidence).values(
            id=new.id,
            hold=new.hold,
            report=new.report,
            kind=new.kind.value,
            state=new.state.value,
            begun_at=new.begun_at,
            due_at=new.due_at,
            is_copy=new.is_copy,
            size=new.size,
            sealed_sha256=new.sealed_sha256,
        )
    )


async def written(connection: AsyncConnection, id_: str, file: SealedFile) -> None:
    """Marks an item as kept: its file is on disk."""
    done = {"state": EvidenceState.KEPT.value, "size": file.size, "sealed_sha256": file.sealed_sha256}
    await connection.execute(update(evidence).where(evidence.c.id == id_).values(**done))


async def find(connection: AsyncConnection, id_: str) -> Evidence | None:
    """Gives one item, or None."""
    row = (await connection.execute(select(evidence).where(evidence.c.id == id_))).one_or_none()
    return None if row is None else _evidence(row)


async def of_hold(connection: AsyncConnection, hold_id: str, kind: EvidenceKind | None = None) -> list[Evidence]:
    """Gives what is kept for a hold, latest first."""
    statement = select(evidence).where(evidence.c.hold == hold_id, evidence.c.state == EvidenceState.KEPT.value)
    if kind is not None:
        statement = statement.where(evidence.c.kind == kind.value)
    rows = await connection.execute(statement.order_by(evidence.c.begun_at.desc(), evidence.c.id))
    return [_evidence(row) for row in rows]


async def file_of(connection: AsyncConnection, hold_id: str) -> Evidence | None:
    """Gives the file that is kept for a hold, the desk's own copy where there is one; or None."""
    files = await of_hold(connection, hold_id, EvidenceKind.FILE)
    return next((one for one in files if one.is_copy), files[0] if files else None)


async def all_(
    connection: AsyncConnection, states: Sequence[EvidenceState], *, limit: int | None = None
) -> list[Evidence]:
    """Gives items of these states, at most `limit`, those that are due first coming first."""
    statement = select(evidence).where(evidence.c.state.in_([state.value for state in states]))
    rows = await connection.execute(statement.order_by(evidence.c.due_at, evidence.c.id).limit(limit))
    return [_evidence(row) for row in rows]


async def belongs_to(connection: AsyncConnection, hold_ids: Collection[str], report_id: str, due_at: datetime) -> None:
    """Keeps everything of these holds for a report, until that moment or longer."""
    kept = and_(evidence.c.hold.in_(list(hold_ids)), evidence.c.state == EvidenceState.KEPT.value)
    await connection.execute(update(evidence).where(kept).values(report=report_id))
    await connection.execute(update(evidence).where(kept, evidence.c.due_at < due_at).values(due_at=due_at))


async def claim_due(connection: AsyncConnection, now: datetime, unfinished_before: datetime) -> list[Evidence]:
    """Marks as being erased all that is due and not held by law, and gives it with what was being erased before.

    Due is: what is past its time; what belongs to a hold that a person found wrong, and no report about it stands or is
    on its way, nor one that has its file; and what a killed process began to write before `unfinished_before`.
    """
    stands = report.c.state.in_([state.value for state in ReportState if state.stands_in_the_way])
    item = evidence.alias()
    sent = report_file.join(report, report.c.id == report_file.c.report)
    sent = sent.join(item, item.c.id == report_file.c.evidence)
    reported = union(select(report.c.hold).where(stands), select(item.c.hold).select_from(sent).where(stands))
    wrong = select(hold.c.id).where(hold.c.state == HoldState.WRONG.value, hold.c.id.not_in(reported))
    held = select(legal_hold.c.hold)
    kept, writing = EvidenceState.KEPT.value, EvidenceState.WRITING.value
    due = or_(
        and_(
            evidence.c.state == kept,
            evidence.c.hold.not_in(held),
            or_(evidence.c.due_at <= now, evidence.c.hold.in_(wrong)),
        ),
        and_(evidence.c.state == writing, evidence.c.begun_at < unfinished_before),
    )
    await connection.execute(update(evidence).where(due).values(state=EvidenceState.ERASING.value))
    rows = await connection.execute(select(evidence).where(evidence.c.state == EvidenceState.ERASING.value))
    return [_evidence(row) for row in rows]


async def let_go(connection: AsyncConnection, id_: str, now: datetime) -> None:
    """Has an item go with the next purge, unless it is held by law: what it was written for was not done."""
    await connection.execute(update(evidence).where(evidence.c.id == id_).values(due_at=now, report=None))


async def erased(connection: AsyncConnection, id_: str, *, at: datetime, event: int) -> None:
    """Marks an item as erased; `event` is what the audit says of it."""
    done = {"state": EvidenceState.ERASED.value, "erased_at": at, "erased_event": event}
    await connection.execute(update(evidence).where(evidence.c.id == id_).values(**done))


async def erased_event(connection: AsyncConnection, id_: str) -> int | None:
    """Gives the id of the event that says that an item was erased, or None."""
    found = await connection.execute(select(evidence.c.erased_event).where(evidence.c.id == id_))
    return found.scalar_one_or_none()


async def place(connection: AsyncConnection, new: LegalHold) -> None:
    """Adds an order to erase nothing of a hold."""
    await connection.execute(
        insert(legal_hold).values(
            hold=new.hold, order_number=new.order, placed_by=new.placed_by, placed_at=new.placed_at
        )
    )


async def order_of(connection: AsyncConnection, hold_id: str) -> LegalHold | None:
    """Gives the order that stands for a hold, or None."""
    row = (await connection.execute(select(legal_hold).where(legal_hold.c.hold == hold_id))).one_or_none()
    return None if row is None else LegalHold(row.hold, row.order_number, row.placed_by, utc(row.placed_at))


async def lift(connection: AsyncConnection, hold_id: str) -> None:
    """Takes an order away."""
    await connection.execute(delete(legal_hold).where(legal_hold.c.hold == hold_id))


async def orders(connection: AsyncConnection) -> dict[str, LegalHold]:
    """Gives every order that stands, by the hold that it is about."""
    rows = await connection.execute(select(legal_hold))
    return {row.hold: LegalHold(row.hold, row.order_number, row.placed_by, utc(row.placed_at)) for row in rows}


def _evidence(row: Row[Any]) -> Evidence:
    return Evidence(
        row.id,
        row.hold,
        EvidenceKind(row.kind),
        EvidenceState(row.state),
        utc(row.begun_at),
        utc(row.due_at),
        report=row.report,
        is_copy=row.is_copy,
        size=row.size,
        sealed_sha256=bytes(row.sealed_sha256),
        erased_at=utc_or_none(row.erased_at),
    )
