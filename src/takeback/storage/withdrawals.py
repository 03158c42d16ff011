"""How entries end: withdrawal, now or on a day, expiry, and what is left of them for a while."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.fingerprints.types import Fingerprint
from takeback.model.entry import Age, EntryId, EntryState, ReceiptDigest
from takeback.model.tier import Tier
from takeback.storage import unsealed
from takeback.storage.entries import PLAIN, StoredEntry, set_columns, stored_entry
from takeback.storage.schema import entry, logged_entry
from takeback.storage.sealing import keyring_of, text_of

#: Stands in `forget_on` until `forget` says which day.
_NO_DAY_YET = date.max


async def withdraw(
    connection: AsyncConnection, id_: EntryId, *, sequence: int | None, left: tuple[Fingerprint, ...] = ()
) -> None:
    """Leaves a tombstone: no fingerprint, no day. `sequence` is None for one that never was on the list.

    `left` stays of its fingerprints until `forget`: somebody is to be told who knows the entry by that alone.
    """
    key = keyring_of(connection).newest() if left else None
    await unsealed.erase(connection, [id_])
    await connection.execute(update(logged_entry).where(logged_entry.c.entry == id_).values(salt=None, content=None))
    await set_columns(
        connection,
        id_,
        state=EntryState.WITHDRAWN.value,
        tier=Tier.SUBMITTED.value,
        listed_on=None,
        sequence=sequence,
        state_since=None,
        listed_hash=None,
        withdraw_on=None,
        held_until=None,
        suspended_by=None,
        released_on=None,
        renewed_on=None,
        sealed=None,
        sealed_with=key.version if key else None,
        md5_index=None,
        sha256_index=None,
        pictures=None,
        frames=None,
        left_sealed=key.seal(id_, text_of(left)) if key else None,
        forget_on=_NO_DAY_YET if key else None,
    )


async def forget(connection: AsyncConnection, *, day: date, latest: date, told: int | None, limit: int) -> int:
    """Erases what is left of at most `limit` withdrawn entries whose day has come, or of which all have been told.

    `told` is the sequence up to which; None when there is nobody to tell. What has no day yet is given `latest`. Gives
    how many there were.
    """
    await connection.execute(update(entry).where(entry.c.forget_on > latest).values(forget_on=latest))
    over = select(entry.c.id).where(entry.c.forget_on.is_not(None)).limit(limit)
    if told is not None:
        over = over.where((entry.c.forget_on <= day) | (entry.c.sequence <= told))
    gone = list((await connection.execute(over)).scalars())
    if gone:
        nothing = {"left_sealed": None, "sealed_with": None, "forget_on": None}
        await connection.execute(update(entry).where(entry.c.id.in_(gone)).values(nothing))
    return len(gone)


async def plan_withdrawal(connection: AsyncConnection, receipts: Collection[ReceiptDigest], on: date) -> None:
    """Sets the day on which live entries are withdrawn; one that has a day already keeps it."""
    live = (entry.c.receipt.in_(receipts), entry.c.state != EntryState.WITHDRAWN.value, entry.c.withdraw_on.is_(None))
    await connection.execute(update(entry).where(*live).values(withdraw_on=on))


async def keep(connection: AsyncConnection, receipts: Collection[ReceiptDigest]) -> None:
    """Forgets the day on which entries were to be withdrawn."""
    await connection.execute(update(entry).where(entry.c.receipt.in_(receipts)).values(withdraw_on=None))


async def due_for_withdrawal(connection: AsyncConnection, day: date, limit: int) -> list[StoredEntry]:
    """Gives at most `limit` entries whose day has come, held until the transaction ends."""
    due = select(*PLAIN).where(entry.c.withdraw_on <= day).limit(limit).with_for_update()
    return [stored_entry(row) for row in await connection.execute(due)]


async def count_by_withdrawal_day(connection: AsyncConnection) -> dict[date, int]:
    """Gives how many entries will be withdrawn on each day for which that was asked."""
    planned = select(entry.c.withdraw_on, func.count()).where(entry.c.withdraw_on.is_not(None))
    rows = await connection.execute(planned.group_by(entry.c.withdraw_on).order_by(entry.c.withdraw_on))
    return {row[0]: row[1] for row in rows}


async def renew(connection: AsyncConnection, receipts: Collection[ReceiptDigest], on: date) -> None:
    """Has the time of live entries begin again."""
    live = (entry.c.receipt.in_(receipts), entry.c.state != EntryState.WITHDRAWN.value)
    await connection.execute(update(entry).where(*live).values(renewed_on=on))


async def expired(connection: AsyncConnection, age: Age, begun: date, limit: int) -> list[StoredEntry]:
    """Gives at most `limit` published entries of this age whose time began on or before a day, held."""
    since = func.coalesce(entry.c.renewed_on, entry.c.listed_on)
    due = select(*PLAIN).where(entry.c.listed_on.is_not(None), entry.c.age == age.value, since <= begun)
    return [stored_entry(row) for row in await connection.execute(due.limit(limit).with_for_update())]
