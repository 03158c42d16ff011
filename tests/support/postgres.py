"""A PostgreSQL server of the tests' own: Debian's binaries, a folder in /tmp, no network."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: Root may not run PostgreSQL; Debian's package brings this user.
USER = "postgres"


@contextmanager
def postgres() -> Iterator[str]:
    """Runs a server until the block ends; gives an SQLAlchemy address with {} for the database's name."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    assert binaries, "PostgreSQL is not installed; `make test` installs it"
    binary, folder = binaries[-1].parent, Path(tempfile.mkdtemp(prefix="takeback-pg-"))
    as_user = []
    if os.geteuid() == 0:
        shutil.chown(folder, USER, pwd.getpwnam(USER).pw_gid)
        as_user = ["runuser", "-u", USER, "--"]
    data = folder / "data"

    def run(*words: object) -> None:
        done = subprocess.run(
            [*as_user, *map(str, words)], cwd=folder, capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode == 0, done.stderr + done.stdout

    run(binary / "initdb", "-D", data, "-U", USER, "-A", "trust", "--no-sync", "-E", "UTF8", "--no-locale")
    options = f"-k {folder} -c listen_addresses= -c fsync=off"
    run(binary / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-o", options, "start")
    try:
        yield f"postgresql+psycopg://{USER}@/{{}}?host={folder}"
    finally:
        run(binary / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)
