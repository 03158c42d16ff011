"""A whole database, row by row, into another of the same schema: for backups, restoring and moving."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Integer, Table, delete, func, insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.errors import ConflictError
from takeback.storage.bulk import Row, insert_rows
from takeback.storage.schema import entry, metadata

#: Rows that are in memory at a time.
BATCH = 2_000


async def copy(source: AsyncConnection, target: AsyncConnection) -> dict[str, int]:
    """Puts everything of one in place of everything of the other, and gives how many rows each table has."""
    counts: dict[str, int] = {}
    there = await counts_of(target)
    for table in reversed(metadata.sorted_tables):
        if there[table.name]:  # of some tables the database lets nothing be deleted, not even nothing
            await target.execute(delete(table))
    for table in metadata.sorted_tables:
        counts[table.name] = 0
        result = await source.stream(select(table))
        async for part in result.mappings().partitions(BATCH):
            rows = [_row(table, dict(one)) for one in part]
            counts[table.name] += len(rows)
            await _insert(target, table, rows)
        await _go_on_counting(target, table)
    return counts


async def counts_of(connection: AsyncConnection) -> dict[str, int]:
    """Gives how many rows each table has."""
    tables = metadata.sorted_tables
    return {t.name: (await connection.execute(select(func.count()).select_from(t))).scalar_one() for t in tables}


async def _insert(target: AsyncConnection, table: Table, rows: Sequence[Row]) -> None:
    try:
        if table is entry:  # the long one
            await insert_rows(target, table, rows)
        else:
            await target.execute(insert(table), rows)
    except IntegrityError:
        raise ConflictError(
            f"What was copied is not whole, and was not kept: rows of {table.name} do not fit the others."
        ) from None


def _row(table: Table, row: Row) -> Row:
    """Gives the row with the zone that SQLite drops."""
    return {
        name: _with_zone(value) if isinstance(table.c[name].type, DateTime) else value for name, value in row.items()
    }


def _with_zone(value: Any) -> Any:  # noqa: ANN401 - whatever stands in the column
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


async def _go_on_counting(target: AsyncConnection, table: Table) -> None:
    """Makes PostgreSQL's own numbers go on behind those that were copied."""
    (first, *others) = table.primary_key.columns
    if target.dialect.name == "sqlite" or others or not isinstance(first.type, Integer) or first.autoincrement is False:
        return
    largest = f"(SELECT max({first.name}) FROM {table.name})"  # noqa: S608 - names of our schema
    await target.execute(
        text(f"SELECT setval(pg_get_serial_sequence('{table.name}', '{first.name}'), coalesce({largest}, 1))")
    )
