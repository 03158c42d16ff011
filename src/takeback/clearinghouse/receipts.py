"""What the six words show. Nothing here can tell which secrets belong to one person, and nothing is kept of asking."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clearinghouse.retention import expires_on
from takeback.model.entry import EntryState
from takeback.model.public_log import LoggedEntry
from takeback.model.receipt import EntryStatus, ReceiptState, coarse, receipt_digest
from takeback.settings import Settings
from takeback.storage import entries, feedback, participants, public_log
from takeback.storage.database import Database
from takeback.storage.entries import StoredEntry

_UNLISTED = EntryStatus(ReceiptState.UNLISTED)


async def status_of(
    database: Database, secrets: tuple[bytes, ...], settings: Settings | None = None
) -> tuple[EntryStatus, ...]:
    """Gives the status of the entry that each secret opens, in the same order. Unknown and withdrawn answer alike.

    The settings say when entries expire.

    A secret is looked up by its SHA-256, so the time of the look-up tells nothing about a secret that one could guess
    bit by bit.
    """
    digests = [receipt_digest(secret) for secret in secrets]

    async def work(connection: AsyncConnection) -> tuple[EntryStatus, ...]:
        known = await entries.by_receipts(connection, digests)
        services = await participants.count_active(connection)
        removals = await feedback.removals_of(connection, [entry.id for entry in known.values()])
        statuses = {
            digest: await _status(connection, entry, services, removals.get(entry.id, 0), settings or Settings())
            for digest, entry in known.items()
        }
        return tuple(statuses.get(digest, _UNLISTED) for digest in digests)

    return await database.read("status-of-receipts", work)


async def logged_of(database: Database, secrets: tuple[bytes, ...]) -> tuple[LoggedEntry | None, ...]:
    """Gives where in the public log the entry of each secret stands, in the same order; None where it does not.

    Of an entry that was taken back nothing is said: what its leaf was made of is erased, and the secret alone finds
    the leaf that says so.
    """
    digests = [receipt_digest(secret) for secret in secrets]
    known = await database.run("log-of-receipts", lambda connection: public_log.by_receipts(connection, digests))
    return tuple(known.get(digest) for digest in digests)


async def _status(
    connection: AsyncConnection, entry: StoredEntry, services: int, removed_on: int, settings: Settings
) -> EntryStatus:
    if entry.state is EntryState.WAITING:
        return EntryStatus(ReceiptState.WAITING, services=services, withdraw_on=entry.withdraw_on)
    if entry.state is EntryState.WITHDRAWN:
        return _UNLISTED
    listed = entry.state is EntryState.LISTED
    # Of an entry on hold it says who has stopped: whose client may go on matching is not counted.
    fetched_by = await participants.count_active(connection, having=entry.state_since, shows_forgetting=not listed)
    state = ReceiptState.LISTED if listed else ReceiptState.SUSPENDED
    expires = expires_on(entry.age, entry.renewed_on or entry.listed_on, settings)
    return EntryStatus(state, entry.listed_on, services, fetched_by, coarse(removed_on), entry.withdraw_on, expires)
