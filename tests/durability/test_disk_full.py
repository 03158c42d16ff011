"""A full disk: intake says so in the error tree, keeps nothing by halves, and goes on by itself when there is room."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import psycopg
import pytest

from support.postgres import postgres_server
from support.servers import ClearinghouseServer
from support.submissions import asked, make
from support.waiting import eventually

ENTRIES = 100
#: What the disk has, and what is left of it when the test begins, in bytes.
DISK, LEFT = 24 * 2**20, 600_000


class Disk:
    """A small one, most of which something else holds."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._ballast = folder, folder / "something-else"

    def fill(self) -> None:
        """Leaves little room."""
        with self._ballast.open("wb") as file:
            file.write(bytes(max(0, self._free() - LEFT)))

    def empty(self) -> None:
        """Makes room again."""
        self._ballast.unlink()

    def _free(self) -> int:
        said = subprocess.run(
            ["df", "--output=avail", "-B1", self.folder], capture_output=True, text=True, check=True
        ).stdout
        return int(said.split()[-1])


@contextmanager
def small_disk() -> Iterator[Disk]:
    folder = Path(tempfile.mkdtemp(prefix="takeback-disk-"))  # pytest's own folders let no other user in
    folder.chmod(0o755)
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", folder]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        folder.rmdir()
        pytest.skip("this machine lets the tests mount no small disk")
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "-l", folder], check=True)
        folder.rmdir()


@pytest.fixture(params=["sqlite", "postgresql"])
def on_a_small_disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[ClearinghouseServer, Disk]]:
    with small_disk() as disk:
        if request.param == "sqlite":
            yield ClearinghouseServer(disk.folder / "takeback", publish_interval_s=0.05), disk
            return
        with postgres_server() as postgres:
            tables = disk.folder / "tables"
            tables.mkdir()
            postgres.give(tables)
            with psycopg.connect(postgres.address.replace("+psycopg", "").format("postgres"), autocommit=True) as sql:
                sql.execute(f"CREATE TABLESPACE small LOCATION '{tables}'")  # type: ignore[call-overload]
                sql.execute("CREATE DATABASE small TABLESPACE small")
            address = postgres.address.format("small")
            yield ClearinghouseServer(tmp_path / "takeback", publish_interval_s=0.05, database_url=address), disk


def test_what_was_acknowledged_stays_and_what_was_not_is_not_there(
    on_a_small_disk: tuple[ClearinghouseServer, Disk],
) -> None:
    server, disk = on_a_small_disk
    server.start()
    accepted: list[int] = []
    try:
        with httpx2.Client(base_url=server.url, timeout=30) as http:

            def submit(number: int) -> httpx2.Response:
                return http.post("/v1/submissions", json=make(number, ENTRIES).body)

            def states(number: int) -> set[str]:
                answer = http.post("/v1/receipts/status", json=asked(make(number, ENTRIES).secrets))
                return {entry["state"] for entry in answer.json()["entries"][:ENTRIES]}

            disk.fill()
            for number in range(1_000):
                refused = submit(number)
                if refused.status_code != 201:
                    break
                accepted.append(number)
            assert refused.status_code == 503
            assert refused.json()["code"] == "unavailable"
            assert states(number) == {"unlisted"}, "nothing of it was kept"

            disk.empty()
            eventually(lambda: submit(number).status_code == 201, because="there is room again")
            accepted.append(number)
            eventually(lambda: all(states(one) == {"listed"} for one in accepted), seconds=60)
        assert "All is well" in server.run("db", "check")
    finally:
        server.stop()
