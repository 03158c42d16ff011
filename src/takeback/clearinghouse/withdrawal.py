"""Taking entries back. When this has returned, they are off the list, and the next page of everybody says so."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback import metrics
from takeback.clearinghouse.publishing import Publisher
from takeback.model.entry import EntryState
from takeback.model.receipt import receipt_digest
from takeback.storage import entries, feedback
from takeback.storage.database import Database


async def withdraw(database: Database, secrets: tuple[bytes, ...]) -> None:
    """Withdraws what the secrets open; those that open nothing are passed over without a sign."""
    digests = [receipt_digest(secret) for secret in secrets]

    async def work(connection: AsyncConnection) -> int:
        # 1. Hold the list first: publisher and withdrawal then never wait for each other in a circle.
        publisher = await Publisher.begin(connection)
        # 2. Whatever is still there leaves a tombstone; its fingerprints and verdicts are erased.
        known = await entries.by_receipts(connection, digests, lock=True)
        live = [entry for entry in known.values() if entry.state is not EntryState.WITHDRAWN]
        for entry in live:
            await feedback.erase(connection, entry.id)
            await publisher.withdraw(entry)
        # 3. Head and digest move with it, in the same transaction.
        if live:
            await publisher.end()
        return len(live)

    metrics.ENTRIES.labels("withdrawn").inc(await database.run("withdraw", work))
