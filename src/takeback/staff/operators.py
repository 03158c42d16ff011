"""The staff of an installation: who is in, and what each may do."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clock import Clock, today
from takeback.errors import ConflictError, InvalidInputError, NotAuthorisedError, NotFoundError
from takeback.model.operator import Operator, OperatorState, Role
from takeback.storage import audit, operators, passkeys, sessions
from takeback.storage.database import Database

MAX_NAME_CHARACTERS = 120
#: Stands in the audit for whoever works at the machine itself, where no account is needed.
AT_THE_MACHINE = "machine"


def new_operator(clock: Clock, name: str, role: Role, *, id_: str | None = None) -> Operator:
    """Gives an account that is kept nowhere yet. Raises InvalidInputError for its name."""
    name = name.strip()
    if not 0 < len(name) <= MAX_NAME_CHARACTERS or not name.isprintable():
        raise InvalidInputError(
            field="name", problem="is not a name.", remedy=f"Give 1 to {MAX_NAME_CHARACTERS} printable characters."
        )
    return Operator(id_ or new_id(), name, role, OperatorState.ACTIVE, today(clock))


def new_id() -> str:
    """Gives a random id for an account."""
    return f"o-{secrets.token_hex(12)}"


async def add_operator(
    database: Database, clock: Clock, name: str, role: Role, *, by: str = AT_THE_MACHINE
) -> Operator:
    """Adds an account. Raises InvalidInputError or ConflictError for its name."""
    new = new_operator(clock, name, role)

    async def work(connection: AsyncConnection) -> None:
        await operators.add(connection, new)
        await audit.record(connection, f"{by}:{new.id}:add-{role.value}", clock.now())

    await database.run("add-operator", work)
    return new


async def close_account(database: Database, clock: Clock, id_: str, *, by: str = AT_THE_MACHINE) -> None:
    """Closes an account at once, with its sessions and passkeys. The last administrator's stays open."""

    async def work(connection: AsyncConnection) -> None:
        found = await named(connection, id_)
        await must_not_be_last(connection, found)
        await operators.set_state(connection, id_, OperatorState.CLOSED)
        await passkeys.remove_all(connection, id_)
        await sessions.end_all(connection, id_)
        await audit.record(connection, f"{by}:{id_}:close", clock.now())

    await database.run("close-operator", work)


async def must_not_be_last(connection: AsyncConnection, operator: Operator) -> None:
    """Raises ConflictError for the last administrator, without whom nobody could let anybody in."""
    if operator.role is Role.ADMINISTRATOR and await operators.count_active(connection, operator.role) == 1:
        raise ConflictError("This is the last administrator. Make another one first.")


async def named(connection: AsyncConnection, id_: str) -> Operator:
    """Gives an operator whose account is open, or raises NotFoundError."""
    found = await operators.find(connection, id_)
    if found is None or found.state is OperatorState.CLOSED:
        raise NotFoundError("There is no operator of that id. See `takeback operator list`.")
    return found


async def by_name(database: Database, name: str) -> Operator:
    """Gives the operator of a name, or of an id, whose account is open, or raises NotFoundError."""
    return await database.run("find-operator", lambda connection: _by_name(connection, name))


async def at_the_machine(database: Database, clock: Clock, name: str) -> Operator:
    """Gives the operator of that name for a command at the machine, and notes in the audit that it was one."""

    async def work(connection: AsyncConnection) -> Operator:
        found = await _by_name(connection, name)
        await audit.record(connection, f"{AT_THE_MACHINE}:{found.id}:act-for", clock.now())
        return found

    return await database.run("act-for", work)


async def _by_name(connection: AsyncConnection, name: str) -> Operator:
    found = await operators.named(connection, name.strip()) or await operators.find(connection, name.strip())
    if found is None or found.state is OperatorState.CLOSED:
        raise NotFoundError("There is no operator of that name. See `takeback operator list`.")
    return found


async def all_operators(database: Database) -> list[Operator]:
    """Gives every operator, by name."""
    return await database.run("list-operators", operators.all_)


def role_named(text: str, roles: Sequence[Role] = tuple(Role)) -> Role:
    """Gives one of the roles that an installation has, by its name, or raises InvalidInputError."""
    if text not in tuple(roles):
        raise InvalidInputError(field="role", problem="is not one of ours.", remedy=f"Choose {', '.join(roles)}.")
    return Role(text)


def must_be(operator: Operator, role: Role) -> None:
    """Raises NotAuthorisedError for an operator who may not do what this role may."""
    if operator.state is OperatorState.CLOSED or not operator.role.includes(role):
        raise NotAuthorisedError(f"Your role is {operator.role.value}; this needs {role.value}. Ask an administrator.")
