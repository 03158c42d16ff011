"""Drawings that are listed to learn who takes back what was withdrawn."""

from __future__ import annotations

from datetime import date

from sqlalchemy import insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.decoy import Decoy
from takeback.model.entry import EntryId
from takeback.storage.schema import decoy


async def add(connection: AsyncConnection, new: Decoy) -> None:
    """Adds one."""
    await connection.execute(
        insert(decoy).values(id=new.id, entry=new.entry, participant=new.participant, made_on=new.made_on)
    )


async def find(connection: AsyncConnection, id_: str) -> Decoy | None:
    """Gives one, or None."""
    row = (await connection.execute(select(decoy).where(decoy.c.id == id_))).one_or_none()
    return None if row is None else _decoy(row)


async def all_(connection: AsyncConnection) -> list[Decoy]:
    """Gives every one, newest first."""
    rows = await connection.execute(select(decoy).order_by(decoy.c.made_on.desc(), decoy.c.id))
    return [_decoy(row) for row in rows]


async def found(connection: AsyncConnection, entry: EntryId, participant: str, day: date) -> bool:
    """Keeps that its participant found a decoy on a day; gives false where that is none of ours."""
    of = (decoy.c.entry == entry, decoy.c.participant == participant)
    newer = or_(decoy.c.found_on.is_(None), decoy.c.found_on < day)
    await connection.execute(update(decoy).where(*of, newer).values(found_on=day))
    return (await connection.execute(select(decoy.c.id).where(*of))).first() is not None


async def withdrawn(connection: AsyncConnection, id_: str, day: date) -> None:
    """Keeps when one was withdrawn."""
    await connection.execute(update(decoy).where(decoy.c.id == id_).values(withdrawn_on=day))


def _decoy(row: object) -> Decoy:
    r = row._mapping  # type: ignore[attr-defined]  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping
    return Decoy(r["id"], r["entry"], r["participant"], r["made_on"], r["withdrawn_on"], r["found_on"])
