"""Companies that ask to take part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.model.application import Agreement, Application, ApplicationState, types_of, types_text
from takeback.storage.schema import application


@dataclass(frozen=True, slots=True)
class Code:
    """The keyed digest of the code that an application waits for, and how many wrong ones came."""

    digest: bytes | None
    tries: int


async def add(connection: AsyncConnection, new: Application) -> None:
    """Adds one."""
    agreed = new.agreement
    await connection.execute(
        insert(application).values(
            id=new.id,
            name=new.name,
            domain=new.domain,
            email=new.email,
            purpose=agreed.purpose,
            hits=new.hits,
            types=types_text(agreed.types),
            regions=agreed.regions,
            version=agreed.version,
            applied_on=agreed.agreed_on,
            state=new.state.value,
            token=new.token,
        )
    )


async def find(connection: AsyncConnection, id_: str) -> Application | None:
    """Gives one, held until the transaction ends, or None."""
    found = select(application).where(application.c.id == id_).with_for_update()
    row = (await connection.execute(found)).one_or_none()
    return None if row is None else _application(row)


async def all_(connection: AsyncConnection) -> list[Application]:
    """Gives all, oldest first."""
    rows = await connection.execute(select(application).order_by(application.c.applied_on, application.c.name))
    return [_application(row) for row in rows]


async def count_open(connection: AsyncConnection) -> int:
    """Gives how many nobody has decided on."""
    open_ = select(func.count()).where(application.c.state == ApplicationState.OPEN.value)
    return int((await connection.execute(open_)).scalar_one())


async def erase_before(connection: AsyncConnection, day: date) -> None:
    """Erases what came before a day and became no participant."""
    old = (application.c.applied_on < day, application.c.state != ApplicationState.ADMITTED.value)
    await connection.execute(delete(application).where(*old))


async def erase_of(connection: AsyncConnection, participant: str) -> None:
    """Erases what a participant came with."""
    await connection.execute(delete(application).where(application.c.participant == participant))


async def decide(
    connection: AsyncConnection, id_: str, state: ApplicationState, *, participant: str | None = None
) -> None:
    """Keeps what was decided, and who came of it."""
    await _set(connection, id_, state=state.value, participant=participant)


async def domain_is_verified(connection: AsyncConnection, id_: str, on: date) -> None:
    """Keeps that the domain is the company's."""
    await _set(connection, id_, domain_verified_on=on)


async def email_is_verified(connection: AsyncConnection, id_: str, on: date) -> None:
    """Keeps that the address is the company's; its code is spent."""
    await _set(connection, id_, email_verified_on=on, code_digest=None)


async def set_code(connection: AsyncConnection, id_: str, digest: bytes) -> None:
    """Keeps the digest of a new code, in place of the one before."""
    await _set(connection, id_, code_digest=digest, code_tries=0)


async def code_of(connection: AsyncConnection, id_: str) -> Code:
    """Gives the code that an application waits for."""
    columns = select(application.c.code_digest, application.c.code_tries).where(application.c.id == id_)
    row = (await connection.execute(columns)).one()
    return Code(row.code_digest, row.code_tries)


async def count_try(connection: AsyncConnection, id_: str) -> None:
    """Counts a wrong code."""
    await _set(connection, id_, code_tries=application.c.code_tries + 1)


async def _set(connection: AsyncConnection, id_: str, **values: Any) -> None:  # noqa: ANN401 - columns of many types
    await connection.execute(update(application).where(application.c.id == id_).values(**values))


def _application(row: object) -> Application:
    r = row._mapping  # type: ignore[attr-defined]  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping
    types = types_of(r["types"].split(","), field="types")
    return Application(
        r["id"],
        r["name"],
        r["domain"],
        r["email"],
        r["hits"],
        Agreement(r["version"], r["purpose"], types, r["regions"], r["applied_on"]),
        ApplicationState(r["state"]),
        r["token"],
        r["domain_verified_on"],
        r["email_verified_on"],
        r["participant"],
    )
