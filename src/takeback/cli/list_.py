"""`takeback list`: how the list stands. Counts only: no fingerprint is ever shown."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import rich_click as click
from rich.console import Console
from rich.table import Table

from takeback.clearinghouse.statistics import ListStatistics, list_statistics
from takeback.cli.database import with_database
from takeback.cli.options import json_option, settings_option
from takeback.settings import Settings
from takeback.storage.database import Database


@click.group("list")
def list_() -> None:
    """The list itself."""


@list_.command()
@settings_option
@json_option
def stats(settings_file: Path | None, as_json: bool) -> None:
    """Show how many entries there are, of which state and tier, and what participants said."""

    async def work(_: Settings, database: Database) -> ListStatistics:
        return await list_statistics(database)

    found = with_database(settings_file, work)
    if as_json:
        click.echo(json.dumps(asdict(found)))
        return
    table = Table("what", "how many")
    for title, counts in (
        ("entries", found.entries_by_state),
        ("listed", found.listed_by_tier),
        ("fingerprints", found.fingerprints_by_type),
        ("feedback", found.feedback_by_verdict),
    ):
        for name, count in counts.items():
            table.add_row(f"{title}: {name}", str(count))
    table.add_row("active participants", str(found.active_participants))
    table.add_row("changes so far", str(found.head))
    Console().print(table)
