"""Taking a submission in: all of it or nothing, and once however often it is sent.

The receipt digests are chosen by the person's page and sent again with a retry, so they alone make intake idempotent.
No row ties the entries of one submission together.
"""

from __future__ import annotations

import secrets

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback import metrics
from takeback.errors import ConflictError
from takeback.fingerprints.types import Fingerprint
from takeback.model.channel import Channel
from takeback.model.entry import ENTRY_ID_BYTES, EntryState, Submission, SubmittedEntry
from takeback.storage import entries
from takeback.storage.database import Database
from takeback.storage.entries import StoredEntry


async def take_in(database: Database, submission: Submission, channel: Channel = Channel.BROWSER) -> int:
    """Keeps every entry of a submission and gives how many it holds; they wait for the next publication.

    Raises ConflictError when a receipt is known with other fingerprints, or its entry was withdrawn.
    """

    async def work(connection: AsyncConnection) -> int:
        # 1. What of it is known already?
        receipts = [entry.receipt for entry in submission.entries]
        known = await entries.by_receipts(connection, receipts, lock=True)
        # 2. A known receipt must be the same entry, sent again.
        await _refuse_contradictions(connection, submission, known)
        # 3. The rest is new: random ids, so that order and neighbourhood tell nothing.
        new = [entry for entry in submission.entries if entry.receipt not in known]
        if new:
            named = [(secrets.token_bytes(ENTRY_ID_BYTES), entry) for entry in new]
            await entries.add_waiting(connection, named, submission.age, channel)
        return len(new)

    added = await database.run("take-in", work)
    metrics.ENTRIES.labels("submitted").inc(added)
    return len(submission.entries)


async def _refuse_contradictions(
    connection: AsyncConnection, submission: Submission, known: dict[bytes, StoredEntry]
) -> None:
    prints = await entries.fingerprints_of(connection, [stored.id for stored in known.values()])
    for at, entry in enumerate(submission.entries):
        stored = known.get(entry.receipt)
        if stored is None:
            continue
        if stored.state is EntryState.WITHDRAWN:
            raise ConflictError(f"entries[{at}].receipt: its entry was withdrawn. Use a new receipt to list it again.")
        if not _same(entry, stored, prints.get(stored.id, ())):
            raise ConflictError(f"entries[{at}].receipt: is known with other fingerprints. Use a new receipt.")


def _same(entry: SubmittedEntry, stored: StoredEntry, prints: tuple[Fingerprint, ...]) -> bool:
    return entry.kind is stored.kind and set(entry.fingerprints) == set(prints)
