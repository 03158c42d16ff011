"""A full disk: it says so in the error tree, keeps nothing by halves, and goes on by itself when there is room.

What was acknowledged, a submission or a withdrawal, holds; what was refused has changed nothing.
"""

from __future__ import annotations

import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
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
        #: What the operator does when there is room again.
        self.revive: Callable[[], None] = lambda: None
        #: Has PostgreSQL drop what of its log is over, and write whole pages next.
        self.settle: Callable[[], object] = lambda: None

    def fill(self) -> None:
        """Leaves little room."""
        with self._ballast.open("wb") as file:
            file.write(bytes(max(0, self._free() - LEFT)))

    def empty(self) -> None:
        """Makes room again."""
        self._ballast.unlink()
        self.revive()

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


@pytest.fixture(params=["sqlite", "postgresql"])  # or with its log on the small disk, too: "postgresql-log"
def on_a_small_disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[ClearinghouseServer, Disk]]:
    with small_disk() as disk:
        if request.param == "sqlite":
            yield ClearinghouseServer(disk.folder / "takeback", publish_interval_s=0.05), disk
            return
        log = disk.folder / "log" if request.param == "postgresql-log" else None
        with postgres_server(log=log) as postgres:
            disk.revive = postgres.revive
            tables = disk.folder / "tables"
            tables.mkdir()
            postgres.give(tables)
            for statement in (f"CREATE TABLESPACE small LOCATION '{tables}'", "CREATE DATABASE small TABLESPACE small"):
                _asked_directly(postgres.address.format("postgres"), statement)
            address = postgres.address.format("small")
            disk.settle = lambda: _asked_directly(postgres.address.format("small"), "CHECKPOINT")
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


#: Submissions that are there when the disk fills, and how many entries each has.
THERE, OF_EACH = 25, 60


@pytest.mark.parametrize("on_a_small_disk", ["sqlite", "postgresql-log"], indirect=True)
def test_a_withdrawal_that_was_acknowledged_holds_and_one_that_was_not_can_be_sent_again(
    on_a_small_disk: tuple[ClearinghouseServer, Disk],
) -> None:
    """On PostgreSQL its log is on the small disk, too: the whole server goes down, and is started again."""
    server, disk = on_a_small_disk
    server.start()
    try:
        with httpx2.Client(base_url=server.url, timeout=30) as http:

            def states(numbers: set[int]) -> set[str]:
                found = set[str]()
                for number in numbers:
                    answer = http.post("/v1/receipts/status", json=asked(make(number, OF_EACH).secrets))
                    entries = answer.json()["entries"] if answer.status_code == 200 else []
                    found |= {entry["state"] for entry in entries[:OF_EACH]} or {f"{answer.status_code}"}
                return found

            def withdraw(number: int) -> bool:
                answer = http.post("/v1/receipts/withdraw", json=asked(make(number, OF_EACH).secrets))
                assert answer.status_code in {204, 503}, answer.text
                return answer.status_code == 204

            there = set(range(THERE))
            for number in there:
                assert http.post("/v1/submissions", json=make(number, OF_EACH).body).status_code == 201
            eventually(lambda: states(there) == {"listed"})
            _shorten_log(server.data / "clearinghouse.db")
            disk.settle()
            disk.fill()
            taken, refused = set[int](), set[int]()
            for number in there:
                (taken if withdraw(number) else refused).add(number)
                if len(refused) == 3:
                    break
            assert refused, "the disk was full; otherwise this shows nothing"
            disk.empty()
            eventually(lambda: states({0}) != {"503"}, because="the database is back")
            assert states(taken) <= {"unlisted"}, "what was acknowledged is gone"
            assert states(there - taken) == {"listed"}, "what was refused is as it was"
            for number in refused:
                eventually(lambda number=number: withdraw(number), because="there is room again")
            taken |= refused
            server.kill9()
            server.start()
            assert states(taken) == {"unlisted"}
            assert states(there - taken) == {"listed"}
        assert "All is well" in server.run("db", "check")
    finally:
        server.stop()


def _asked_directly(address: str, statement: str) -> None:
    with psycopg.connect(address.replace("+psycopg", ""), autocommit=True) as sql:
        sql.execute(statement)  # type: ignore[call-overload]  # a sentence of ours


def _shorten_log(file: Path) -> None:
    """SQLite would else write into a log that is long already, and need no room."""
    if file.exists():
        with closing(sqlite3.connect(file, timeout=10)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
