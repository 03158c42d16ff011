"""What this platform makes of single entries, and what each hit in the last hour."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.standing import EntryStanding, Stood
from takeback.storage.moments import utc
from takeback.storage.platform.schema import entry_hit, entry_standing


async def of(connection: AsyncConnection, entries: Collection[tuple[str, str]]) -> dict[tuple[str, str], Stood]:
    """Gives how entries (list, name) stand, of those about which this platform has something to say."""
    if not entries:
        return {}
    mine = [and_(entry_standing.c.list == list_, entry_standing.c.entry == entry) for list_, entry in entries]
    rows = await connection.execute(select(entry_standing).where(or_(*mine)))
    return {
        (row.list, row.entry): Stood(row.list, row.entry, EntryStanding(row.standing), utc(row.since), row.by)
        for row in rows
    }


async def all_(connection: AsyncConnection, standing: EntryStanding, *, limit: int) -> list[Stood]:
    """Gives the entries that stand so, the latest first."""
    found = select(entry_standing).where(entry_standing.c.standing == standing.value)
    rows = await connection.execute(found.order_by(entry_standing.c.since.desc(), entry_standing.c.entry).limit(limit))
    return [Stood(row.list, row.entry, standing, utc(row.since), row.by) for row in rows]


async def count(connection: AsyncConnection, standing: EntryStanding) -> int:
    """Gives how many stand so."""
    found = select(func.count()).select_from(entry_standing).where(entry_standing.c.standing == standing.value)
    return int((await connection.execute(found)).scalar_one())


async def put(connection: AsyncConnection, new: Stood) -> None:
    """Keeps how an entry stands, in the place of how it stood."""
    mine = and_(entry_standing.c.list == new.list, entry_standing.c.entry == new.entry)
    values = {"standing": new.standing.value, "since": new.since, "by": new.by}
    done = await connection.execute(update(entry_standing).where(mine).values(values))
    if not done.rowcount:
        await connection.execute(insert(entry_standing).values(list=new.list, entry=new.entry, **values))


async def forget(connection: AsyncConnection, list_: str, entry: str) -> None:
    """Has an entry stand as its list says again, with no hits of before."""
    for table in (entry_standing, entry_hit):
        await connection.execute(delete(table).where(table.c.list == list_, table.c.entry == entry))


async def hit(
    connection: AsyncConnection,
    list_: str,
    entry: str,
    *,
    content: str,
    account: str | None,
    now: datetime,
    since: datetime,
) -> tuple[int, int]:
    """Keeps that an entry hit a content, and gives how many contents and accounts it hit since a moment."""
    mine = and_(entry_hit.c.list == list_, entry_hit.c.entry == entry)
    again = and_(mine, entry_hit.c.content == content)
    await connection.execute(delete(entry_hit).where(or_(again, and_(mine, entry_hit.c.at < since))))
    await connection.execute(
        insert(entry_hit).values(list=list_, entry=entry, content=content, account=account, at=now)
    )
    counted = select(func.count(), func.count(entry_hit.c.account.distinct())).where(mine)
    contents, accounts = (await connection.execute(counted)).one()
    return int(contents), int(accounts)


async def forget_hits(connection: AsyncConnection, before: datetime) -> None:
    """Forgets hits that are too old to count."""
    await connection.execute(delete(entry_hit).where(entry_hit.c.at < before))
