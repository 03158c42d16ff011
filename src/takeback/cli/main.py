"""The root of the command line, and how every error leaves it: one line, and the exit code of `errors.EDGES`."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import rich_click as click

import takeback
from takeback.errors import EDGES, SettingsError, TakebackError

#: Command → where it is. A room is opened only when its command is: `hash` needs no server, `list` no decoder.
COMMANDS = {
    "agent": "takeback.cli.agent:agent",
    "agree": "takeback.cli.agree:agree",
    "audit": "takeback.cli.audit:audit",
    "db": "takeback.cli.db:db",
    "decoy": "takeback.cli.decoy:decoy",
    "desk": "takeback.cli.desk:desk",
    "entry": "takeback.cli.entry:entry",
    "evidence": "takeback.cli.evidence:evidence",
    "hash": "takeback.cli.hash:hash_",
    "health": "takeback.cli.installation:health",
    "list": "takeback.cli.list_:list_",
    "log": "takeback.cli.public_log:log",
    "negative": "takeback.cli.negative:negative",
    "notice": "takeback.cli.notice:notice",
    "operator": "takeback.cli.operator:operator",
    "participant": "takeback.cli.participant:participant",
    "proposal": "takeback.cli.proposal:proposal",
    "report": "takeback.cli.report:report",
    "screen": "takeback.cli.screen:screen",
    "serve": "takeback.cli.serve:serve",
    "settings": "takeback.cli.installation:settings",
    "sweep": "takeback.cli.sweep:sweep",
}


class Root(click.RichGroup):
    """A group that loads commands when they are asked for, and ends errors of our tree in one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own signature
        """Gives the names of all commands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Gives one command; one whose packages are missing says what to install when it is run."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, name = COMMANDS[cmd_name].split(":")
        try:
            command: click.Command = getattr(import_module(module), name)
        except ModuleNotFoundError as error:
            if (error.name or "").startswith("takeback"):
                raise
            return _missing(cmd_name, error.name or "a package")
        return command

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        """Runs the command."""
        try:
            return super().invoke(ctx)
        except TakebackError as error:
            click.echo(f"takeback: {error}", err=True)
            sys.exit(EDGES[error.code].exit_code)


def _missing(name: str, package: str) -> click.Command:
    @click.command(name, context_settings={"ignore_unknown_options": True}, short_help="Needs takeback[server].")
    @click.argument("words", nargs=-1)
    def missing(words: tuple[str, ...]) -> None:  # noqa: ARG001 - whatever stands behind the command
        raise SettingsError(f"{package} is missing. Install takeback[server] for this command.")

    return missing


@click.group(cls=Root, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(takeback.__version__)
def cli() -> None:
    """Takeback: fingerprints of pictures that should come down, and nothing else.

    \b
    Run a clearinghouse:     takeback serve clearinghouse
    Run a platform's agent:  takeback serve agent
    Let a platform join:     takeback participant invite "Example Photos" --output example.json
    Let an operator in:      takeback operator add "Ana Example" --role administrator
    See how the list stands: takeback list stats
    Fingerprint a file:      takeback hash upload.jpg
    """
