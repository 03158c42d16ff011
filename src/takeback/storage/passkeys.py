"""Passkeys, and the links through which they are registered."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.errors import ConflictError
from takeback.model.passkey import Passkey
from takeback.storage.moments import utc
from takeback.storage.schema import enrolment, passkey


async def add(connection: AsyncConnection, new: Passkey) -> None:
    """Adds a passkey, or raises ConflictError when it is known."""
    try:
        await connection.execute(
            insert(passkey).values(
                id=new.id,
                operator=new.operator,
                public_key=new.public_key,
                uses=new.uses,
                label=new.label,
                added_on=new.added_on,
            )
        )
    except IntegrityError:
        raise ConflictError("This passkey is registered already. Use another device or key.") from None


async def find(connection: AsyncConnection, id_: bytes) -> Passkey | None:
    """Gives one passkey, or None."""
    row = (await connection.execute(select(passkey).where(passkey.c.id == id_))).one_or_none()
    return None if row is None else _passkey(row)


async def of(connection: AsyncConnection, operator: str) -> list[Passkey]:
    """Gives an operator's passkeys, oldest first, held until the transaction ends."""
    statement = select(passkey).where(passkey.c.operator == operator).order_by(passkey.c.added_on, passkey.c.id)
    return [_passkey(row) for row in await connection.execute(statement.with_for_update())]


async def used(connection: AsyncConnection, known: Passkey, *, uses: int, on: date) -> bool:
    """Keeps the counter after a use. False where the passkey has gone or was used meanwhile."""
    same = (passkey.c.id == known.id, passkey.c.uses == known.uses)
    done = await connection.execute(update(passkey).where(*same).values(uses=uses, last_used_on=on))
    return done.rowcount == 1


async def remove(connection: AsyncConnection, operator: str, id_: bytes) -> bool:
    """Removes one passkey of an operator; False where there is none."""
    mine = (passkey.c.operator == operator, passkey.c.id == id_)
    return (await connection.execute(delete(passkey).where(*mine))).rowcount == 1


async def remove_all(connection: AsyncConnection, operator: str) -> None:
    """Removes every passkey of an operator, and every link that would register another."""
    await connection.execute(delete(passkey).where(passkey.c.operator == operator))
    await connection.execute(delete(enrolment).where(enrolment.c.operator == operator))


async def add_link(connection: AsyncConnection, digest: bytes, operator: str, *, expires_at: datetime) -> None:
    """Keeps the digest of a link's code."""
    await connection.execute(insert(enrolment).values(digest=digest, operator=operator, expires_at=expires_at))


async def operator_of_link(connection: AsyncConnection, digest: bytes, now: datetime) -> str | None:
    """Gives whom a link lets in, or None where it is unknown, used or over."""
    found = select(enrolment).where(enrolment.c.digest == digest).with_for_update()
    row = (await connection.execute(found)).one_or_none()
    if row is None:
        return None
    return str(row.operator) if now < utc(row.expires_at) else None


async def use_link(connection: AsyncConnection, digest: bytes) -> None:
    """Ends a link."""
    await connection.execute(delete(enrolment).where(enrolment.c.digest == digest))


def _passkey(row: object) -> Passkey:
    r = row._mapping  # type: ignore[attr-defined]  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping
    return Passkey(r["id"], r["operator"], r["public_key"], r["uses"], r["label"], r["added_on"], r["last_used_on"])
