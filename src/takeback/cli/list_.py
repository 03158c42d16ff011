"""`takeback list`: how the list stands, in counts; and a file of it for a participant who can use nothing else."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

import rich_click as click
from rich.console import Console
from rich.table import Table

from takeback.clearinghouse.export import export as export_list
from takeback.clearinghouse.picture import Picture, picture
from takeback.clearinghouse.statistics import ListStatistics, list_statistics
from takeback.cli.database import with_database
from takeback.cli.options import json_option, settings_option
from takeback.clock import SystemClock
from takeback.errors import InvalidInputError
from takeback.settings import Settings
from takeback.storage.database import Database
from takeback.wire import flat_file, vics


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


@list_.command()
@settings_option
def today(settings_file: Path | None) -> None:
    """Print today's picture as the console shows it, as JSON: intake, verdicts, tiers, freshness, and what waits.

    \b
    takeback list today
    """

    async def work(settings: Settings, database: Database) -> Picture:
        return await picture(database, SystemClock(), settings)

    found = asdict(with_database(settings_file, work))
    for name in ("published", "confirmed", "wrong"):
        found[name] = {day.isoformat(): number for day, number in found[name]}
    found["withdrawals"] = {day.isoformat(): number for day, number in found["withdrawals"].items()}
    click.echo(json.dumps(found, indent=2))


@list_.command()
@click.option("--participant", required=True, metavar="ID", help="Whom the file is for.")
@click.option("--by", required=True, metavar="ID", help="The administrator who makes it.")
@click.option("--format", "file_format", type=click.Choice(["flat", "vics"]), required=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="File (mode 0600).")
@settings_option
def export(participant: str, by: str, file_format: str, output: Path, settings_file: Path | None) -> None:
    """Write what is listed into a file, for one participant (docs/dialects.md). It cannot be taken back.

    \b
    takeback list export --participant p-0123… --by o-0123… --format flat --output list.txt
    """
    if output.exists():
        raise InvalidInputError(field="--output", problem="exists already.", remedy="Choose another file.")
    partial = output.with_name(output.name + ".partial")

    async def work(_: Settings, database: Database) -> int:
        count = 0
        listed = export_list(database, SystemClock(), participant=participant, by=by, file_format=file_format)
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(vics.BEGIN if file_format == "vics" else b"")
            async for entry in listed:
                if file_format == "flat":
                    file.write(flat_file.lines(entry.kind, entry.fingerprints).encode("ascii"))
                else:
                    between = vics.BETWEEN if count else b"\n"
                    file.write(between + vics.media_bytes(count + 1, entry.listed_on, entry.fingerprints))
                count += 1
            file.write(vics.END if file_format == "vics" else b"")
        partial.rename(output)
        return count

    try:
        count = with_database(settings_file, work)
    finally:
        partial.unlink(missing_ok=True)
    click.echo(
        f"Wrote {count} entries. What is withdrawn from now on stays in this file: {_CLEAR[file_format]}", err=True
    )


#: What has to be done with a file when a new one comes.
_CLEAR = {
    "flat": "replace it often, and run `tx fetch --clear` with every new one.",
    "vics": "replace it often, and remove the old set from the tool before the new one is read.",
}
