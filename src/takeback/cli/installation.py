"""`takeback settings`, `takeback health`: this clearinghouse as its console shows it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import rich_click as click
from rich.console import Console
from rich.table import Column, Table

from takeback.clearinghouse.installation import Check, checks, shown_settings
from takeback.cli.database import with_database
from takeback.cli.options import json_option, settings_option
from takeback.errors import ConflictError
from takeback.settings import Settings, load
from takeback.storage.database import Database

#: How the publisher does is known to the server in whose process it runs.
_ELSEWHERE = Check("Publisher", well=None, said="It runs inside the server: ask its /ready, or its page of health.")
_WORDS = {True: "well", False: "look at this", None: "not known here"}


@click.command()
@settings_option
@json_option
def settings(settings_file: Path | None, as_json: bool) -> None:
    """Show every setting of a clearinghouse as it is now: file, environment, defaults. Secrets are not shown.

    \b
    takeback settings
    takeback settings --settings /etc/takeback.toml --json
    """
    found = shown_settings(load(settings_file))
    if as_json:
        click.echo(json.dumps({one.name: one.value for one in found}))
        return
    table = Table(Column("setting", overflow="fold"), Column("value", overflow="fold"), "means")
    for one in found:
        table.add_row(one.name, one.value or "–", one.meaning)
    Console().print(table)


@click.command()
@settings_option
@json_option
def health(settings_file: Path | None, as_json: bool) -> None:
    """Say whether database, keys and disk of a clearinghouse are well. Ends with an error where something is not.

    \b
    takeback health
    """

    async def work(used: Settings, database: Database) -> list[Check]:
        return await checks(used, database, _ELSEWHERE)

    found = with_database(settings_file, work)
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found]))
    else:
        for one in found:
            click.echo(f"{one.name}: {_WORDS[one.well]}. {one.said}")
    unwell = [one.name for one in found if one.well is False]
    if unwell:
        raise ConflictError(f"Not all is well: {', '.join(unwell)}. See docs/runbooks.")
