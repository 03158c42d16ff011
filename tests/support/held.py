"""Entries of a burst that is held, put there in one step: a server's publisher has no moment to take them."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from support.exchange_simulator import md5, sha256
from takeback.clock import Clock, today
from takeback.model.entry import ENTRY_ID_BYTES, Age, Kind, ReceiptDigest, SubmittedEntry
from takeback.model.receipt import receipt_digest
from takeback.storage import entries
from takeback.storage.database import Database


async def hold(database: Database, clock: Clock, *numbers: int, days: int = 2) -> list[ReceiptDigest]:
    """Has entries wait that go out after so many days, and gives what their receipts are known by."""
    ids = [secrets.token_bytes(ENTRY_ID_BYTES) for _ in numbers]
    receipts = [receipt_digest(number.to_bytes(32, "big")) for number in numbers]

    async def work(connection: AsyncConnection) -> None:
        made = [SubmittedEntry(one, Kind.IMAGE, (md5(n), sha256(n))) for one, n in zip(receipts, numbers, strict=True)]
        await entries.add_waiting(connection, [(id_, one, Age.UNSURE) for id_, one in zip(ids, made, strict=True)])
        for id_ in ids:
            await entries.set_columns(connection, id_, held_until=today(clock) + timedelta(days=days))

    await database.run("hold", work)
    return receipts
