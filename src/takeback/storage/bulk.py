"""Many rows in one statement, or many values in one question. A round trip for each costs more than the row itself.

Values go to the driver as they are, and arrays in PostgreSQL's binary form: as text, every byte would be looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, LargeBinary, Select, Table, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

Row = dict[str, Any]


async def rows_with(
    connection: AsyncConnection,
    columns: tuple[Column[Any], ...],
    key: Column[bytes],
    values: Collection[bytes],
    *,
    lock: bool = False,
) -> Sequence[Any]:
    """Gives these columns of the rows whose key is one of these values, held until the transaction ends if so said.

    SQLite takes at most 32,766 values.
    """
    if connection.dialect.name == "sqlite":  # which holds everything, as one transaction writes at a time
        return (await connection.execute(_one_of(columns, key), {"values": list(values)})).all()
    names = _list([column.name for column in columns])
    held = " FOR UPDATE" if lock else ""
    asked = f"SELECT {names} FROM {key.table.name} WHERE {key.name} = ANY(%(values)b::bytea[]){held}"  # noqa: S608 - names of our schema
    return (await connection.exec_driver_sql(asked, {"values": list(values)})).all()


@lru_cache(maxsize=64)
def _one_of(columns: tuple[Column[Any], ...], key: Column[bytes]) -> Select[*tuple[Any, ...]]:
    return select(*columns).where(key.in_(bindparam("values", expanding=True)))


async def insert_rows(connection: AsyncConnection, table: Table, rows: Sequence[Row]) -> None:
    """Adds rows, all of the same columns."""
    if not rows:
        return
    names = list(rows[0])
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(names))
        await connection.exec_driver_sql(
            f"INSERT INTO {table.name} ({_list(names)}) VALUES ({marks})",  # noqa: S608 - names of our schema
            _by_row(connection, table, names, rows),
        )
        return
    await connection.exec_driver_sql(
        f"INSERT INTO {table.name} ({_list(names)}) SELECT * FROM {_arrays(connection, table, names)}",  # noqa: S608 - names of our schema
        _by_column(names, rows),
    )


async def update_rows(connection: AsyncConnection, table: Table, rows: Sequence[Row], *, key: str = "id") -> None:
    """Changes rows, all in the same columns; each row holds its key too."""
    if not rows:
        return
    others = [name for name in rows[0] if name != key]
    names = [*others, key]
    if connection.dialect.name == "sqlite":
        sets = ", ".join(f"{name} = ?" for name in others)
        await connection.exec_driver_sql(
            f"UPDATE {table.name} SET {sets} WHERE {key} = ?",  # noqa: S608 - names of our schema
            _by_row(connection, table, names, rows),
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
    return f"unnest({', '.join(f'%({name})b::{types[name]}[]' for name in names)})"


def _by_column(names: Sequence[str], rows: Sequence[Row]) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in names}


def _by_row(
    connection: AsyncConnection, table: Table, names: Sequence[str], rows: Sequence[Row]
) -> list[tuple[Any, ...]]:
    """Gives rows as SQLite's driver takes them: bytes as they are, the rest as SQLAlchemy has it kept."""
    columns = _by_column(names, rows)
    for name in names:
        if (keep := _keeper(connection, table, name)) is not None:
            columns[name] = [keep(value) for value in columns[name]]
    return list(zip(*columns.values(), strict=True))


def _keeper(connection: AsyncConnection, table: Table, name: str) -> Callable[[Any], Any] | None:
    type_ = table.c[name].type
    return (
        None
        if isinstance(type_, LargeBinary)
        else type_.dialect_impl(connection.dialect).bind_processor(connection.dialect)
    )
