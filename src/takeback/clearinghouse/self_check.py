"""Whether a clearinghouse's own database is what it was when it was written: for its operator and for an auditor.

1. The audit's chain is whole, and every day's end of it is the one that the public log says.
2. The leaves in the database are those of the log that was signed.
3. Every entry on the list was logged, and says what it said then: nobody slipped one in or changed one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clearinghouse.log_files import LogFiles
from takeback.model.audit import BEGINNING, check_chain
from takeback.model.entry import EntryId
from takeback.model.public_log import LoggedEntry, content_hash, listed_leaf, opening
from takeback.storage import audit, entries, entry_prints, public_log
from takeback.storage.database import Database
from takeback.storage.entries import StoredEntry
from takeback.wire.log_leaves import DayBody, leaf_of
from takeback.wire.tiles import proven_leaves

_PART = 1_000


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """What was found. `events` and `leaves` are whole; where something is wrong it is named."""

    events: int
    #: The first event that is not as it was written.
    broken_event: int | None
    #: The first day whose end of the chain is not in it: events were taken away, or all of it was written anew.
    broken_day: date | None
    leaves: int
    #: The first leaf that is another in the database than in the log that was signed.
    broken_leaf: int | None
    entries: int
    #: How many entries on the list were not logged when they had to be, or are others than they were.
    broken_entries: int

    @property
    def whole(self) -> bool:
        """Says whether nothing is wrong."""
        broken = (self.broken_event, self.broken_day, self.broken_leaf)
        return all(one is None for one in broken) and not self.broken_entries


async def check_database(database: Database, files: LogFiles) -> SelfCheck:
    """Checks all three. Reads every event, leaf and entry once."""
    leaves, broken_leaf, days = await _leaves(database, files)
    events, broken_event, broken_day = await _chain(database, days)
    checked, broken = await _entries(database, max(days, default=None))
    return SelfCheck(events, broken_event, broken_day, leaves, broken_leaf, checked, broken)


async def _leaves(database: Database, files: LogFiles) -> tuple[int, int | None, dict[date, bytes]]:
    days = dict[date, bytes]()
    signed = proven_leaves(files.fetch, files.checkpoint())
    while part := list(islice(signed, _PART)):
        first = part[0][0]
        kept = await database.run("check-leaves", partial(public_log.leaves_from, start=first, limit=_PART))
        for (place, leaf), ours in zip(part, [*kept, *[None] * (len(part) - len(kept))], strict=False):
            if leaf != ours:
                return place, place, days
            body = leaf_of(leaf)
            if isinstance(body, DayBody):
                days[body.day] = bytes.fromhex(body.audit)
    return files.checkpoint().size, None, days


async def _chain(database: Database, days: dict[date, bytes]) -> tuple[int, int | None, date | None]:
    async def work(connection: AsyncConnection) -> tuple[int, int | None, date | None]:
        before, place, unseen = BEGINNING, 0, {hash_ for hash_ in days.values() if hash_ != BEGINNING}
        async for link in audit.links(connection):
            report, before = check_chain([link], before, place)
            place = report.whole
            if report.broken_at is not None:
                return place, report.broken_at, None
            unseen.discard(before)
        return place, None, min((day for day, hash_ in days.items() if hash_ in unseen), default=None)

    return await database.run("check-chain", work)


async def _entries(database: Database, closed: date | None) -> tuple[int, int]:
    after, checked, broken = EntryId(), 0, 0
    while True:

        async def work(connection: AsyncConnection, after: EntryId = after) -> tuple[EntryId, int, int]:
            rows = await public_log.listed_after(connection, after, _PART)
            ids = [id_ for id_, _ in rows]
            known, prints = await entries.by_ids(connection, ids), await entry_prints.fingerprints_of(connection, ids)
            leaves = await public_log.leaves_at(connection, [logged.leaf for _, logged in rows if logged])
            wrong = 0
            for id_, logged in rows:
                if logged is None:
                    listed_on = known[id_].listed_on
                    wrong += closed is not None and (
                        listed_on is None or listed_on < closed
                    )  # a day for clocks that differ
                else:
                    content = content_hash(logged.salt, known[id_].kind, known[id_].age, prints.get(id_, ()))
                    wrong += content != logged.content or not _is_in(leaves, known[id_], logged)
            return ids[-1] if ids else after, len(rows), wrong

        after, count, wrong = await database.run("check-entries", work)
        checked, broken = checked + count, broken + wrong
        if count < _PART:
            return checked, broken


def _is_in(leaves: dict[int, bytes], entry: StoredEntry, logged: LoggedEntry) -> bool:
    return leaves.get(logged.leaf) == listed_leaf(opening(entry.receipt), logged.content)
