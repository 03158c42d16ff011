"""Companies apply, show that domain and e-mail are theirs, and are admitted into the sandbox by two operators."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clearinghouse.credentials import digest_of
from takeback.clearinghouse.participants import made
from takeback.clearinghouse.publishing import count_types
from takeback.clock import Clock, today
from takeback.errors import ConflictError, InvalidInputError, NotFoundError, UnavailableError
from takeback.model.application import (
    MAX_CODE_TRIES,
    Agreement,
    Application,
    ApplicationState,
    Applying,
    checked,
    types_of,
)
from takeback.model.participant import ParticipantState
from takeback.model.proposal import Proposal
from takeback.settings import Settings
from takeback.staff.operators import AT_THE_MACHINE
from takeback.storage import applications, audit, participants
from takeback.storage.database import Database

#: Digits of the code in the letter; a few wrong ones make it void.
CODE_DIGITS = 8


async def apply(database: Database, clock: Clock, settings: Settings, given: Applying, *, version: str) -> Application:
    """Keeps an application of a company that accepts this version of the agreement.

    Only so many may be open at a time, whoever sends them: nothing is kept of senders. Old ones are erased first.
    """
    read = checked(given)
    day = today(clock)
    new = Application(
        f"a-{secrets.token_hex(16)}",
        read.name,
        read.domain,
        read.email,
        read.hits,
        Agreement(version, read.purpose, read.types, read.regions, day),
        ApplicationState.OPEN,
        secrets.token_hex(20),
    )

    async def work(connection: AsyncConnection) -> None:
        await applications.erase_before(connection, day - timedelta(days=settings.application_days))
        if await applications.count_open(connection) >= settings.open_applications:
            raise UnavailableError("Too many applications wait at the moment. Try again in a few days.")
        await applications.add(connection, new)

    await database.run("apply", work)
    return new


async def application(database: Database, id_: str) -> Application:
    """Gives an application, or raises NotFoundError."""
    return await database.run("find-application", lambda connection: _named(connection, id_))


async def all_applications(database: Database) -> list[Application]:
    """Gives all that are kept, oldest first."""
    return await database.run("list-applications", applications.all_)


async def new_code(database: Database, id_: str, key: bytes) -> str:
    """Makes the code that a letter takes to the company's address; the one before ends with it."""
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"

    async def work(connection: AsyncConnection) -> None:
        _must_be_open(await _named(connection, id_))
        await applications.set_code(connection, id_, digest_of(id_ + code, key))

    await database.run("new-code", work)
    return code


async def confirm_email(database: Database, clock: Clock, id_: str, code: str, key: bytes) -> Application:
    """Takes the code from the letter. Raises InvalidInputError for a wrong one; a few of those make it void."""
    given = digest_of(id_ + code.strip(), key)

    async def work(connection: AsyncConnection) -> bool:
        found = await _named(connection, id_)
        if found.email_verified_on is not None:
            return True
        waiting = await applications.code_of(connection, id_)
        if waiting.digest is None or waiting.tries >= MAX_CODE_TRIES:
            raise ConflictError("There is no code to enter now. Ask the clearinghouse for another letter.")
        if not secrets.compare_digest(waiting.digest, given):
            await applications.count_try(connection, id_)
            return False
        await applications.email_is_verified(connection, id_, today(clock))
        await audit.record(connection, f"{id_}:{id_}:verify-email", clock.now())
        return True

    if not await database.run("confirm-email", work):
        raise InvalidInputError(
            field="code", problem="is not the one in the letter.", remedy="Type it as it stands there."
        )
    return await application(database, id_)


async def domain_is_theirs(database: Database, clock: Clock, id_: str, *, by: str = AT_THE_MACHINE) -> None:
    """Keeps that the company has shown its token at its domain."""

    async def work(connection: AsyncConnection) -> None:
        _must_be_open(await _named(connection, id_))
        await applications.domain_is_verified(connection, id_, today(clock))
        await audit.record(connection, f"{by}:{id_}:verify-domain", clock.now())

    await database.run("verify-domain", work)


async def refuse_application(database: Database, clock: Clock, id_: str, *, by: str = AT_THE_MACHINE) -> None:
    """Refuses an application. It is erased in its time."""

    async def work(connection: AsyncConnection) -> None:
        _must_be_open(await _named(connection, id_))
        await applications.decide(connection, id_, ApplicationState.REFUSED)
        await audit.record(connection, f"{by}:{id_}:refuse-application", clock.now())

    await database.run("refuse-application", work)


async def admissible(database: Database, id_: str) -> Application:
    """Gives an application that two operators may admit; raises ConflictError that says what is missing."""

    async def work(connection: AsyncConnection) -> Application:
        found = await _named(connection, id_)
        _must_be_verified(found)
        return found

    return await database.run("find-application", work)


async def admit(connection: AsyncConnection, clock: Clock, proposal: Proposal) -> None:
    """Makes an application a participant in the sandbox. `types` of the details may allow less than was asked for."""
    found = await _named(connection, proposal.subject)
    _must_be_verified(found)
    asked = found.agreement
    types = (
        types_of(proposal.details["types"].split(","), field="types") if "types" in proposal.details else asked.types
    )
    if not types <= asked.types:
        raise InvalidInputError(
            field="types", problem="are more than the company agreed to.", remedy="Leave out what it did not ask for."
        )
    new = made(found.name, clock, ParticipantState.SANDBOX)
    await participants.add(connection, new)
    agreed = Agreement(asked.version, asked.purpose, types, asked.regions, asked.agreed_on)
    await participants.agree(connection, new.id, agreed)
    await count_types(connection, types)
    await applications.decide(connection, found.id, ApplicationState.ADMITTED, participant=new.id)


def _must_be_open(found: Application) -> None:
    if found.state is not ApplicationState.OPEN:
        raise ConflictError(f"This application is {found.state.value} already.")


def _must_be_verified(found: Application) -> None:
    _must_be_open(found)
    if not found.verified:
        missing = "domain" if found.domain_verified_on is None else "e-mail address"
        raise ConflictError(f"The {missing} is not verified yet. Run `takeback participant verify {found.id}`.")


async def _named(connection: AsyncConnection, id_: str) -> Application:
    found = await applications.find(connection, id_)
    if found is None:
        raise NotFoundError("There is no application of that id. See `takeback participant apply-list`.")
    return found
