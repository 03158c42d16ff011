"""Many rows in one statement. A round trip for each row costs more than the row itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

Row = dict[str, Any]


async def insert_rows(connection: AsyncConnection, table: Table, rows: Sequence[Row]) -> None:
    """Adds rows, all of the same columns."""
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        await connection.execute(insert(table), rows)
        return
    names = list(rows[0])
    await connection.exec_driver_sql(
        f"INSERT INTO {table.name} ({_list(names)}) SELECT * FROM {_arrays(connection, table, names)}",  # noqa: S608 - names of our schema
        _by_column(names, rows),
    )


async def update_rows(connection: AsyncConnection, table: Table, rows: Sequence[Row], *, key: str = "id") -> None:
    """Changes rows, all in the same columns; each row holds its key too."""
    if not rows:
        return
    names = list(rows[0])
    others = [name for name in names if name != key]
    if connection.dialect.name == "sqlite":
        statement = update(table).where(table.c[key] == bindparam("_key"))
        values = statement.values({name: bindparam(f"_{name}") for name in others})
        await connection.execute(
            values, [{"_key": row[key]} | {f"_{name}": row[name] for name in others} for row in rows]
        )
        return
    sets = ", ".join(f"{name} = new.{name}" for name in others)
    arrays = _arrays(connection, table, names)
    await connection.exec_driver_sql(
        f"UPDATE {table.name} SET {sets} FROM {arrays} AS new ({_list(names)}) WHERE {table.name}.{key} = new.{key}",  # noqa: S608 - names of our schema
        _by_column(names, rows),
    )


def _list(names: Sequence[str]) -> str:
    return ", ".join(names)


def _arrays(connection: AsyncConnection, table: Table, names: Sequence[str]) -> str:
    types = {name: table.c[name].type.compile(connection.dialect) for name in names}
    return f"unnest({', '.join(f'%({name})s::{types[name]}[]' for name in names)})"


def _by_column(names: Sequence[str], rows: Sequence[Row]) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in names}
