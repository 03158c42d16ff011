"""The hotline's staff: who is in, and what each may do."""

from __future__ import annotations

import secrets

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clock import Clock, today
from takeback.errors import ConflictError, InvalidInputError, NotAuthorisedError, NotFoundError
from takeback.model.operator import Operator, OperatorState, Role
from takeback.storage import audit, operators
from takeback.storage.database import Database

MAX_NAME_CHARACTERS = 120
#: Stands in the audit for whoever works at the machine itself, where no account is needed.
AT_THE_MACHINE = "machine"


async def add_operator(
    database: Database, clock: Clock, name: str, role: Role, *, by: str = AT_THE_MACHINE
) -> Operator:
    """Adds an account. Raises InvalidInputError or ConflictError for its name."""
    name = name.strip()
    if not 0 < len(name) <= MAX_NAME_CHARACTERS or not name.isprintable():
        raise InvalidInputError(
            field="name", problem="is not a name.", remedy=f"Give 1 to {MAX_NAME_CHARACTERS} printable characters."
        )
    new = Operator(f"o-{secrets.token_hex(12)}", name, role, OperatorState.ACTIVE, today(clock))

    async def work(connection: AsyncConnection) -> None:
        await operators.add(connection, new)
        await audit.record(connection, f"{by}:{new.id}:add-{role.value}", clock.now())

    await database.run("add-operator", work)
    return new


async def close_account(database: Database, clock: Clock, id_: str, *, by: str = AT_THE_MACHINE) -> None:
    """Closes an account at once. The last administrator's stays open, or nobody could let anybody in."""

    async def work(connection: AsyncConnection) -> None:
        found = await named(connection, id_)
        if found.role is Role.ADMINISTRATOR and await operators.count_active(connection, found.role) == 1:
            raise ConflictError("This is the last administrator. Make another one first.")
        await operators.set_state(connection, id_, OperatorState.CLOSED)
        await audit.record(connection, f"{by}:{id_}:close", clock.now())

    await database.run("close-operator", work)


async def named(connection: AsyncConnection, id_: str) -> Operator:
    """Gives an operator whose account is open, or raises NotFoundError."""
    found = await operators.find(connection, id_)
    if found is None or found.state is OperatorState.CLOSED:
        raise NotFoundError("There is no operator of that id. See `takeback operator list`.")
    return found


async def operator_named(database: Database, id_: str) -> Operator:
    """Gives an operator whose account is open, or raises NotFoundError."""
    return await database.run("find-operator", lambda connection: named(connection, id_))


async def all_operators(database: Database) -> list[Operator]:
    """Gives every operator, by name."""
    return await database.run("list-operators", operators.all_)


def must_be(operator: Operator, role: Role) -> None:
    """Raises NotAuthorisedError for an operator who may not do what this role may."""
    if operator.state is OperatorState.CLOSED or not operator.role.includes(role):
        raise NotAuthorisedError(f"Your role is {operator.role.value}; this needs {role.value}. Ask an administrator.")
