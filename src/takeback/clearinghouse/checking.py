"""Whether a database is what it says: every promise that can be told from the rows, told from the rows."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.change import START
from takeback.model.entry import Age, EntryState, Kind, ListedEntry
from takeback.model.list_digest import EMPTY, entry_hash
from takeback.model.tier import STRONGEST_ACTION, Tier
from takeback.storage import feed_segments, list_state
from takeback.storage.feed_rows import FeedRow, rows_after
from takeback.storage.schema import audit_event, entry, feed_segment, feedback, fingerprint, metadata
from takeback.storage.sealing import prints_of

#: Entries that are opened at a time.
_ROWS = 1_000
_RECEIPT_BYTES = 32


async def findings(connection: AsyncConnection) -> list[str]:
    """Gives what is wrong, a sentence each; nothing when all is well. Reads every row once.

    Raises SettingsError when a key is missing that is needed to open them.
    """
    wrong = [await _digest(connection), await _segments(connection)]
    state = await list_state.read(connection)
    withdrawn: ColumnElement[bool] = entry.c.state == EntryState.WITHDRAWN.value
    kept = or_(
        entry.c.sealed.is_not(None),
        entry.c.listed_on.is_not(None),
        and_(entry.c.left_sealed.is_not(None), entry.c.forget_on.is_(None)),
        exists().where(fingerprint.c.entry == entry.c.id),
        exists().where(feedback.c.entry == entry.c.id),
    )
    none = ~exists().where(fingerprint.c.entry == entry.c.id)
    questions: list[tuple[str, ColumnElement[bool]]] = [
        ("stand behind the head of the feed", entry.c.sequence > state.head),
        ("were withdrawn, and something of them was kept", withdrawn & kept),
        ("have no fingerprint and are not withdrawn", ~withdrawn & entry.c.sealed.is_(None) & none),
        ("have a receipt that opens nothing", func.length(entry.c.receipt) != _RECEIPT_BYTES),
        (
            "are on the list without a place in the feed",
            (entry.c.listed_hash.is_not(None)) & entry.c.sequence.is_(None),
        ),
    ]
    for sentence, is_so in questions:
        wrong.append(
            await _count(connection, select(func.count()).select_from(entry).where(is_so), f"entries {sentence}")
        )
    for column in (entry.c.sequence, entry.c.receipt):
        twice = select(column).where(column.is_not(None)).group_by(column).having(func.count() > 1).subquery()
        wrong.append(await _count(connection, select(func.count()).select_from(twice), f"of {column.name} stand twice"))
    for table in metadata.sorted_tables:
        for key in table.foreign_keys:
            there = exists().where(key.column == key.parent)
            orphans = select(func.count()).select_from(table).where(key.parent.is_not(None), ~there)
            wrong.append(await _count(connection, orphans, f"rows of {table.name} name no {key.column.table.name}"))
    nameless = select(func.count()).select_from(audit_event).where(audit_event.c.event.not_like("%:%:%"))
    wrong.append(await _count(connection, nameless, "audit events do not say who did what"))
    if connection.dialect.name == "sqlite":
        said = (await connection.exec_driver_sql("PRAGMA integrity_check")).scalar_one()
        wrong.append(None if said == "ok" else "SQLite's own check of the file fails. Restore a backup.")
    return [one for one in wrong if one is not None]


async def _count(connection: AsyncConnection, question: Select[int], sentence: str) -> str | None:
    count = (await connection.execute(question)).scalar_one()
    return f"{count} {sentence}." if count else None


async def _digest(connection: AsyncConnection) -> str | None:
    """Adds up the whole list again from what stands in its rows."""
    state, found, after = await list_state.read(connection), EMPTY, START
    while rows := await rows_after(connection, after, state.head, _ROWS):
        for row in rows:
            if row.listed_on is not None and row.prints is not None:
                found = found.with_entry(entry_hash(_listed(row, row.listed_on, row.prints)))
        after = rows[-1].sequence
    if found == state.digest:
        return None
    return f"The list's digest is not that of its rows: {found.entries} are there, {state.digest.entries} should be."


async def _segments(connection: AsyncConnection) -> str | None:
    """Compares every piece of the feed with the rows that it is a copy of."""
    wrong = 0
    for number in (await connection.execute(select(feed_segment.c.number))).scalars().all():
        begin, end = number * feed_segments.PLACES, (number + 1) * feed_segments.PLACES
        rows = await rows_after(connection, begin, end, feed_segments.PLACES)
        packed = await feed_segments.find(connection, number)
        ids = await feed_segments.ids_of(connection, number, number + 1)
        wrong += ids != [row.id for row in rows] or packed not in (None, rows)
    return f"{wrong} pieces of the feed are not as their rows are." if wrong else None


def _listed(row: FeedRow, day: str, prints: bytes) -> ListedEntry:
    tier = Tier(row.tier)
    return ListedEntry(
        *("", row.sequence, Kind(row.kind), Age(row.age), tier, STRONGEST_ACTION[tier], date.fromisoformat(day)),
        prints_of(prints),
    )
