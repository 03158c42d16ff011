"""Reports to an authority and their files: how far each has come. What they say is sealed evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.filing import Door, FiledFile, FileState, Filing, ReportState
from takeback.model.report import Grounds
from takeback.storage.moments import utc, utc_or_none
from takeback.storage.platform.schema import evidence, report, report_file


async def add(connection: AsyncConnection, new: Filing, files: Sequence[FiledFile]) -> None:
    """Adds a report and its files."""
    await connection.execute(insert(report).values(**_columns(new)))
    for one in files:
        await connection.execute(
            insert(report_file).values(
                report=new.id, place=one.place, evidence=one.evidence, state=one.state.value, theirs=one.theirs
            )
        )


async def find(connection: AsyncConnection, id_: str) -> Filing | None:
    """Gives one report, held until the transaction ends, or None."""
    found = select(report).where(report.c.id == id_).with_for_update()
    row = (await connection.execute(found)).one_or_none()
    return None if row is None else _filing(row)


async def save(connection: AsyncConnection, changed: Filing) -> None:
    """Keeps how far a report has come."""
    await connection.execute(update(report).where(report.c.id == changed.id).values(**_columns(changed)))


async def list_(connection: AsyncConnection, *, limit: int) -> list[Filing]:
    """Gives at most `limit` reports, the latest first."""
    statement = select(report).order_by(report.c.built_at.desc(), report.c.id).limit(limit)
    return [_filing(row) for row in await connection.execute(statement)]


async def of_hold(connection: AsyncConnection, hold_id: str) -> list[Filing]:
    """Gives the reports that were built from a hold or have its file, the latest first."""
    joined = select(report_file.c.report).join(evidence, evidence.c.id == report_file.c.evidence)
    with_its_file = joined.where(evidence.c.hold == hold_id)
    about = or_(report.c.hold == hold_id, report.c.id.in_(with_its_file))
    statement = select(report).where(about).order_by(report.c.built_at.desc(), report.c.id)
    return [_filing(row) for row in await connection.execute(statement)]


async def files(connection: AsyncConnection, id_: str) -> list[FiledFile]:
    """Gives the files of a report, in their order."""
    joined = select(report_file, evidence.c.hold).join(evidence, evidence.c.id == report_file.c.evidence)
    rows = await connection.execute(joined.where(report_file.c.report == id_).order_by(report_file.c.place))
    return [FiledFile(row.place, row.evidence, row.hold, FileState(row.state), row.theirs) for row in rows]


async def save_file(connection: AsyncConnection, id_: str, changed: FiledFile) -> None:
    """Keeps how far a file has come."""
    which = (report_file.c.report == id_, report_file.c.place == changed.place)
    values = {"state": changed.state.value, "theirs": changed.theirs}
    await connection.execute(update(report_file).where(*which).values(**values))


def _columns(one: Filing) -> dict[str, Any]:
    return {
        "id": one.id,
        "hold": one.hold,
        "authority": one.authority,
        "evidence": one.evidence,
        "grounds": one.grounds.value,
        "score": one.score,
        "built_by": one.built_by,
        "built_at": one.built_at,
        "state": one.state.value,
        "door": None if one.door is None else one.door.value,
        "approval": one.approval,
        "theirs": one.theirs,
        "opened_at": one.opened_at,
        "tried_at": one.tried_at,
        "finished_at": one.finished_at,
        "request": one.request,
        "problem": one.problem,
    }


def _filing(row: Row[Any]) -> Filing:
    return Filing(
        row.id,
        row.hold,
        row.authority,
        row.evidence,
        Grounds(row.grounds),
        row.score,
        row.built_by,
        utc(row.built_at),
        state=ReportState(row.state),
        door=None if row.door is None else Door(row.door),
        approval=row.approval,
        theirs=row.theirs,
        opened_at=utc_or_none(row.opened_at),
        tried_at=utc_or_none(row.tried_at),
        finished_at=utc_or_none(row.finished_at),
        request=row.request,
        problem=row.problem,
    )
