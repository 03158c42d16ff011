"""Servers of the tests as copies of one process that has loaded their program, which takes Python two seconds.

Each is a process of its own, which runs what `takeback serve` runs. Benches start the command itself.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from pathlib import Path

from takeback.cli.main import cli

_LOADED = multiprocessing.get_context("forkserver")
_LOADED.set_forkserver_preload(["takeback.cli.serve", "litestar.plugins.pydantic", "litestar.plugins.attrs"])


class Copy:
    """A process that runs a `takeback` command, with as much of `subprocess.Popen` as servers in tests need."""

    def __init__(self, words: list[str], log: Path, environment: dict[str, str]) -> None:
        self._process = _LOADED.Process(target=_run, args=(words, log, environment), daemon=True)
        self._process.start()
        assert self._process.pid
        self.pid = self._process.pid

    def poll(self) -> int | None:
        """Gives how it ended, or None."""
        return self._process.exitcode

    def send_signal(self, which: signal.Signals) -> None:
        """Sends it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, which)

    def wait(self, seconds: float) -> None:
        """Waits until it has ended."""
        self._process.join(seconds)
        assert self.poll() is not None, "it goes on"


def _run(words: list[str], log: Path, environment: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    with log.open("ab") as output:
        os.dup2(output.fileno(), sys.stdout.fileno())
        os.dup2(output.fileno(), sys.stderr.fileno())
    sys.argv = words
    cli()
