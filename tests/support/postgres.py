"""A PostgreSQL server of the tests' own: Debian's binaries, a folder in /tmp, no network."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

#: Root may not run PostgreSQL; Debian's package brings this user.
USER = "postgres"


class Postgres:
    """One server. `address` is an SQLAlchemy address with {} for the database's name.

    `log` is where its write-ahead log lies, in small segments; it lies beside the data unless it is given.
    """

    def __init__(self, *, log: Path | None = None) -> None:
        binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        assert binaries, "PostgreSQL is not installed; `make test` installs it"
        self._binary, self.folder = binaries[-1].parent, Path(tempfile.mkdtemp(prefix="takeback-pg-"))
        self.address = f"postgresql+psycopg://{USER}@/{{}}?host={self.folder}"
        self._data = self.folder / "data"
        self.give(self.folder)
        elsewhere: list[object] = ["-X", log, "--wal-segsize=1"] if log else []
        options = ("-U", USER, "-A", "trust", "--no-sync", "-E", "UTF8", "--no-locale")
        self._run("initdb", "-D", self._data, *options, *elsewhere)

    def give(self, folder: Path) -> None:
        """Makes a folder the server's own."""
        if os.geteuid() == 0:
            shutil.chown(folder, USER, pwd.getpwnam(USER).pw_gid)

    def start(self, *, waits_for_disk: bool = False) -> None:
        """Starts it and returns when it answers. Whoever measures has each commit wait for the disk."""
        options = f"-k {self.folder} -c listen_addresses= -c fsync={'on' if waits_for_disk else 'off'}"
        self._run("pg_ctl", "-D", self._data, "-l", self.folder / "log", "-w", "-o", options, "start")

    def new_database(self) -> str:
        """Makes an empty database and gives its address."""
        return new_database(self.address)

    def revive(self) -> None:
        """Starts it unless it runs: it ends itself where it can write no log."""
        if not self.stands():
            self.start()

    def crash(self) -> None:
        """Ends every process at once, without a checkpoint: what is then there has to come from the log."""
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")

    def stands(self) -> bool:
        """Whether it runs."""
        return self._done("pg_ctl", "-D", self._data, "status").returncode == 0

    def _run(self, program: str, *words: object) -> None:
        done = self._done(program, *words)
        assert done.returncode == 0, done.stderr + done.stdout

    def _done(self, program: str, *words: object) -> subprocess.CompletedProcess[str]:
        as_user = ["runuser", "-u", USER, "--"] if os.geteuid() == 0 else []
        command = [*as_user, str(self._binary / program), *map(str, words)]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False, timeout=120)


def new_database(address: str) -> str:
    """Makes an empty database on the server of this address, and gives the database's own."""
    name = f"test{secrets.token_hex(8)}"
    with psycopg.connect(address.replace("+psycopg", "").format("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
    return address.format(name)


@contextmanager
def postgres_server(*, log: Path | None = None, waits_for_disk: bool = False) -> Iterator[Postgres]:
    """Runs a server until the block ends."""
    server = Postgres(log=log)
    server.start(waits_for_disk=waits_for_disk)
    try:
        yield server
    finally:
        if server.stands():
            server.crash()
        shutil.rmtree(server.folder, ignore_errors=True)


@contextmanager
def postgres() -> Iterator[str]:
    """Runs a server until the block ends; gives an SQLAlchemy address with {} for the database's name."""
    with postgres_server() as server:
        yield server.address
