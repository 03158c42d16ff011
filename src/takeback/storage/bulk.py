"""Many rows in one statement, or many values in one question. A round trip for each costs more than the row itself.

Values go to the driver as they are, and arrays in PostgreSQL's binary form: as text, every byte would be looked at.
Where SQLite refuses a row, the transaction is over (OR ROLLBACK). Otherwise it would keep every page as it was before,
so that the statement alone could be undone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import Column, LargeBinary, Select, Table, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

Row = dict[str, Any]
#: Values in one statement; SQLite takes 32,766.
_MOST_VALUES = 30_000


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
        for marks, given in _parts(_by_row(connection, table, names, rows)):
            asked = f"INSERT OR ROLLBACK INTO {table.name} ({_list(names)}) VALUES {marks}"  # noqa: S608 - names of our schema
            await connection.exec_driver_sql(asked, given)
        return
    columns = _by_column(names, rows)
    same, others = _same(columns)
    values = [_value(connection, table, name) if name in same else f"new.{name}" for name in names]
    arrays = _arrays(connection, table, others)
    await connection.exec_driver_sql(
        f"INSERT INTO {table.name} ({_list(names)}) SELECT {_list(values)} FROM {arrays} AS new ({_list(others)})",  # noqa: S608 - names of our schema
        same | {name: columns[name] for name in others},
    )


async def update_rows(connection: AsyncConnection, table: Table, rows: Sequence[Row], *, key: str = "id") -> None:
    """Changes rows, all in the same columns; each row holds its key too."""
    if not rows:
        return
    others = [name for name in rows[0] if name != key]
    names = [*others, key]
    if connection.dialect.name == "sqlite":
        sets = ", ".join(f"{name} = new.column{at}" for at, name in enumerate(others, 1))
        for marks, given in _parts(_by_row(connection, table, names, rows)):
            new = f"(VALUES {marks}) AS new WHERE {key} = new.column{len(names)}"
            asked = f"UPDATE OR ROLLBACK {table.name} SET {sets} FROM {new}"  # noqa: S608 - names of our schema
            await connection.exec_driver_sql(asked, given)
        return
    columns = _by_column(names, rows)
    same, arrayed = _same(columns, key)
    values = {name: _value(connection, table, name) if name in same else f"new.{name}" for name in others}
    sets = ", ".join(f"{name} = {value}" for name, value in values.items())
    arrays = _arrays(connection, table, arrayed)
    await connection.exec_driver_sql(
        f"UPDATE {table.name} SET {sets} FROM {arrays} AS new ({_list(arrayed)}) WHERE {table.name}.{key} = new.{key}",  # noqa: S608 - names of our schema
        same | {name: columns[name] for name in arrayed},
    )


def _list(names: Sequence[str]) -> str:
    return ", ".join(names)


def _same(columns: dict[str, list[Any]], key: str = "") -> tuple[dict[str, Any], list[str]]:
    """Gives the values of columns in which all rows agree, which go once, and the names of the others; one at least."""
    names = list(columns)
    same = {
        name: values[0] for name, values in columns.items() if name != key and values.count(values[0]) == len(values)
    }
    if len(same) == len(names):
        del same[names[0]]
    return same, [name for name in names if name not in same]


def _arrays(connection: AsyncConnection, table: Table, names: Sequence[str]) -> str:
    return f"unnest({', '.join(f'%({name})b::{_type(connection, table, name)}[]' for name in names)})"


def _value(connection: AsyncConnection, table: Table, name: str) -> str:
    return f"%({name})s::{_type(connection, table, name)}"


def _type(connection: AsyncConnection, table: Table, name: str) -> str:
    return table.c[name].type.compile(connection.dialect)


def _parts(rows: Sequence[tuple[Any, ...]]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Gives marks and values of as many rows as SQLite takes in one statement: between two, other threads would run."""
    width = len(rows[0])
    mark, most = f"({', '.join('?' * width)})", _MOST_VALUES // width
    for at in range(0, len(rows), most):
        part = rows[at : at + most]
        yield ", ".join([mark] * len(part)), tuple(chain.from_iterable(part))


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
