"""A clearinghouse's data folder with days behind it: entries that are in the public log already."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

from support.submissions import Made, make
from takeback.clearinghouse.intake import take_in
from takeback.clearinghouse.keys import log_signing_key
from takeback.clearinghouse.log_files import LogIdentity
from takeback.clearinghouse.participants import invite
from takeback.clearinghouse.public_log import publish
from takeback.clearinghouse.publishing import publish_waiting
from takeback.clock import ManualClock
from takeback.storage.database import Database
from takeback.storage.migrate import migrate
from takeback.wire import intake as wire
from takeback.wire.json import decode, encode

LIST = "test.example/list"


def identity_of(data: Path) -> LogIdentity:
    """Gives whose log it is."""
    return LogIdentity(LIST, log_signing_key(data))


def live_for_days(data: Path, *, days: int = 3, ago: int = 4) -> list[Made]:
    """Takes a submission in on each of some days, the first of them `ago` days back, and closes all but the last."""
    made = [make(number) for number in range(days)]
    clock = ManualClock(datetime.now(UTC) - timedelta(days=ago))

    async def live() -> None:
        database = Database.open(f"sqlite+aiosqlite:///{data / 'clearinghouse.db'}")
        try:
            await migrate(database)
            for one in made:
                await take_in(database, wire.submission(decode(encode(one.body), wire.SubmissionBody)))
                await publish_waiting(database, clock)
                await invite(database, clock, f"Somebody {clock.now().date()}")
                await publish(database, clock, identity_of(data), data)
                clock.advance(timedelta(days=1))
        finally:
            await database.close()

    with ThreadPoolExecutor(1) as thread:  # Playwright keeps a loop of its own in the main one
        thread.submit(asyncio.run, live()).result()
    return made
