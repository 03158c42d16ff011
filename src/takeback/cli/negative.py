"""`takeback negative`: public pictures, none of which may be listed."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path
from typing import Any

import rich_click as click
from rich.console import Console
from rich.table import Table

from takeback.clearinghouse import two_person
from takeback.clearinghouse.negative import would_suspend
from takeback.cli.database import with_database
from takeback.cli.options import json_option, operator_option, settings_option
from takeback.clock import SystemClock
from takeback.matching.negative import patterns
from takeback.model.proposal import ProposalKind
from takeback.settings import Settings
from takeback.staff.negative import addition, all_values, read_value
from takeback.staff.operators import at_the_machine
from takeback.storage.database import Database
from takeback.storage.negative import NegativeValue


@click.group()
def negative() -> None:
    """Logos, stock pictures, memes: what everybody has, and nobody may list. Changes take two operators."""


@negative.command()
@click.argument("label")
@click.option("--value", "values", multiple=True, required=True, help="pdq:<64 hex>, md5:<32 hex> or sha256:<64 hex>.")
@click.option("--dry-run", is_flag=True, help="Only count what it would suspend.")
@operator_option
@settings_option
@json_option
def add(
    label: str, values: tuple[str, ...], dry_run: bool, acting: str, settings_file: Path | None, as_json: bool
) -> None:
    """Propose a public picture by its values. The clearinghouse opens no picture: make them with `takeback hash`.

    What is listed already and is near to one of them is suspended once another operator has carried it out; first it
    is said how many entries those would be.

    \b
    takeback negative add "The logo of our site" --value pdq:0123… --value sha256:4567… --operator "Ana Example"
    """

    async def work(_: Settings, database: Database) -> dict[str, Any]:
        operator = await at_the_machine(database, SystemClock(), acting)
        new = addition(label, values)
        would = await would_suspend(database, [read_value(text) for text in values])
        if dry_run:
            return {"would_suspend": would}
        kind = ProposalKind.ADD_NEGATIVE
        made = await two_person.propose(database, SystemClock(), operator, kind, new.subject, new.details)
        return {"would_suspend": would, "picture": new.subject, "proposal": made.id}

    found = with_database(settings_file, work)
    if as_json:
        click.echo(json.dumps(found))
        return
    click.echo(f"It would suspend {found['would_suspend']} entries that are on the list now.", err=True)
    if not dry_run:
        click.echo(found["proposal"])


@negative.command()
@click.argument("picture")
@operator_option
@settings_option
def remove(picture: str, acting: str, settings_file: Path | None) -> None:
    """Propose to take a picture off. What it has suspended stays so until two operators release it."""

    async def work(_: Settings, database: Database) -> str:
        operator, kind = await at_the_machine(database, SystemClock(), acting), ProposalKind.REMOVE_NEGATIVE
        return (await two_person.propose(database, SystemClock(), operator, kind, picture, {})).id

    click.echo(with_database(settings_file, work))


@negative.command("list")
@settings_option
@json_option
def list_(settings_file: Path | None, as_json: bool) -> None:
    """Show what operators put there; the values are those of public pictures."""

    async def work(_: Settings, database: Database) -> list[NegativeValue]:
        return await all_values(database)

    found = with_database(settings_file, work)
    rows = []
    for picture, group in groupby(found, key=lambda one: one.picture):
        ones = list(group)
        values = [f"{one.type.value}:{one.value.hex()}" for one in ones]
        added = ones[0].added_on.isoformat()
        compared = all(one.compared for one in ones)
        rows.append(
            {"picture": picture, "label": ones[0].label, "added_on": added, "compared": compared, "values": values}
        )
    if as_json:
        click.echo(json.dumps({"pictures": rows, "generated": len(patterns())}))
        return
    table = Table("id", "what", "added", "compared", "values")
    for row in rows:
        table.add_row(
            *(str(row[name]) for name in ("picture", "label", "added_on", "compared")), str(len(row["values"]))
        )
    Console().print(table)
    click.echo(f"And {len(patterns())} values of blank frames, gradients and the like (scripts/write_patterns.py).")
