"""A PostgreSQL server of the tests' own: Debian's binaries, a folder in memory, no network."""

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
from sqlalchemy.engine import make_url

from support import memory

#: Root may not run PostgreSQL; Debian's package brings this user.
USER = "postgres"
#: What docs/deploy.md says that PostgreSQL should be told; whoever measures does.
TOLD = {"shared_buffers": "512MB", "max_wal_size": "4GB", "wal_compression": "lz4"}


class Postgres:
    """One server. `address` is an SQLAlchemy address with {} for the database's name.

    `log` is where its write-ahead log lies, in small segments, each of which needs room when it begins; it lies beside
    the data unless it is given.
    Whoever measures has each commit wait for the disk, and tells it what an operator should.
    """

    def __init__(self, *, log: Path | None = None, waits_for_disk: bool = False) -> None:
        binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        assert binaries, "PostgreSQL is not installed; `make test` installs it"
        self._binary, self._fsync = binaries[-1].parent, "on" if waits_for_disk else "off"
        self.folder = Path(tempfile.mkdtemp(prefix="takeback-pg-", dir=None if waits_for_disk else memory.place()))
        self.address = f"postgresql+psycopg://{USER}@/{{}}?host={self.folder}"
        self._data = self.folder / "data"
        self.give(self.folder)
        elsewhere: list[object] = ["-X", log, "--wal-segsize=1"] if log else []
        self._log = "-c wal_recycle=off" if log else ""
        self._told = " ".join(f"-c {name}={value}" for name, value in TOLD.items()) if waits_for_disk else ""
        options = ("-U", USER, "-A", "trust", "--no-sync", "-E", "UTF8", "--no-locale")
        self._run("initdb", "-D", self._data, *options, *elsewhere)

    def give(self, folder: Path) -> None:
        """Makes a folder the server's own."""
        if os.geteuid() == 0:
            shutil.chown(folder, USER, pwd.getpwnam(USER).pw_gid)

    def start(self) -> None:
        """Starts it and returns when it answers."""
        options = f"-k {self.folder} -c listen_addresses= -c fsync={self._fsync} {self._log} {self._told}"
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


def new_database(server: str) -> str:
    """Makes an empty database on the server of this address, and gives the database's own."""
    address = address_on(server)
    create_database(address)
    return address


def address_on(server: str) -> str:
    """Gives the address of a database that is not there yet."""
    return server.format(f"test{secrets.token_hex(8)}")


def create_database(address: str, *, like: str = "template1") -> None:
    """Makes the database of this address: an empty one, or like another on its server."""
    _tell(address, f"CREATE DATABASE {name_in(address)} TEMPLATE {like}")


def drop_database(address: str) -> None:
    """Ends the database of this address: hundreds of them are gigabytes, and take minutes to remove at the end."""
    _tell(address, f"DROP DATABASE IF EXISTS {name_in(address)} WITH (FORCE)")


def name_in(address: str) -> str:
    """Gives the name of the database of this address."""
    name = make_url(address).database
    assert name
    return name


def _tell(address: str, statement: str) -> None:
    server = address.replace("+psycopg", "").replace(name_in(address), "postgres")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


@contextmanager
def postgres_server(*, log: Path | None = None, waits_for_disk: bool = False) -> Iterator[Postgres]:
    """Runs a server until the block ends."""
    server = Postgres(log=log, waits_for_disk=waits_for_disk)
    server.start()
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
