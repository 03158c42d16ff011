"""Looking at single entries: at suspended ones without their fingerprints, and at the fingerprints of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clock import Clock, today
from takeback.errors import NotFoundError
from takeback.fingerprints.types import Fingerprint
from takeback.model.entry import ENTRY_ID_BYTES, EntryId
from takeback.model.operator import Operator, Role
from takeback.staff.operators import must_be
from takeback.storage import audit, entries, entry_prints, feedback, hits
from takeback.storage.database import Database
from takeback.storage.entries import StoredEntry


@dataclass(frozen=True, slots=True)
class Suspended:
    """A suspended entry, what was said about it, and how often it was found on the days that are kept."""

    entry: StoredEntry
    confirmed: int
    wrong: int
    hits: int


async def suspended(database: Database, *, limit: int, skip: int = 0) -> list[Suspended]:
    """Gives a page of suspended entries, the latest first."""

    async def work(connection: AsyncConnection) -> list[Suspended]:
        found = await entries.suspended(connection, limit, skip=skip)
        votes = {one.id: await feedback.votes_on(connection, one.id) for one in found}
        found_by = await hits.of_entries(connection, [one.id for one in found])
        return [Suspended(one, votes[one.id].confirmed, votes[one.id].wrong, found_by.get(one.id, 0)) for one in found]

    return await database.run("list-suspended", work)


async def held(database: Database, clock: Clock) -> dict[date, int]:
    """Gives how many entries came in bursts and are held, by the day on which they go out by themselves."""
    day = today(clock)
    return await database.run("list-held", lambda connection: entries.count_held(connection, day))


async def fingerprints_of(
    database: Database, clock: Clock, operator: Operator, id_: str
) -> tuple[StoredEntry, tuple[Fingerprint, ...]]:
    """Gives one entry with its fingerprints to an administrator who asks for it. That leaves an audit event."""
    must_be(operator, Role.ADMINISTRATOR)
    entry = entry_id(id_)

    async def work(connection: AsyncConnection) -> tuple[StoredEntry, tuple[Fingerprint, ...]]:
        found = await entries.by_id(connection, entry)
        if found is None:
            raise NotFoundError("There is no entry of that id.")
        prints = await entry_prints.fingerprints_of(connection, [entry])
        await audit.record(connection, f"{operator.id}:{subject_of(entry)}:show-values", clock.now())
        return found, prints.get(entry, ())

    return await database.run("show-fingerprints", work)


def subject_of(id_: EntryId) -> str:
    """Gives how proposals and the audit name an entry."""
    return f"entry/{id_.hex()}"


def entry_id(text: str) -> EntryId:
    """Gives an entry's id from its hexadecimal form, or raises NotFoundError."""
    try:
        id_ = bytes.fromhex(text)
    except ValueError:
        id_ = b""
    if len(id_) != ENTRY_ID_BYTES or id_.hex() != text:
        raise NotFoundError("There is no entry of that id.")
    return id_
