"""Taking entries back: at once, or in a day or two for somebody who wants to think it over.

When `withdraw` has returned, they are off the list, and the next page of everybody says so. A withdrawal that was asked
for ahead changes nothing until its day: the entry protects as before, and whoever has the secret may keep it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback import metrics
from takeback.clearinghouse.publishing import BATCH, Publisher
from takeback.clock import Clock, today
from takeback.model.entry import EntryState
from takeback.model.receipt import COOLING_OFF_DAYS, receipt_digest
from takeback.storage import entries, feedback, hits, withdrawals
from takeback.storage.database import Database
from takeback.storage.entries import StoredEntry


async def withdraw(database: Database, secrets: tuple[bytes, ...]) -> None:
    """Withdraws what the secrets open; those that open nothing are passed over without a sign."""
    digests = [receipt_digest(secret) for secret in secrets]

    async def work(connection: AsyncConnection) -> int:
        # Hold the list first: publisher and withdrawal then never wait for each other in a circle.
        publisher = await Publisher.begin(connection)
        known = await entries.by_receipts(connection, digests, lock=True)
        return await take_off(publisher, known.values())

    metrics.ENTRIES.labels("withdrawn").inc(await database.run("withdraw", work))


async def withdraw_later(database: Database, clock: Clock, secrets: tuple[bytes, ...]) -> None:
    """Sets the day on which what the secrets open is withdrawn: more than 24 hours ahead."""
    digests = [receipt_digest(secret) for secret in secrets]
    day = today(clock) + timedelta(days=COOLING_OFF_DAYS)
    await database.run("withdraw-later", lambda connection: withdrawals.plan_withdrawal(connection, digests, day))


async def keep(database: Database, secrets: tuple[bytes, ...]) -> None:
    """Takes back a withdrawal that was asked for ahead and has not happened."""
    digests = [receipt_digest(secret) for secret in secrets]
    await database.run("keep", lambda connection: withdrawals.keep(connection, digests))


async def withdraw_due(database: Database, clock: Clock) -> int:
    """Withdraws every entry whose day has come, and gives how many there were."""
    total = 0
    while True:

        async def work(connection: AsyncConnection) -> int:
            publisher = await Publisher.begin(connection)
            return await take_off(publisher, await withdrawals.due_for_withdrawal(connection, today(clock), BATCH))

        count = await database.run("withdraw-due", work)
        metrics.ENTRIES.labels("withdrawn").inc(count)
        total += count
        if count < BATCH:
            return total


async def take_off(publisher: Publisher, known: Iterable[StoredEntry]) -> int:
    """Leaves a tombstone of each that is there; head and digest of the list move with it, in the same transaction."""
    live = [entry for entry in known if entry.state is not EntryState.WITHDRAWN]
    for entry in live:
        await feedback.erase(publisher.connection, entry.id)
        await hits.erase(publisher.connection, entry.id)
        await publisher.withdraw(entry)
    if live:
        await publisher.end()
    return len(live)
