"""A sweep that is killed at random moments: resumed, it has looked at everything and kept everything once."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
from pathlib import Path

from support.commands import run_command
from support.exchange_simulator import name
from support.pictures import half_size_jpeg, photograph, truncated
from support.servers import TAKEBACK
from support.stored import exchange_of_today, list_of, prints_of
from support.waiting import eventually

COFFEE = photograph("coffee.png")
COPIES, OTHERS, BROKEN = 40, 30, 10
CUTS = 2


def test_a_sweep_that_is_killed_again_and_again_loses_nothing_and_does_nothing_twice(tmp_path: Path) -> None:
    media, data, drawn = tmp_path / "media", tmp_path / "data", random.Random(7)
    media.mkdir()
    copy, other = half_size_jpeg(COFFEE), half_size_jpeg(photograph("rocket.jpg"))
    kinds = [copy] * COPIES + [other] * OTHERS + [truncated(copy)] * BROKEN
    drawn.shuffle(kinds)
    for number, content in enumerate(kinds):
        (media / f"{number:03}.jpg").write_bytes(content)
    exchange = exchange_of_today()
    exchange.put(name(1), *prints_of(COFFEE)[0])
    list_of(data / "lists" / "ours.db", exchange)
    environment = {**os.environ, "TAKEBACK_DATA_DIR": str(data), "TAKEBACK_SWEEP_SHARD_FILES": "4"}

    def takeback(*words: str) -> subprocess.Popen[bytes]:
        # A session of its own: what is killed is the writer, its workers and their decoders, all at once.
        command = [TAKEBACK, "sweep", *words]
        output = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(command, env=environment, start_new_session=True, **output)  # type: ignore[call-overload]

    planned = run_command("sweep", "plan", str(media), "--name", "s", env=environment)
    assert planned.exit_code == 0, planned.output
    done = 0
    for _ in range(CUTS):
        process = takeback("resume", "s", "--holds")
        until = min(done + drawn.randint(1, 5), 18)

        def so_far(process: subprocess.Popen[bytes] = process, until: int = until) -> bool:
            assert process.poll() is None
            return counts(data, "SELECT count(*) FROM sweep_shard WHERE done = 1") >= until

        eventually(so_far)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        done = counts(data, "SELECT count(*) FROM sweep_shard WHERE done = 1")
        assert 0 < done < 20, "it was killed on the way"
    assert takeback("resume", "s", "--holds").wait(120) == 0

    assert counts(data, "SELECT count(*) FROM sweep_shard WHERE done = 1") == 20
    assert counts(data, "SELECT count(*) FROM sweep_finding WHERE findings IS NOT NULL") == COPIES
    assert counts(data, "SELECT count(*) FROM sweep_finding WHERE reason = 'damaged'") == BROKEN
    for table in ("sweep_finding", "hold"):
        assert counts(data, f"SELECT count(*) - count(DISTINCT content) FROM {table}") == 0  # noqa: S608 - our tables
    assert counts(data, "SELECT count(*) FROM hold") == COPIES
    assert counts(data, "SELECT count(*) FROM own_media") == len(kinds)


def counts(data: Path, statement: str) -> int:
    database = sqlite3.connect(f"file:{data / 'platform.db'}?mode=ro", uri=True, timeout=30)
    try:
        return int(database.execute(statement).fetchone()[0])
    finally:
        database.close()
