"""The command line inside this process, for tests that call it often: each start of its own costs a second."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

import click
from click.testing import CliRunner, Result

from takeback.cli.main import cli

#: Commands of a platform, or of anybody; all others are those of whoever runs a clearinghouse.
NOT_THE_OPERATORS = {"agent", "agree", "desk", "evidence", "hash", "notice", "report", "screen", "serve agent", "sweep"}


def run_command(*words: str, env: Mapping[str, str | None] | None = None, typed: str | None = None) -> Result:
    """Runs `takeback` with these words, in a thread: Playwright keeps a loop of its own in the main one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(CliRunner(env=env).invoke, cli, words, input=typed).result()


def operators_commands(command: click.Command = cli, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Gives every command by which somebody runs a clearinghouse, with its words."""
    if " ".join(path) in NOT_THE_OPERATORS:
        return
    if not isinstance(command, click.Group):
        yield path, command
        return
    for name in command.list_commands(click.Context(command)):
        below = command.get_command(click.Context(command), name)
        assert below is not None
        yield from operators_commands(below, *path, name)
