"""Real servers in processes of their own, for tests that speak HTTP to them, kill them and read their logs."""

from __future__ import annotations

import itertools
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from support.commands import run_command

ROOT = Path(__file__).resolve().parents[2]
TAKEBACK = Path(sys.executable).with_name("takeback")
START_SECONDS = 60
_FIRST_PORT, _PORT_COUNT = 10_000, 20_000


def free_port() -> int:
    """Gives a port that nothing listens on, below those that the system gives to callers: none of them takes it."""
    for port in itertools.islice(_PORTS, _PORT_COUNT):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("there is no free port")


def _ports() -> Iterator[int]:
    """Goes round and round; each process of the tests begins elsewhere."""
    at = os.getpid() * 211
    for step in itertools.count():
        yield _FIRST_PORT + (at + step) % _PORT_COUNT


_PORTS = _ports()


class Process(Protocol):
    """What a server's process can be told and asked."""

    pid: int

    def poll(self) -> int | None: ...
    def send_signal(self, which: signal.Signals, /) -> None: ...
    def wait(self, seconds: float, /) -> object: ...


def started(command: list[str], log: Path, environment: dict[str, str]) -> Process:
    """Starts a command that writes into a log."""
    with log.open("ab") as output:
        return subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=environment)


#: How a server's process begins. The tests have a quicker way (support/loaded.py).
begin: Callable[[list[str], Path, dict[str, str]], Process] = started


class Server:
    """One process, its address and its log."""

    def __init__(self, command: list[object], url: str, log: Path, environment: dict[str, str] | None = None) -> None:
        self.url, self.log = url, log
        self._command, self._environment = [str(word) for word in command], environment or {}
        self._process: Process | None = None

    def start(self) -> None:
        """Starts it and returns when it answers."""
        self._process = begin(self._command, self.log, {**os.environ, **self._environment})
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise AssertionError(f"the server stopped at once:\n{self.log.read_text()[-3000:]}")
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=2):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.05)  # polling a condition, with a deadline
        raise AssertionError(f"the server did not answer:\n{self.log.read_text()[-3000:]}")

    @property
    def pid(self) -> int:
        """Its number among the machine's processes."""
        assert self._process is not None
        return self._process.pid

    def stop(self) -> None:
        """Stops it in order."""
        self._end(signal.SIGTERM)

    def kill9(self) -> None:
        """Ends it at once, in the middle of whatever it does. The machine, and what it was given to write, stay."""
        self._end(signal.SIGKILL)

    def log_text(self) -> str:
        """Gives everything that it has written."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def _end(self, with_signal: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(with_signal)
            process.wait(30)


class ClearinghouseServer(Server):
    """`takeback serve clearinghouse` with data of its own."""

    def __init__(
        self,
        folder: Path,
        *,
        publish_interval_s: float = 0.2,
        database_url: str = "",
        portal_dir: str = "",
        portal_file: str = "",
        staff_url: str = "",
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        port = free_port()
        self.staff_url = staff_url or f"http://localhost:{port}"
        self.folder, self.data, self.settings = folder, folder / "data", folder / "settings.toml"
        self.settings.write_text(
            f'data_dir = "{self.data}"\nlist_id = "test.example/list"\npublic_url = "http://127.0.0.1:{port}"\n'
            f'port = {port}\npublish_interval_s = {publish_interval_s}\ndatabase_url = "{database_url}"\n'
            f'portal_dir = "{portal_dir}"\nportal_file = "{portal_file}"\nstaff_url = "{staff_url}"\n'
            "invite_alone = true\n"
            "proof_from_a_minute = 1000000\n",  # tests send more than any crowd of people
            encoding="utf-8",
        )
        command = [TAKEBACK, "serve", "clearinghouse", "--settings", self.settings]
        super().__init__(command, f"http://127.0.0.1:{port}", folder / "clearinghouse.log")

    def run(self, *words: str) -> str:
        """Runs the operator's command and gives what it printed."""
        done = run_command(*words, "--settings", str(self.settings))
        assert done.exit_code == 0, done.output
        return done.stdout

    def invite(self, name: str) -> Path:
        """Invites a participant and gives its credentials file."""
        file = self.folder / f"{name.replace(' ', '-')}.json"
        self.run("participant", "invite", name, "--output", str(file))
        return file


class PhotoshareServer(Server):
    """The example platform."""

    PASSWORD = "a password for tests"

    def __init__(self, folder: Path, credentials: Path, *, sync_seconds: float = 0.3, seed: Path | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        port = free_port()
        command: list[object] = [sys.executable, "-m", "photoshare", "--data", folder / "data"]
        command += ["--credentials", credentials, "--port", port, "--sync-seconds", sync_seconds]
        if seed is not None:
            command += ["--seed", seed]
        super().__init__(
            command,
            f"http://127.0.0.1:{port}",
            folder / "photoshare.log",
            {"PYTHONPATH": str(ROOT / "examples"), "PHOTOSHARE_PASSWORD": self.PASSWORD},
        )
