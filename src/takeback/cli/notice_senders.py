"""`takeback notice flagger|warn|suspend`: who sends notices to a platform."""

from __future__ import annotations

import json
from pathlib import Path

import rich_click as click
from rich.console import Console
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.cli.options import json_option, operator_option, settings_option
from takeback.cli.platform_database import with_platform
from takeback.clock import SystemClock
from takeback.model.operator import Role
from takeback.participant.notices import misuse
from takeback.platform_settings import PlatformSettings
from takeback.staff.operators import at_the_machine, must_be
from takeback.storage.database import Database
from takeback.storage.platform import notifiers
from takeback.storage.platform.notifiers import Flagger


@click.group()
def flagger() -> None:
    """Trusted flaggers: bodies whose notices have a key of their own, and figures of their own."""


@flagger.command()
@click.argument("name")
@operator_option
@settings_option
@json_option
def add(name: str, acting: str, settings_file: Path | None, as_json: bool) -> None:
    """Let one in, and print its key. It is shown once.

    \b
    takeback notice flagger add "Example Helpline" --operator "Ana Example"
    """

    async def work(_: PlatformSettings, database: Database) -> tuple[Flagger, str]:
        operator = await at_the_machine(database, SystemClock(), acting)
        must_be(operator, Role.ADMINISTRATOR)
        return await misuse.add_flagger(database, SystemClock(), name, by=operator.id)

    new, key = with_platform(settings_file, work)
    if as_json:
        click.echo(json.dumps({"id": new.id, "name": new.name, "key": key}))
        return
    click.echo(key)
    click.echo(f"It is shown this once. {new.id} sends it as `Authorization: Bearer …`.", err=True)


@flagger.command("list")
@settings_option
@json_option
def list_(settings_file: Path | None, as_json: bool) -> None:
    """Show every trusted flagger."""

    async def work(_: PlatformSettings, database: Database) -> list[Flagger]:
        async def found(connection: AsyncConnection) -> list[Flagger]:
            return await notifiers.flaggers(connection)

        return await database.read("flaggers", found)

    rows = [
        {"id": one.id, "name": one.name, "added_on": str(one.added_on), "closed_on": str(one.closed_on or "")}
        for one in with_platform(settings_file, work)
    ]
    if as_json:
        click.echo(json.dumps(rows))
        return
    table = Table("id", "name", "added", "closed")
    for row in rows:
        table.add_row(*row.values())
    Console().print(table)


@flagger.command()
@click.argument("id_", metavar="FLAGGER")
@operator_option
@settings_option
def close(id_: str, acting: str, settings_file: Path | None) -> None:
    """End a flagger's key at once."""

    async def work(_: PlatformSettings, database: Database) -> None:
        operator = await at_the_machine(database, SystemClock(), acting)
        must_be(operator, Role.ADMINISTRATOR)
        await misuse.close_flagger(database, SystemClock(), id_, by=operator.id)

    with_platform(settings_file, work)
    click.echo("The key has ended.", err=True)


@click.command()
@click.argument("number")
@operator_option
@settings_option
def warn(number: str, acting: str, settings_file: Path | None) -> None:
    """Note that you have warned whoever sent a notice, because their notices are plainly unfounded again and again."""

    async def work(_: PlatformSettings, database: Database) -> None:
        operator = await at_the_machine(database, SystemClock(), acting)
        must_be(operator, Role.OPERATOR)
        await misuse.warn(database, SystemClock(), number, by=operator.id)

    with_platform(settings_file, work)
    click.echo("The warning is noted.", err=True)


@click.command()
@click.argument("number")
@click.option("--days", type=int, required=True, help="So long; 0: not any more.")
@operator_option
@settings_option
def suspend(number: str, days: int, acting: str, settings_file: Path | None) -> None:
    """Suspend whoever sent a notice, after a warning: what they name is hidden only when a person has looked.

    Never the person in the picture.

    \b
    takeback notice suspend ABCDE-12345 --days 30 --operator "Ana Example"
    """

    async def work(_: PlatformSettings, database: Database) -> None:
        operator = await at_the_machine(database, SystemClock(), acting)
        must_be(operator, Role.OPERATOR)
        await misuse.suspend(database, SystemClock(), number, days, by=operator.id)

    with_platform(settings_file, work)
    click.echo("It is done.", err=True)
