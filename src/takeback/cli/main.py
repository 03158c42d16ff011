"""The root of the command line, and how every error leaves it: one line, and the exit code of `errors.EDGES`."""

from __future__ import annotations

import sys
from typing import Any

import rich_click as click

import takeback
from takeback.cli.list_ import list_
from takeback.cli.participant import participant
from takeback.cli.serve import serve
from takeback.errors import EDGES, TakebackError


class Root(click.RichGroup):
    """A group that ends errors of our tree in one line."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        """Runs the command."""
        try:
            return super().invoke(ctx)
        except TakebackError as error:
            click.echo(f"takeback: {error}", err=True)
            sys.exit(EDGES[error.code].exit_code)


@click.group(cls=Root, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(takeback.__version__)
def cli() -> None:
    """Takeback: fingerprints of pictures that should come down, and nothing else.

    \b
    Run a clearinghouse:     takeback serve clearinghouse
    Let a platform join:     takeback participant invite "Example Photos" --output example.json
    See how the list stands: takeback list stats
    """


cli.add_command(serve)
cli.add_command(participant)
cli.add_command(list_)
