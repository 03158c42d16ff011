"""The hotline's staff."""

from __future__ import annotations

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.errors import ConflictError
from takeback.model.operator import Operator, OperatorState, Role
from takeback.storage.schema import operator


async def add(connection: AsyncConnection, new: Operator) -> None:
    """Adds an operator, or raises ConflictError when the name is taken."""
    try:
        await connection.execute(
            insert(operator).values(
                id=new.id, name=new.name, role=new.role.value, state=new.state.value, added_on=new.added_on
            )
        )
    except IntegrityError:
        raise ConflictError("There is an operator of that name already. Choose another name.") from None


async def find(connection: AsyncConnection, id_: str) -> Operator | None:
    """Gives one operator, or None."""
    row = (await connection.execute(select(operator).where(operator.c.id == id_))).one_or_none()
    return None if row is None else _operator(row)


async def named(connection: AsyncConnection, name: str) -> Operator | None:
    """Gives the operator of a name, or None."""
    row = (await connection.execute(select(operator).where(operator.c.name == name))).one_or_none()
    return None if row is None else _operator(row)


async def all_(connection: AsyncConnection) -> list[Operator]:
    """Gives every operator, by name."""
    return [_operator(row) for row in await connection.execute(select(operator).order_by(operator.c.name))]


async def count_active(connection: AsyncConnection, role: Role) -> int:
    """Gives how many active operators have exactly this role."""
    active = (operator.c.role == role.value, operator.c.state == OperatorState.ACTIVE.value)
    return int((await connection.execute(select(func.count()).where(*active))).scalar_one())


async def set_role(connection: AsyncConnection, id_: str, role: Role) -> None:
    """Gives an operator another role."""
    await connection.execute(update(operator).where(operator.c.id == id_).values(role=role.value))


async def set_state(connection: AsyncConnection, id_: str, state: OperatorState) -> None:
    """Closes an account, or opens it again."""
    await connection.execute(update(operator).where(operator.c.id == id_).values(state=state.value))


def _operator(row: object) -> Operator:
    r = row._mapping  # type: ignore[attr-defined]  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping
    return Operator(r["id"], r["name"], Role(r["role"]), OperatorState(r["state"]), r["added_on"])
