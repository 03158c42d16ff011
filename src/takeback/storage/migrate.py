"""Brings a database to the schema that this program knows, or refuses one that it does not."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.errors import SettingsError
from takeback.storage.database import Database

#: Where the steps are of a clearinghouse's database, and of a platform's.
CLEARINGHOUSE = "takeback.storage:migrations/versions"
PLATFORM = "takeback.storage:platform/steps"


async def migrate(database: Database, to: str = "head", *, steps: str = CLEARINGHOUSE) -> None:
    """Runs what is missing, up to a step. Raises SettingsError for a database that a newer takeback has made."""

    async def work(connection: AsyncConnection) -> None:
        await connection.run_sync(_upgrade, to, steps)

    await database.run("migrate", work)


async def is_current(database: Database, *, steps: str = CLEARINGHOUSE) -> bool:
    """Whether the database answers, and has the schema of this program."""
    return await database.read("schema", step_of) == ScriptDirectory.from_config(_config(steps)).get_current_head()


async def step_of(connection: AsyncConnection) -> str | None:
    """Gives the step that the database is at, or None before the first."""
    return await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())


def _config(steps: str) -> Config:
    config = Config()
    config.set_main_option("script_location", "takeback.storage:migrations")
    config.set_main_option("version_locations", steps)
    config.set_main_option("path_separator", "newline")
    return config


def _upgrade(connection: Connection, to: str, steps: str) -> None:
    config = _config(steps)
    config.attributes["connection"] = connection
    known = {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}
    present = MigrationContext.configure(connection).get_current_revision()
    if present is not None and present not in known:
        raise SettingsError(
            f"The database has schema {present}, which this takeback does not know. Install the version that made it."
        )
    command.upgrade(config, to)
