"""The restore drill, as docs/runbooks/restore.md has it: by commands, with keys from another place than the backup."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from durability.conftest import Machine
from support.commands import run_command
from support.ledger import ENTRIES, Ledger, states_of
from support.servers import ClearinghouseServer
from support.submissions import make
from support.waiting import eventually
from takeback import connect
from takeback.clearinghouse.keys import KEYS
from takeback.model.change import Upsert

CLIENTS = 3
ENOUGH = 20


def test_a_backup_that_was_made_while_others_wrote_brings_back_what_was_acknowledged_before(
    machine: Machine, tmp_path: Path
) -> None:
    """Submissions and withdrawals go on beside `takeback db backup`; then the machine is lost."""
    server, ledger, away = machine.server, Ledger(), tmp_path / "another-place"
    away.mkdir()
    backup = away / "of-today.takeback"
    server.start()
    credentials = tmp_path / "reader.json"
    _takeback(server, "participant", "invite", "Reader", "--output", str(credentials))
    with ThreadPoolExecutor(CLIENTS) as threads:
        running = [threads.submit(ledger.use, server, client * 1_000_000) for client in range(CLIENTS)]
        eventually(lambda: len(ledger.accepted) > ENOUGH and len(ledger.taken_back) > 3)
        accepted, taken_back = frozenset(ledger.accepted), frozenset(ledger.taken_back)
        _takeback(server, "db", "backup", str(backup))
        written_beside = (ledger.accepted - accepted, ledger.taken_back - taken_back)
        server.stop()
    for one in running:
        one.result()
    assert all(written_beside), "others wrote meanwhile; otherwise this shows nothing"
    for name in KEYS:
        shutil.copy2(server.data / name, away / name)
    shutil.rmtree(server.data)

    again = ClearinghouseServer(tmp_path / "again", publish_interval_s=0.05, database_url=machine.another())
    again.data.mkdir(mode=0o700)
    for name in KEYS:
        shutil.copy2(away / name, again.data / name)
    assert "Every row was counted" in _takeback(again, "db", "restore", str(backup))
    assert "All is well" in _takeback(again, "db", "check")
    again.start()
    try:
        eventually(lambda: all(states_of(again, make(n, ENTRIES)) == {"listed"} for n in accepted - ledger.taking_back))
        assert all(states_of(again, make(number, ENTRIES)) == {"unlisted"} for number in taken_back)
        served = _served(credentials, again)
        assert _values(accepted - ledger.taking_back) <= served
        assert not _values(taken_back) & served, "what was taken back before is not served"
    finally:
        again.stop()
    _takeback(again, "log", "publish")
    assert "Everything holds" in _takeback(again, "audit", "verify")


def _takeback(server: ClearinghouseServer, *words: str) -> str:
    """Runs a command on a server's data and gives what it says."""
    done = run_command(*words, "--settings", str(server.settings))
    assert done.exit_code == 0, done.output
    return done.output


def _served(credentials: Path, server: ClearinghouseServer) -> set[str]:
    """What a participant of before is given: the server signs as it did, and knows its key."""
    said = json.loads(credentials.read_text())
    credentials.write_text(json.dumps({**said, "exchange": server.url}))
    served: set[str] = set()
    with connect(credentials) as exchange:
        after = 0
        while True:
            page = exchange.changes(after, 1_000)
            entries = [change.entry for change in page.changes if isinstance(change, Upsert)]
            served |= {one.hex for entry in entries for one in entry.fingerprints}
            if page.head is not None:
                return served
            after = page.next


def _values(numbers: frozenset[int]) -> set[str]:
    prints = (one for n in numbers for entry in make(n, ENTRIES).body["entries"] for one in entry["fingerprints"])
    return {one["value"] for one in prints}
