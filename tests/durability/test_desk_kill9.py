"""kill -9 in the middle of reviewing: what was acknowledged is there, with all that follows, and nothing by halves."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from support import loops
from support.servers import ROOT
from takeback.participant.installation import open_database
from takeback.platform_settings import PlatformSettings

ROUNDS = 2
#: Decides one hold after the other, each with a copy, and says so when the call has come back.
_REVIEW = """
import asyncio, sys
from support.desk import DeskPeople
from takeback.participant.installation import open_database
from takeback.platform_settings import PlatformSettings

async def review(data, round_):
    database = await open_database(PlatformSettings(data_dir=data))
    people = DeskPeople(database, desk_break_after_decisions=1_000_000)
    who = await people.person(f"Round {round_}")
    for number in range(round_ * 1_000_000, (round_ + 1) * 1_000_000):
        for copy in ("a", "b"):
            await people.hold(f"h-{number}{copy}", cluster=number)
        await people.decide(who, f"h-{number}a", "as-listed" if number % 2 else "lawful")
        print(number, flush=True)

asyncio.run(review(sys.argv[1], int(sys.argv[2])))
"""


def test_no_acknowledged_decision_is_lost(tmp_path: Path) -> None:
    acknowledged: list[int] = []
    for round_ in range(ROUNDS):
        command = [sys.executable, "-c", _REVIEW, str(tmp_path), str(round_)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, env={"PYTHONPATH": str(ROOT / "tests")})
        assert process.stdout is not None
        count = random.Random(round_).randrange(5, 15)
        acknowledged += [int(process.stdout.readline()) for _ in range(count)]
        process.send_signal(signal.SIGKILL)
        acknowledged += [int(line) for line in process.stdout.read().splitlines()]
        process.wait()

    async def work(connection: AsyncConnection) -> dict[str, set[str]]:
        asked = {
            "decided": "SELECT id FROM hold WHERE state IN ('confirmed', 'wrong')",
            "reviewed": "SELECT hold FROM review",
            "told": "SELECT content FROM instruction",
            "leased": "SELECT hold.id FROM hold JOIN lease ON lease.cluster = hold.cluster",
        }
        return {name: {row[0] for row in await connection.execute(text(sql))} for name, sql in asked.items()}

    async def whole() -> dict[str, set[str]]:
        database = await open_database(PlatformSettings(data_dir=str(tmp_path)))
        try:
            return await database.run("look", work)
        finally:
            await database.close()

    found = loops.run(whole())
    # 1. What was acknowledged is there.
    assert {f"h-{number}a" for number in acknowledged} <= found["reviewed"]
    # 2. A decision is there for both copies, with its review and what the platform is told, or not at all.
    reviewed = {id_.removesuffix("a") for id_ in found["reviewed"]}
    assert found["decided"] == {id_ + copy for id_ in reviewed for copy in "ab"}
    assert found["told"] == {f"post/{id_}" for id_ in found["decided"]}
    # 3. What is decided is open for nobody.
    assert not found["leased"] & found["decided"]
    assert len(acknowledged) >= ROUNDS * 5
