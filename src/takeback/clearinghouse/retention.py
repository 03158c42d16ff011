"""How long everything is kept, in one table, and the daily job that keeps to it. docs/retention.md says why.

What stands here with a setting goes by itself. Expiry is a withdrawal like any other: the fingerprints are erased, and
every participant is given the tombstone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback import metrics
from takeback.clearinghouse.publishing import BATCH, Publisher
from takeback.clearinghouse.withdrawal import take_off
from takeback.clock import Clock, today
from takeback.model.entry import Age
from takeback.model.receipt import receipt_digest
from takeback.settings import Settings
from takeback.storage import hits, withdrawals
from takeback.storage.database import Database


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of thing: how long it is kept, in words, and the setting in days where one says so (0: for ever)."""

    what: str
    until: str
    setting: str | None = None


RETENTION = (
    Kept("entries of somebody under 18", "withdrawn, or so long after listing or renewal", "expiry_days_under_18"),
    Kept("entries of somebody not sure of it", "withdrawn, or so long after listing or renewal", "expiry_days_unsure"),
    Kept("fingerprints of an entry", "the entry is withdrawn or expires"),
    Kept("feedback on an entry", "the entry is withdrawn or expires"),
    Kept("hit counts of an entry", "the entry is withdrawn or expires, or so long", "hit_days_kept"),
    Kept("what look-ups find less than 100 times a day", "counted in memory only, until the day is over"),
    Kept("tombstones: random id, receipt digest, place in the feed", "for ever"),
    Kept("negative list, removed values too", "for ever"),
    Kept("participants, operators, proposals, audit events", "for ever"),
    Kept("nonces of participants' requests, as digests", "ten minutes, or the next request after them"),
    Kept("networks, proofs of work", "in memory only, ten minutes at most"),
)
_EXPIRY = {Age.UNDER_18: "expiry_days_under_18", Age.UNSURE: "expiry_days_unsure"}


async def keep_to_retention(database: Database, clock: Clock, settings: Settings) -> None:
    """Does what the day asks for; doing it twice changes nothing."""
    for age, setting in _EXPIRY.items():
        days = getattr(settings, setting)
        if days:
            await _expire(database, clock, age, days)
    oldest = today(clock) - timedelta(days=settings.hit_days_kept)
    await database.run("erase-hits", lambda connection: hits.erase_before(connection, oldest))


async def renew(database: Database, clock: Clock, secrets: tuple[bytes, ...]) -> None:
    """Has the time of what the secrets open begin again; those that open nothing are passed over without a sign."""
    digests = [receipt_digest(secret) for secret in secrets]
    await database.run("renew", lambda connection: withdrawals.renew(connection, digests, today(clock)))


def expires_on(age: Age, begun: date | None, settings: Settings) -> date | None:
    """Gives the day on which an entry expires whose time began on a day; None where that never happens."""
    days: int = getattr(settings, _EXPIRY[age])
    return begun + timedelta(days=days) if days and begun else None


async def _expire(database: Database, clock: Clock, age: Age, days: int) -> None:
    begun = today(clock) - timedelta(days=days)
    count = BATCH
    while count == BATCH:

        async def work(connection: AsyncConnection) -> int:
            publisher = await Publisher.begin(connection)
            return await take_off(publisher, await withdrawals.expired(connection, age, begun, BATCH))

        count = await database.run("expire", work)
        metrics.ENTRIES.labels("expired").inc(count)
