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
    """One server. `address` is an SQLAlchemy address with {} for the database's name."""

    def __init__(self) -> None:
        binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        assert binaries, "PostgreSQL is not installed; `make test` installs it"
        self._binary, self.folder = binaries[-1].parent, Path(tempfile.mkdtemp(prefix="takeback-pg-"))
        self.address = f"postgresql+psycopg://{USER}@/{{}}?host={self.folder}"
        self._data = self.folder / "data"
        self.give(self.folder)
        self._run("initdb", "-D", self._data, "-U", USER, "-A", "trust", "--no-sync", "-E", "UTF8", "--no-locale")

    def give(self, folder: Path) -> None:
        """Makes a folder the server's own."""
        if os.geteuid() == 0:
            shutil.chown(folder, USER, pwd.getpwnam(USER).pw_gid)

    def start(self) -> None:
        """Starts it and returns when it answers."""
        options = f"-k {self.folder} -c listen_addresses= -c fsync=off"
        self._run("pg_ctl", "-D", self._data, "-l", self.folder / "log", "-w", "-o", options, "start")

    def crash(self) -> None:
        """Ends every process at once, without a checkpoint: what is then there has to come from the log."""
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")

    def _run(self, program: str, *words: object) -> None:
        as_user = ["runuser", "-u", USER, "--"] if os.geteuid() == 0 else []
        command = [*as_user, str(self._binary / program), *map(str, words)]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stderr + done.stdout


@contextmanager
def postgres_server() -> Iterator[Postgres]:
    """Runs a server until the block ends."""
    server = Postgres()
    server.start()
    try:
        yield server
    finally:
        server.crash()
        shutil.rmtree(server.folder, ignore_errors=True)


@contextmanager
def postgres() -> Iterator[str]:
    """Runs a server until the block ends; gives an SQLAlchemy address with {} for the database's name."""
    with postgres_server() as server:
        yield server.address


def new_database(postgres: str) -> str:
    """Makes an empty database on a running server and gives its address."""
    name = f"test{secrets.token_hex(8)}"
    plain = postgres.replace("+psycopg", "")
    with psycopg.connect(plain.format("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
    return postgres.format(name)
