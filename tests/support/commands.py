"""The command line inside this process, for tests that call it often: each start of its own costs a second."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from click.testing import CliRunner, Result

from takeback.cli.main import cli


def run_command(*words: str, env: Mapping[str, str | None] | None = None) -> Result:
    """Runs `takeback` with these words, in a thread: Playwright keeps a loop of its own in the main one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(CliRunner(env=env).invoke, cli, words).result()
