"""Power cuts while the public log is written: nothing that was signed is lost or forked, no entry is there twice."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from support import loops
from support.logged import identity_of
from support.servers import ROOT
from takeback.clearinghouse.keys import open_database
from takeback.clearinghouse.log_files import LogFiles
from takeback.clearinghouse.public_log import publish
from takeback.clearinghouse.self_check import SelfCheck, check_database
from takeback.clock import ManualClock
from takeback.settings import Settings
from takeback.wire.tiles import check_growth, proven_leaves

ROUNDS = 3
_LIVE = """
import asyncio, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from contract.test_clearinghouse import secret, submission
from support.logged import identity_of
from takeback.clearinghouse.intake import take_in
from takeback.clearinghouse.public_log import publish
from takeback.clearinghouse.publishing import publish_waiting
from takeback.clearinghouse.withdrawal import withdraw
from takeback.clearinghouse.keys import open_database
from takeback.clock import ManualClock
from takeback.settings import Settings
from takeback.storage.migrate import migrate

async def live(data, round_):
    clock = ManualClock(datetime(2026 + round_, 1, 1, tzinfo=UTC))
    database = open_database(Settings(data_dir=str(data)))
    await migrate(database)
    for number in range(round_ * 1_000_000, (round_ + 1) * 1_000_000, 20):
        await take_in(database, submission(*range(number, number + 20)))
        await publish_waiting(database, clock)
        await withdraw(database, (secret(number), secret(max(number - 15, 0))))
        clock.advance(timedelta(hours=9))
        print((await publish(database, clock, identity_of(data), data)).size, flush=True)

asyncio.run(live(Path(sys.argv[1]), int(sys.argv[2])))
"""


def test_the_log_outlives_being_killed(tmp_path: Path) -> None:
    data, seen = tmp_path / "data", []
    data.mkdir()
    files = LogFiles(data / "log", identity_of(data))
    for round_ in range(ROUNDS):
        command = [sys.executable, "-c", _LIVE, data, str(round_)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, env={"PYTHONPATH": str(ROOT / "tests")})
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(random.randint(2, 5))]
        _go_on_for_a_moment(process)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        assert process.returncode == -signal.SIGKILL, "it was killed in the middle; otherwise this shows nothing"
        seen.append(files.checkpoint())
        assert seen[-1].size >= int(said[-1]), "what was said to be published is signed"
    last = _checked(data, files)
    assert last.whole, last
    for one in seen:
        check_growth(files.fetch, one, files.checkpoint())
    leaves = [leaf for _, leaf in proven_leaves(files.fetch, files.checkpoint())]
    assert len(leaves) == len(set(leaves)) == last.leaves


def _go_on_for_a_moment(process: subprocess.Popen[bytes]) -> None:
    """Lets it go on for some thousandths of a second, so that it is in the middle of something."""
    try:
        process.wait(random.random() / 20)
    except subprocess.TimeoutExpired:
        return


def _checked(data: Path, files: LogFiles) -> SelfCheck:
    async def check() -> SelfCheck:
        database = open_database(Settings(data_dir=str(data)))
        try:
            await publish(database, ManualClock(datetime(2040, 1, 1, tzinfo=UTC)), identity_of(data), data)
            return await check_database(database, files)
        finally:
            await database.close()

    return loops.run(check())
