"""A clearinghouse's data folder with days behind it: entries that are in the public log already."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from support import loops
from support.exchange_simulator import md5, sha256
from support.submissions import Made, make
from takeback.clearinghouse.intake import take_in
from takeback.clearinghouse.keys import log_signing_key, open_database
from takeback.clearinghouse.log_files import LogIdentity
from takeback.clearinghouse.participants import invite
from takeback.clearinghouse.public_log import publish
from takeback.clearinghouse.publishing import publish_waiting
from takeback.clearinghouse.withdrawal import withdraw
from takeback.clock import ManualClock
from takeback.model.entry import Age, Kind, Submission, SubmittedEntry
from takeback.model.receipt import receipt_digest
from takeback.settings import Settings
from takeback.storage.migrate import migrate
from takeback.wire import intake as wire
from takeback.wire.json import decode, encode

LIST = "test.example/list"


def identity_of(data: Path) -> LogIdentity:
    """Gives whose log it is."""
    return LogIdentity(LIST, log_signing_key(data))


def live_for_days(
    data: Path,
    *,
    days: int = 3,
    of: dict[int, tuple[bytes, ...]] | None = None,
    withdrawn: dict[int, bytes] | None = None,
) -> list[Made]:
    """Takes a submission in on each of some days, the first of them four days back, and closes all but the last.

    By the number of the day, `of` gives secrets of entries that come beside, and `withdrawn` one that is taken back.
    """
    made = [make(number) for number in range(days)]
    clock = ManualClock(datetime.now(UTC) - timedelta(days=4))

    async def live() -> None:
        database = open_database(Settings(data_dir=str(data)))
        try:
            await migrate(database)
            for day, one in enumerate(made):
                await take_in(database, wire.submission(decode(encode(one.body), wire.SubmissionBody)))
                for secret in (of or {}).get(day, ()):
                    await take_in(database, _with(secret))
                await publish_waiting(database, clock)
                await withdraw(database, ((withdrawn or {}).get(day, bytes(32)),))
                await invite(database, clock, f"Somebody {clock.now().date()}")
                await publish(database, clock, identity_of(data), data)
                clock.advance(timedelta(days=1))
        finally:
            await database.close()

    loops.run(live())
    return made


def _with(secret: bytes) -> Submission:
    prints = md5(secret[0]), sha256(int.from_bytes(secret, "big"))
    return Submission(Age.UNSURE, (SubmittedEntry(receipt_digest(secret), Kind.IMAGE, prints),))
