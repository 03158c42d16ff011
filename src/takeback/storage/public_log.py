"""The leaves of the public log, which are only ever added, and where in it each entry stands."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.entry import EntryId, EntryState, ReceiptDigest
from takeback.model.list_digest import ListDigest
from takeback.model.public_log import LoggedEntry
from takeback.storage.list_state import ListState
from takeback.storage.schema import entry, list_past, log_leaf, logged_entry

_NOT_LOGGED = logged_entry.c.entry.is_(None)


async def size(connection: AsyncConnection) -> int:
    """Gives how many leaves there are."""
    last = (await connection.execute(select(func.max(log_leaf.c.place)))).scalar_one()
    return 0 if last is None else int(last) + 1


async def append(connection: AsyncConnection, leaves: Sequence[bytes], *, day: date | None = None) -> int:
    """Adds leaves behind the last and gives the place of the first of them; `day` is what a single leaf closes."""
    first = await size(connection)
    await connection.execute(
        insert(log_leaf), [{"place": place, "data": leaf, "day": day} for place, leaf in enumerate(leaves, first)]
    )
    return first


async def leaves_from(connection: AsyncConnection, start: int, limit: int) -> list[bytes]:
    """Gives at most `limit` leaves from a place on."""
    places = (log_leaf.c.place >= start, log_leaf.c.place < start + limit)
    return list((await connection.execute(select(log_leaf.c.data).where(*places).order_by(log_leaf.c.place))).scalars())


async def leaves_at(connection: AsyncConnection, places: Collection[int]) -> dict[int, bytes]:
    """Gives the leaves at some places; at most a thousand at a time."""
    rows = await connection.execute(select(log_leaf.c.place, log_leaf.c.data).where(log_leaf.c.place.in_(places)))
    return {row.place: row.data for row in rows}


async def last_day(connection: AsyncConnection) -> tuple[date, int] | None:
    """Gives the last day that was closed, and the place of its leaf."""
    last = select(log_leaf.c.day, log_leaf.c.place).where(log_leaf.c.day.is_not(None))
    row = (await connection.execute(last.order_by(log_leaf.c.place.desc()).limit(1))).one_or_none()
    return None if row is None else (row.day, row.place)


async def past_states(connection: AsyncConnection, limit: int) -> list[ListState]:
    """Gives at most `limit` states that the list was in since the log's last leaf of states, oldest first."""
    rows = await connection.execute(select(list_past).order_by(list_past.c.head).limit(limit))
    return [ListState(row.head, ListDigest(row.entries, int.from_bytes(row.digest, "big"))) for row in rows]


async def forget_past_states(connection: AsyncConnection, before: int) -> None:
    """Forgets the states before a head: they are in the log, and the list has left them."""
    await connection.execute(delete(list_past).where(list_past.c.head < before))


async def to_be_logged(connection: AsyncConnection, after: EntryId, limit: int) -> tuple[list[EntryId], EntryId | None]:
    """Looks at the next `limit` listed entries: gives those without a leaf, and the last looked at; None at the end."""
    listed = entry.c.state == EntryState.LISTED.value
    part = select(entry.c.id).where(listed, entry.c.id > after).order_by(entry.c.id).limit(limit).subquery()
    until = (await connection.execute(select(part.c.id).order_by(part.c.id.desc()).limit(1))).scalar_one_or_none()
    if until is None:
        return [], None
    joined = select(entry.c.id).outerjoin(logged_entry, logged_entry.c.entry == entry.c.id)
    chosen = joined.where(listed, entry.c.id > after, entry.c.id <= until, _NOT_LOGGED)
    return list((await connection.execute(chosen)).scalars()), until


async def still_to_be_logged(connection: AsyncConnection, ids: Sequence[EntryId]) -> set[EntryId]:
    """Gives those of these entries that are listed and have no leaf yet."""
    joined = select(entry.c.id).outerjoin(logged_entry, logged_entry.c.entry == entry.c.id)
    chosen = joined.where(entry.c.id.in_(ids), entry.c.state == EntryState.LISTED.value, _NOT_LOGGED)
    return set((await connection.execute(chosen)).scalars())


async def to_be_closed(connection: AsyncConnection, after: EntryId, limit: int) -> list[tuple[EntryId, ReceiptDigest]]:
    """Gives at most `limit` withdrawn entries with a leaf, and none yet that says that they are gone, by their ids."""
    joined = select(entry.c.id, entry.c.receipt).join(logged_entry, logged_entry.c.entry == entry.c.id)
    withdrawn = (entry.c.state == EntryState.WITHDRAWN.value, logged_entry.c.gone.is_(None), entry.c.id > after)
    rows = await connection.execute(joined.where(*withdrawn).order_by(entry.c.id).limit(limit))
    return [(row.id, row.receipt) for row in rows]


async def keep_logged(connection: AsyncConnection, rows: Sequence[tuple[EntryId, bytes, bytes, int]]) -> None:
    """Keeps entry, salt, content and place of the leaf of entries that are in the log now."""
    names = ("entry", "salt", "content", "leaf")
    await connection.execute(insert(logged_entry), [dict(zip(names, row, strict=True)) for row in rows])


async def keep_gone(connection: AsyncConnection, id_: EntryId, place: int) -> bool:
    """Keeps the place of the leaf that says that an entry is gone; gives False where there is one already."""
    open_ = (logged_entry.c.entry == id_, logged_entry.c.gone.is_(None))
    return (await connection.execute(update(logged_entry).where(*open_).values(gone=place))).rowcount == 1


async def by_receipts(
    connection: AsyncConnection, receipts: Collection[ReceiptDigest]
) -> dict[ReceiptDigest, LoggedEntry]:
    """Gives where the live entries that these digests open stand in the log."""
    joined = select(entry.c.receipt, logged_entry).join(logged_entry, logged_entry.c.entry == entry.c.id)
    rows = await connection.execute(joined.where(entry.c.receipt.in_(receipts), logged_entry.c.content.is_not(None)))
    return {row.receipt: LoggedEntry(row.leaf, row.content, row.salt) for row in rows}


async def listed_after(
    connection: AsyncConnection, after: EntryId, limit: int
) -> list[tuple[EntryId, LoggedEntry | None]]:
    """Gives at most `limit` listed entries behind one, in the order of their ids, with where each stands in the log."""
    columns = (entry.c.id, logged_entry.c.leaf, logged_entry.c.content, logged_entry.c.salt)
    joined = select(*columns).outerjoin(logged_entry, logged_entry.c.entry == entry.c.id)
    statement = joined.where(entry.c.state == EntryState.LISTED.value, entry.c.id > after).order_by(entry.c.id)
    rows = await connection.execute(statement.limit(limit))
    return [(r.id, None if r.content is None else LoggedEntry(r.leaf, r.content, r.salt)) for r in rows]


async def counts_by_state_tier_and_age(connection: AsyncConnection) -> dict[str, dict[str, int]]:
    """Gives state → tier and age → how many entries."""
    columns = (entry.c.state, entry.c.tier, entry.c.age)
    rows = await connection.execute(select(*columns, func.count()).group_by(*columns))
    found: dict[str, dict[str, int]] = {}
    for state, tier, age, count in rows:
        found.setdefault(state, {})[f"{tier} {age}"] = count
    return found


async def counts_listed_on(connection: AsyncConnection, day: date) -> dict[str, int]:
    """Gives tier and age → how many entries that are still there were first listed on a day."""
    columns = (entry.c.tier, entry.c.age)
    rows = await connection.execute(select(*columns, func.count()).where(entry.c.listed_on == day).group_by(*columns))
    return {f"{tier} {age}": count for tier, age, count in rows}
