"""Processes that are killed: nothing acknowledged is lost, nothing half-written appears, and the next run goes on.

The clearinghouse dies, and every process of PostgreSQL with it. The machine stays up: no test here shows whether its
disk keeps through a power cut what it was told to keep.
"""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from durability.conftest import Machine
from support.ledger import ENTRIES, Ledger, states_of
from support.servers import ClearinghouseServer
from support.submissions import make
from support.waiting import eventually
from takeback import HashList, connect

ROUNDS = 3
CLIENTS = 4


def test_the_clearinghouse_keeps_what_it_acknowledged(machine: Machine) -> None:
    """Killed in mid-submission and mid-withdrawal, again and again, and its database with it."""
    server, ledger = machine.server, Ledger()
    server.start()
    for round_ in range(ROUNDS):
        enough = len(ledger.accepted) + random.randint(10, 40)
        with ThreadPoolExecutor(CLIENTS) as threads:
            firsts = [(round_ * CLIENTS + client) * 1_000_000 for client in range(CLIENTS)]
            running = [threads.submit(ledger.use, server, first) for first in firsts]
            eventually(lambda enough=enough: len(ledger.accepted) > enough)
            server.kill9()
        for one in running:
            one.result()
        machine.kill()
        server.start()
        ledger.check(server)
    assert ledger.taken_back
    assert ledger.cut_off, "at least one request was cut off; otherwise this shows nothing"
    _retries_add_nothing(server, ledger.tried - ledger.taking_back)
    server.stop()


def _retries_add_nothing(server: ClearinghouseServer, numbers: set[int]) -> None:
    """Whoever got no answer sends the same again: every entry is there once."""
    for number in numbers:
        made = make(number, ENTRIES)
        assert httpx2.post(f"{server.url}/v1/submissions", json=made.body).status_code == 201
    eventually(lambda: all(states_of(server, make(number, ENTRIES)) == {"listed"} for number in numbers))
    assert "All is well" in server.run("db", "check")
    with HashList.open(server.folder / "list.db") as hashlist:
        hashlist.sync(connect(server.invite("Checker")))  # the digest proves the feed


_SYNC = """
import os
import signal
import sys
from pathlib import Path
from takeback import connect
from takeback.clock import SystemClock
from takeback.participant.lists.replica import Replica
from takeback.participant.lists.sync import sync
replica = Replica(Path(sys.argv[1]))
replica._database.set_progress_handler(lambda: os.kill(os.getpid(), signal.SIGKILL), int(sys.argv[3]))
sync(replica, connect(sys.argv[2]), SystemClock(), page_changes=20)
"""


@pytest.fixture
def full(tmp_path: Path) -> ClearinghouseServer:
    server = ClearinghouseServer(tmp_path, publish_interval_s=0.05)
    server.start()
    with httpx2.Client(base_url=server.url) as http:
        for number in range(15):
            assert http.post("/v1/submissions", json=make(number, 100).body).status_code == 201
    eventually(lambda: states_of(server, make(14, 100)) == {"listed"})
    yield server
    server.stop()


def test_a_participant_goes_on_where_it_was(full: ClearinghouseServer, tmp_path: Path) -> None:
    """A sync that is killed again and again loses no page that it kept, and ends with the whole list."""
    credentials, file = full.invite("Killed"), tmp_path / "list.db"
    cursors = [0]
    kills = 0
    for round_ in range(40):
        # In the middle of a statement: this many instructions of the database later. More each time, so that it ends.
        instructions = int(random.randint(2_000, 4_000) * 1.5**round_)
        done = subprocess.run([sys.executable, "-c", _SYNC, file, credentials, str(instructions)], check=False)
        assert done.returncode in {0, -signal.SIGKILL}
        kills += done.returncode == -signal.SIGKILL
        cursors.append(_cursor(file))
        with HashList.open(file) as hashlist:  # whole pages only: the digest is that of the rows
            rows = hashlist.replica._database.execute("SELECT count(*) FROM entry").fetchone()[0]
            assert rows == hashlist.replica.position().digest.entries
        if done.returncode == 0:
            break
    assert kills >= 3, "it was killed in the middle; otherwise this shows nothing"
    assert cursors == sorted(cursors)
    with HashList.open(file) as hashlist:
        hashlist.sync(connect(credentials))
        hashlist.require_fresh()
        assert hashlist.replica.position().digest.entries == 1500


def _cursor(file: Path) -> int:
    if not file.exists():
        return 0
    try:
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10) as database:
            return int(database.execute("SELECT cursor FROM position").fetchone()[0])
    except (sqlite3.OperationalError, TypeError):  # not laid out yet
        return 0
