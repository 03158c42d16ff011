"""Sweeps, their shards, and what was found."""

from __future__ import annotations

import json
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row, Select, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.entry import Kind
from takeback.model.hold import Finding
from takeback.model.sweep import Item, Options, Progress, Report, Scanned, Shard, Sweep, SweepState
from takeback.storage.bulk import insert_rows
from takeback.storage.database import Database
from takeback.storage.moments import utc, utc_or_none
from takeback.storage.platform.schema import sweep, sweep_finding, sweep_shard

_OPTIONS = msgspec.json.Decoder(Options)
_FINDINGS = msgspec.json.Decoder(tuple[Finding, ...])
#: Findings that are read at a time.
_PART = 1_000
#: Names may be megabytes for a thousand objects, and are alike.
_LEVEL = 6


@dataclass(frozen=True, slots=True)
class Found:
    """An object that was found or could not be scanned."""

    id: int
    key: str
    content: str
    kind: Kind
    reason: str | None
    findings: tuple[Finding, ...]


async def add(connection: AsyncConnection, new: Sweep) -> None:
    """Adds a sweep."""
    values = {"name": new.name, "source": new.source, "options": msgspec.json.encode(new.options).decode()}
    await connection.execute(insert(sweep).values(**values, state=new.state.value, planned_at=new.planned_at))


async def find(connection: AsyncConnection, name: str) -> Sweep | None:
    """Gives one sweep, or None."""
    row = (await connection.execute(select(sweep).where(sweep.c.name == name))).one_or_none()
    return None if row is None else _sweep(row)


async def all_(connection: AsyncConnection) -> list[Sweep]:
    """Gives every sweep, the newest first."""
    return [_sweep(row) for row in await connection.execute(select(sweep).order_by(sweep.c.planned_at.desc()))]


async def set_state(connection: AsyncConnection, name: str, state: SweepState, at: datetime) -> None:
    """Moves a sweep on."""
    values: dict[str, Any] = {"state": state.value}
    if state is SweepState.RUNNING:
        values |= {"begun_at": func.coalesce(sweep.c.begun_at, at), "ended_at": None}
    elif state in (SweepState.DONE, SweepState.CANCELLED):
        values["ended_at"] = at
    await connection.execute(update(sweep).where(sweep.c.name == name).values(values))


async def erase(connection: AsyncConnection, name: str) -> None:
    """Erases a sweep and what it found; holds stay."""
    for table in (sweep_finding, sweep_shard):
        await connection.execute(delete(table).where(table.c.sweep == name))
    await connection.execute(delete(sweep).where(sweep.c.name == name))


async def add_shards(connection: AsyncConnection, name: str, shards: Sequence[Shard]) -> None:
    """Adds shards that wait."""
    rows = [
        {
            "sweep": name,
            "number": one.number,
            "files": len(one.items),
            "bytes": one.bytes,
            "objects": _packed(one.items),
            "done": 0,
            "hits": 0,
            "unscannable": 0,
            "seconds": 0.0,
        }
        for one in shards
    ]
    await insert_rows(connection, sweep_shard, rows)


async def waiting(connection: AsyncConnection, name: str, after: int, limit: int) -> list[Shard]:
    """Gives at most `limit` shards behind a number that are not done, in order."""
    statement = select(sweep_shard.c.number, sweep_shard.c.objects).where(
        sweep_shard.c.sweep == name, sweep_shard.c.done == 0, sweep_shard.c.number > after
    )
    rows = await connection.execute(statement.order_by(sweep_shard.c.number).limit(limit))
    return [Shard(row.number, _items(row.objects)) for row in rows]


async def cut(connection: AsyncConnection, name: str, shard: Shard) -> None:
    """Puts two halves in the place of a shard, behind all others."""
    last = select(func.max(sweep_shard.c.number)).where(sweep_shard.c.sweep == name)
    first = int((await connection.execute(last)).scalar_one()) + 1
    middle = len(shard.items) // 2
    halves = [Shard(first, shard.items[:middle]), Shard(first + 1, shard.items[middle:])]
    await connection.execute(_of(delete(sweep_shard), name, shard.number))
    await add_shards(connection, name, halves)


async def keep(connection: AsyncConnection, name: str, report: Report, contents: Sequence[str]) -> bool:
    """Keeps a report; False where the shard is done already, and nothing is kept twice.

    `contents` are the platform's ids of the report's objects, in its order.
    """
    hits = sum(bool(one.findings) for one in report.scanned)
    unscannable = sum(one.reason is not None for one in report.scanned)
    values = {"done": 1, "objects": None, "hits": hits, "unscannable": unscannable, "seconds": report.seconds}
    statement = _of(update(sweep_shard), name, report.shard).where(sweep_shard.c.done == 0)
    if not (await connection.execute(statement.values(values))).rowcount:
        return False
    rows = [
        _finding(name, one, content)
        for one, content in zip(report.scanned, contents, strict=True)
        if one.findings or one.reason is not None
    ]
    await insert_rows(connection, sweep_finding, rows)
    return True


async def progress(connection: AsyncConnection, name: str) -> Progress:
    """Gives how far a sweep is."""
    columns = sweep_shard.c
    summed = columns.files, columns.bytes, columns.hits, columns.unscannable, columns.seconds
    sums: list[Any] = [func.coalesce(func.sum(one), 0) for one in summed]
    statement = select(columns.done, func.count(), *sums)
    rows = await connection.execute(statement.where(columns.sweep == name).group_by(columns.done))
    by_state = {row[0]: [*map(float, row[1:])] for row in rows}
    open_, done = (by_state.get(state, [0, 0, 0, 0, 0, 0.0]) for state in (0, 1))
    return Progress(
        shards=int(open_[0] + done[0]),
        shards_done=int(done[0]),
        files=int(open_[1] + done[1]),
        files_done=int(done[1]),
        bytes=int(open_[2] + done[2]),
        bytes_done=int(done[2]),
        hits=int(done[3]),
        unscannable=int(done[4]),
        worker_seconds=done[5],
    )


async def found(database: Database, name: str) -> AsyncIterator[Found]:
    """Gives what a sweep found and what it could not scan, in the order in which it was kept."""
    after = 0
    while True:
        statement = select(sweep_finding).where(sweep_finding.c.sweep == name, sweep_finding.c.id > after)
        rows = await database.read("findings", _read(statement.order_by(sweep_finding.c.id).limit(_PART)))
        for row in rows:
            findings = _FINDINGS.decode(row.findings) if row.findings else ()
            yield Found(row.id, row.key, row.content, Kind(row.kind), row.reason, findings)
        if len(rows) < _PART:
            return
        after = rows[-1].id


async def replace_findings(connection: AsyncConnection, id_: int, findings: Sequence[Finding]) -> None:
    """Leaves only these findings of an object, since the other entries have left their lists."""
    if findings:
        values = {"findings": msgspec.json.encode(findings).decode()}
        await connection.execute(update(sweep_finding).where(sweep_finding.c.id == id_).values(values))
        return
    await connection.execute(update(sweep_finding).where(sweep_finding.c.id == id_).values(findings=None))
    nothing_left = sweep_finding.c.id == id_, sweep_finding.c.reason.is_(None)
    await connection.execute(delete(sweep_finding).where(*nothing_left))


def _read(statement: Select[Any]) -> Callable[[AsyncConnection], Awaitable[Sequence[Row[Any]]]]:
    async def work(connection: AsyncConnection) -> Sequence[Row[Any]]:
        rows: Sequence[Row[Any]] = (await connection.execute(statement)).all()
        return rows

    return work


def _of(statement: Any, name: str, number: int) -> Any:  # noqa: ANN401 - an update or a delete
    return statement.where(sweep_shard.c.sweep == name, sweep_shard.c.number == number)


def _finding(name: str, one: Scanned, content: str) -> dict[str, Any]:
    return {
        "sweep": name,
        "key": one.item.key.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00"),
        "content": content,
        "kind": one.kind.value,
        "reason": one.reason,
        "findings": msgspec.json.encode(one.findings).decode() if one.findings else None,
    }


def _packed(items: Sequence[Item]) -> bytes:
    # The standard library's JSON keeps names that are no UTF-8, as the file system gives them.
    return zlib.compress(json.dumps([[one.key, one.size] for one in items]).encode(), _LEVEL)


def _items(packed: bytes) -> tuple[Item, ...]:
    return tuple(Item(key, size) for key, size in json.loads(zlib.decompress(packed)))


def _sweep(row: Row[Any]) -> Sweep:
    return Sweep(
        row.name,
        row.source,
        _OPTIONS.decode(row.options),
        SweepState(row.state),
        utc(row.planned_at),
        utc_or_none(row.begun_at),
        utc_or_none(row.ended_at),
    )
