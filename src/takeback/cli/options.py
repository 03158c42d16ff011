"""What several commands share: where the settings come from, and a database to work on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import rich_click as click

from takeback.settings import Settings, load
from takeback.storage.database import Database
from takeback.storage.migrate import migrate

T = TypeVar("T")

settings_option = click.option(
    "--settings",
    "settings_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="TOML file; TAKEBACK_* of the environment goes over it.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document, for other programs.")


def with_database(settings_file: Path | None, work: Callable[[Settings, Database], Awaitable[T]]) -> T:
    """Runs `work` on the clearinghouse's database, brought up to date first."""
    settings = load(settings_file)

    async def run() -> T:
        database = Database.open(settings.database_address)
        try:
            await migrate(database)
            return await work(settings, database)
        finally:
            await database.close()

    return asyncio.run(run())
