"""Brings a database to the schema that this program knows, or refuses one that it cannot work with.

A newer program may have taken it further. The programs of before then go on beside it, and start anew, as long as the
database says that they may (`schema.program`).
"""

from __future__ import annotations

from functools import cache

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, select
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.errors import SettingsError
from takeback.storage.database import Database, must_be_new_enough
from takeback.storage.schema import program

#: Where the steps are of a clearinghouse's database, and of a platform's.
CLEARINGHOUSE = "takeback.storage:migrations/versions"
PLATFORM = "takeback.storage:platform/steps"


async def migrate(database: Database, to: str = "head", *, steps: str = CLEARINGHOUSE) -> None:
    """Runs what is missing, up to a step.

    Raises SettingsError for a server that is too old, and for a database that ended this program's time.
    """

    async def work(connection: AsyncConnection) -> None:
        if not database.is_sqlite:
            must_be_new_enough(connection.dialect.server_version_info)
        await connection.run_sync(_upgrade, to, steps)

    await database.run("migrate", work)


async def fits(database: Database, *, steps: str = CLEARINGHOUSE) -> bool:
    """Whether the database answers, and this program may run on it: at its own step, or at a later one that says so."""

    def work(connection: Connection) -> bool:
        present = _step(connection)
        return present == _known(steps)[0] or (present not in _known(steps) and _lets_run(connection, steps))

    return await database.read("schema", lambda connection: connection.run_sync(work))


async def is_current(database: Database, *, steps: str = CLEARINGHOUSE) -> bool:
    """Whether the database has the very schema of this program: whoever copies all of it has to know all of it."""
    return await database.read("schema", step_of) == _known(steps)[0]


async def step_of(connection: AsyncConnection) -> str | None:
    """Gives the step that the database is at, or None before the first."""
    return await connection.run_sync(_step)


def _step(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


@cache
def _known(steps: str) -> tuple[str, ...]:
    """Gives every step of this program, the newest first."""
    return tuple(step.revision for step in ScriptDirectory.from_config(_config(steps)).walk_revisions())


def _lets_run(connection: Connection, steps: str) -> bool:
    """Whether a schema that is newer than this program has been made for programs such as this one, too."""
    if not inspect(connection).has_table(program.name):
        return False
    return connection.execute(select(program.c.oldest)).scalar_one_or_none() in _known(steps)


def _config(steps: str) -> Config:
    config = Config()
    config.set_main_option("script_location", "takeback.storage:migrations")
    config.set_main_option("version_locations", steps)
    config.set_main_option("path_separator", "newline")
    return config


def _upgrade(connection: Connection, to: str, steps: str) -> None:
    present = _step(connection)
    if present is not None and present not in _known(steps):
        if _lets_run(connection, steps):
            return
        raise SettingsError(
            f"The database has schema {present}, which this takeback does not know. Install the version that made it."
        )
    config = _config(steps)
    config.attributes["connection"] = connection
    command.upgrade(config, to)
