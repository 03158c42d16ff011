"""Steps of the schema while programs of before run: which of those the database lets go on, and that they can."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Float,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    and_,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from contract.conftest import Run
from takeback.clearinghouse.backups import backup
from takeback.errors import SettingsError
from takeback.storage import database as database_module
from takeback.storage import migrate as migrating
from takeback.storage.database import Database
from takeback.storage.migrate import CLEARINGHOUSE, PLATFORM, fits, migrate

#: Tables of one row, which a step has put there; and those whose rows nobody changes.
ONE_ROW = {"list_state", "webhook", "own_media_state", "program"}
STAY = {"audit_event", "log_leaf", "notice_log", "program"}
#: An entry that waits has no part in the digest.
EMPTY = {"listed_hash"}
#: `column IN ('first', …)` and `column = 1` as each database gives them back.
_ONE_OF = re.compile(r"\(*(\w+)\)*(?:::\w+)? (?:IN|= ANY) .*?'([^']+)'", re.DOTALL)
_ONE = re.compile(r"^\(*(\w+) = 1\)*$")


def steps_in(place: str) -> list[str]:
    """Gives every step, the oldest first."""
    return list(reversed(migrating._known(place)))


async def pretend(database: Database, *statements: str) -> None:
    """Does what another program would have done."""

    async def work(connection: AsyncConnection) -> None:
        for one in statements:
            await connection.execute(text(one))

    await database.run("pretend", work)


@pytest.mark.parametrize("place", [CLEARINGHOUSE, PLATFORM])
def test_a_program_goes_on_beside_a_later_step_that_lets_it(empty: Run, place: str) -> None:
    async def story(database: Database) -> None:
        *_, before, newest = steps_in(place)
        assert not await fits(database, steps=place), "nothing is there yet"
        await migrate(database, before, steps=place)
        assert not await fits(database, steps=place), "it is behind the program"
        await migrate(database, steps=place)
        assert await fits(database, steps=place)

        await pretend(database, "UPDATE alembic_version SET version_num = 'later'")
        assert await fits(database, steps=place), "a later step says nothing against it"
        await migrate(database, steps=place)  # and one starts anew
        assert await fits(database, steps=place)

        await pretend(database, "UPDATE program SET oldest = 'later'")
        assert not await fits(database, steps=place)
        with pytest.raises(SettingsError, match="later"):
            await migrate(database, steps=place)
        await pretend(database, f"UPDATE program SET oldest = '{newest}'")  # noqa: S608 - of our own steps
        assert await fits(database, steps=place)
        await pretend(database, "DROP TABLE program")
        assert not await fits(database, steps=place), "who cannot be asked has let nobody"

    empty(story)


def test_who_does_not_know_all_of_a_database_does_not_copy_it(run: Run, tmp_path: Path) -> None:
    async def story(database: Database) -> None:
        await pretend(database, "UPDATE alembic_version SET version_num = 'later'")
        with pytest.raises(SettingsError, match="newer takeback"):
            await backup(database, tmp_path / "half.takeback")
        assert not (tmp_path / "half.takeback").exists()

    run(story)


def test_a_server_that_is_too_old_is_refused_before_anything_is_made(
    empty: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "OLDEST_POSTGRESQL", 1_000)

    async def story(database: Database) -> None:
        if database.is_sqlite:
            await migrate(database)
            return
        with pytest.raises(SettingsError, match="1000 or newer"):
            await migrate(database)
        assert await database.read("look", migrating.step_of) is None

    empty(story)


@dataclass
class ProgramOfThen:
    """What a program of one step knows of the tables, and the rows that it has written."""

    step: str
    tables: MetaData
    one_of: dict[tuple[str, str], object] = field(default_factory=dict)

    @classmethod
    def at(cls, connection: Connection, step: str) -> ProgramOfThen:
        """Looks at the tables as they are now."""
        tables = MetaData()
        tables.reflect(connection)
        tables.remove(tables.tables["alembic_version"])
        found = cls(step, tables)
        for table in tables.sorted_tables:
            for check in inspect(connection).get_check_constraints(table.name):
                for column, first in _ONE_OF.findall(check["sqltext"]):
                    found.one_of[table.name, column] = first
                for column in _ONE.findall(check["sqltext"]):
                    found.one_of[table.name, column] = 1
        return found

    def work(self, connection: Connection, numbers: itertools.count[int]) -> None:
        """Adds a row to each table, reads it and changes it, with the columns of then."""
        row_of: dict[str, dict[str, Any]] = {}
        for table in self.tables.sorted_tables:
            there = connection.execute(select(table)).mappings().first() if table.name in ONE_ROW else None
            row = dict(there or self._drawn(table, next(numbers), row_of))
            if there is None:
                connection.execute(insert(table).values(row))
            row_of[table.name] = row
            mine = and_(*(column == row[column.name] for column in table.primary_key))
            assert dict(connection.execute(select(table).where(mine)).mappings().one()) == row, self.step
            if table.name not in STAY:
                drawn = self._drawn(table, next(numbers), row_of)
                fixed = {column.name for column in table.c if column.primary_key or column.foreign_keys}
                changed = {name: value for name, value in drawn.items() if name not in fixed}
                if changed:
                    assert connection.execute(update(table).where(mine).values(changed)).rowcount == 1, self.step

    def _drawn(self, table: Table, number: int, row_of: dict[str, dict[str, Any]]) -> dict[str, Any]:
        return {column.name: self._value(table, column, number, row_of) for column in table.c}

    def _value(self, table: Table, column: Column[Any], number: int, row_of: dict[str, dict[str, Any]]) -> Any:
        if column.name in EMPTY:
            return None
        for key in column.foreign_keys:
            return row_of[key.column.table.name][key.column.name]
        if (table.name, column.name) in self.one_of:
            return self.one_of[table.name, column.name]
        return _of_type(column, number)


def _of_type(column: Column[Any], number: int) -> Any:  # noqa: PLR0911 - a value of each type of column
    match column.type:
        case LargeBinary():
            return number.to_bytes(16, "big")
        case String(length=length):
            return f"{number:06}"[-(length or 6) :]
        case DateTime(timezone=timezone):
            moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
            return moment if timezone else moment.replace(tzinfo=None)
        case Date():
            return date.fromordinal(date(2026, 1, 1).toordinal() + number)
        case Float():
            return number / 2
        case Boolean():
            return number % 2 == 0
        case SmallInteger():
            return number % 10_000
        case _:
            return number


@pytest.mark.parametrize("place", [CLEARINGHOUSE, PLATFORM])
def test_programs_of_every_step_go_on_after_every_later_one(empty: Run, place: str) -> None:
    """What each adds, reads and changes, in the tables as they were at its step: one step later, and in the end."""

    async def story(database: Database) -> None:
        programs: list[ProgramOfThen] = []
        numbers = itertools.count(10)
        *_, newest = steps = steps_in(place)
        for step in steps:
            await migrate(database, step, steps=place)

            def beside(connection: Connection, step: str = step) -> None:
                programs.append(ProgramOfThen.at(connection, step))
                for program in programs if step == newest else programs[-2:]:
                    program.work(connection, numbers)

            await database.run("beside", lambda connection, beside=beside: connection.run_sync(beside))
            assert programs[-1].step == step

    empty(story)
