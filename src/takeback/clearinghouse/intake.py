"""Taking a submission in: all of it or nothing, and once however often it is sent.

The receipt digests are chosen by the person's page and sent again with a retry, so they alone make intake idempotent.
No row ties the entries of one submission together.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback import metrics
from takeback.clearinghouse.gathering import Gathering
from takeback.errors import ConflictError
from takeback.fingerprints.types import Fingerprint
from takeback.model.channel import Channel
from takeback.model.entry import (
    ENTRY_ID_BYTES,
    Age,
    EntryId,
    EntryState,
    Kind,
    ReceiptDigest,
    Submission,
    SubmittedEntry,
)
from takeback.storage import entries
from takeback.storage.database import Database

#: Submissions that are taken in with one transaction, at most: a hundred full ones.
TOGETHER = 100

Intake = Gathering[Submission, int]
"""Where submissions of the same moment are taken in together."""


def intake(database: Database) -> Intake:
    """Gives the one queue of a process."""
    return Gathering(partial(take_in_all, database), most=TOGETHER)


async def take_in(database: Database, submission: Submission, channel: Channel = Channel.BROWSER) -> int:
    """Keeps every entry of a submission and gives how many it holds; they wait for the next publication.

    Raises ConflictError when a receipt is known with other fingerprints, or its entry was withdrawn.
    """
    (outcome,) = await take_in_all(database, [submission], channel)
    if isinstance(outcome, ConflictError):
        raise outcome
    return outcome


async def take_in_all(
    database: Database, submissions: Sequence[Submission], channel: Channel = Channel.BROWSER
) -> list[int | ConflictError]:
    """Takes in what came at the same time, in one transaction; each is kept whole, or refused by itself."""

    async def work(connection: AsyncConnection) -> tuple[list[int | ConflictError], int]:
        # 1. What of it is known already?
        receipts = {entry.receipt for submission in submissions for entry in submission.entries}
        known = await _known(connection, receipts)
        outcomes: list[int | ConflictError] = []
        named: list[tuple[EntryId, SubmittedEntry, Age]] = []
        for submission in submissions:
            # 2. A known receipt must be the same entry, sent again.
            conflict = _contradiction(submission, known)
            outcomes.append(conflict or len(submission.entries))
            if conflict is None:
                # 3. The rest is new: random ids, so that order and neighbourhood tell nothing.
                new = [entry for entry in submission.entries if entry.receipt not in known]
                named += [(secrets.token_bytes(ENTRY_ID_BYTES), entry, submission.age) for entry in new]
                known |= {
                    entry.receipt: _Known(EntryState.WAITING, entry.kind, frozenset(entry.fingerprints))
                    for entry in new
                }
        await entries.add_waiting(connection, named, channel)
        return outcomes, len(named)

    outcomes, added = await database.run("take-in", work)
    metrics.ENTRIES.labels("submitted").inc(added)
    return outcomes


@dataclass(frozen=True, slots=True)
class _Known:
    state: EntryState
    kind: Kind
    fingerprints: frozenset[Fingerprint]


async def _known(connection: AsyncConnection, receipts: Collection[ReceiptDigest]) -> dict[ReceiptDigest, _Known]:
    stored = await entries.by_receipts(connection, receipts, lock=True)
    prints = await entries.fingerprints_of(connection, [entry.id for entry in stored.values()])
    return {
        receipt: _Known(entry.state, entry.kind, frozenset(prints.get(entry.id, ())))
        for receipt, entry in stored.items()
    }


def _contradiction(submission: Submission, known: Mapping[ReceiptDigest, _Known]) -> ConflictError | None:
    for at, entry in enumerate(submission.entries):
        stored = known.get(entry.receipt)
        if stored is None:
            continue
        if stored.state is EntryState.WITHDRAWN:
            return ConflictError(f"entries[{at}].receipt: its entry was withdrawn. Use a new receipt to list it again.")
        if entry.kind is not stored.kind or frozenset(entry.fingerprints) != stored.fingerprints:
            return ConflictError(f"entries[{at}].receipt: is known with other fingerprints. Use a new receipt.")
    return None
