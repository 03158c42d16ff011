"""`takeback audit search`, `takeback desk audit`: what was done."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import rich_click as click
from rich.console import Console
from rich.table import Table

from takeback.cli.options import json_option, settings_option
from takeback.cli.staffed import staffed
from takeback.model.audit import AuditEvent
from takeback.settings import StaffSettings
from takeback.staff.audit_search import search as search_events
from takeback.storage.audit import Search
from takeback.storage.database import Database


@click.command()
@click.option("--actor", help="Who did it: a name, an id, or `machine`.")
@click.option("--subject", help="What it was done to: a name or an id.")
@click.option("--action", help="What was done, as in `suspend`.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="First day, UTC.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day, UTC.")
@click.option("--before", type=click.IntRange(min=0), help="Only events with a smaller number: the next page.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="Events at most.")
@settings_option
@json_option
def search(
    actor: str | None,
    subject: str | None,
    action: str | None,
    since: datetime | None,
    until: datetime | None,
    before: int | None,
    limit: int,
    settings_file: Path | None,
    as_json: bool,
) -> None:
    """Show events that fit, latest first.

    \b
    takeback audit search --actor "Ana Example" --since 2026-11-01
    takeback audit search --action suspend --json
    """
    days = (since and since.date(), until and until.date())
    what = Search(actor, subject, action, *days, before)

    at = staffed()

    async def work(_: StaffSettings, database: Database) -> tuple[list[AuditEvent], dict[str, str]]:
        return await search_events(database, what, limit, names=at.names)

    found, names = at.run(settings_file, work)
    rows = [
        {
            "number": one.id,
            "at": one.at.isoformat(timespec="seconds"),
            "actor": one.actor,
            "actor_name": names.get(one.actor, one.actor),
            "action": one.action,
            "subject": one.subject,
            "subject_name": names.get(one.subject, one.subject),
        }
        for one in found
    ]
    if as_json:
        click.echo(json.dumps(rows))
        return
    table = Table("number", "when", "who", "what", "about")
    for row in rows:
        table.add_row(*(str(row[name]) for name in ("number", "at", "actor_name", "action", "subject_name")))
    Console().print(table if rows else "Nothing fits.")
