"""Finding out, when an operator asks, whether an applicant's domain and e-mail address are its own."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Protocol

from takeback.clearinghouse.applications import application, domain_is_theirs, new_code
from takeback.clock import Clock
from takeback.errors import UnavailableError
from takeback.letters import send
from takeback.model.application import WELL_KNOWN, Application
from takeback.settings import Settings
from takeback.staff.operators import AT_THE_MACHINE
from takeback.storage.database import Database

#: What stands before the token in a DNS TXT record.
TXT_PREFIX = "takeback-verification="


class PublicReader(Protocol):
    """Reads what a company shows to everybody. The real one reaches public addresses only (`public_reader`)."""

    async def file(self, domain: str, path: str) -> str:
        """Gives a small text at https://DOMAIN/PATH, or raises UnavailableError."""
        ...

    async def txt(self, domain: str) -> list[str]:
        """Gives the TXT records of a domain, or raises UnavailableError."""
        ...


@dataclass(frozen=True, slots=True)
class Verified:
    """How an application stands, and why the domain could not be verified where it could not."""

    application: Application
    letter_sent: bool
    problem: str | None


async def verify(
    database: Database,
    clock: Clock,
    settings: Settings,
    reader: PublicReader,
    key: bytes,
    id_: str,
    *,
    by: str = AT_THE_MACHINE,
) -> Verified:
    """Looks for the token at the domain, and sends a letter with a new code, each where it is not verified yet."""
    found = await application(database, id_)
    problem = None
    if found.domain_verified_on is None:
        problem = await _missing(reader, found)
        if problem is None:
            await domain_is_theirs(database, clock, id_, by=by)
    write = found.email_verified_on is None
    if write:
        code = await new_code(database, id_, key)
        await asyncio.to_thread(
            send, settings, found.email, "Your code for the clearinghouse", _letter(settings, id_, code)
        )
    return Verified(await application(database, id_), write, problem)


async def _missing(reader: PublicReader, found: Application) -> str | None:
    """Gives why the token was not found, or None when it was."""
    problems = []
    try:
        text = await reader.file(found.domain, WELL_KNOWN)
        if found.token in text.split():
            return None
        problems.append("The file does not hold the token.")
    except UnavailableError as error:
        problems.append(f"The file: {error}")
    try:
        if TXT_PREFIX + found.token in await reader.txt(found.domain):
            return None
        problems.append("No TXT record holds it.")
    except UnavailableError as error:
        problems.append(f"The TXT record: {error}")
    return " ".join(problems)


def _letter(settings: Settings, id_: str, code: str) -> str:
    return (
        f"Somebody has applied to {settings.list_id} in the name of your company and gave this address.\n\n"
        f"Your code: {code}\n\n"
        f"Enter it at {settings.public_url}/join/{id_}\n"
        "If it was not you, there is nothing to do: without the code the application ends by itself.\n"
    )
