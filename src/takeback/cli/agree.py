"""`takeback agree`: a participant reads the clearinghouse's agreement and accepts it."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from takeback.cli.terminal import on_one_line
from takeback.exchanges.takeback import connect


@click.command()
@click.argument("credentials", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask: somebody has read this version, and may decide.")
def agree(credentials: Path, yes: bool) -> None:
    """Show the agreement as it is now, and accept it for the participant whose CREDENTIALS file this is.

    \b
    takeback agree credentials.json
    """
    with connect(credentials) as exchange:
        current = exchange.agreement()
        version = on_one_line(current.version)
        click.echo(version)
        click.echo("\n".join(map(on_one_line, current.text.splitlines())))
        if not yes:
            click.confirm(f"Does {exchange.participant} agree to {version}?", abort=True, err=True)
        agreed_on = exchange.agree(current.version)
    click.echo(f"Kept: {exchange.participant} agreed to {version} on {agreed_on}.", err=True)
