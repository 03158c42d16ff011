"""Links that let an operator register a passkey: the first one, or a new one when all are lost.

A link holds a random code; only its digest is kept. It works once, and for a day.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clock import Clock
from takeback.errors import ConflictError, NotFoundError
from takeback.model.operator import Operator
from takeback.model.proposal import Proposal
from takeback.staff.operators import AT_THE_MACHINE, named, new_operator, role_named
from takeback.staff.site import Site
from takeback.storage import audit, operators, passkeys, sessions
from takeback.storage.database import Database

LINK_LASTS = timedelta(hours=24)
_CODE_BYTES = 32
#: In a proposal's details: the digest of the code that whoever proposes it has been shown.
CODE_DIGEST = "code"


def new_code() -> str:
    """Gives a code that nobody can guess."""
    return secrets.token_urlsafe(_CODE_BYTES)


def digest_of(code: str) -> bytes:
    """Gives what is kept of a code."""
    return hashlib.sha256(code.strip().encode()).digest()


def link_of(site: Site, code: str) -> str:
    """Gives a link whose code stands behind the #: no server and no proxy on its way sees it."""
    return f"{site.origin}{site.base}/enrol#{code}"


def details_with(code: str, **more: str) -> Mapping[str, str]:
    """Gives the details of a proposal that will make a code work."""
    return {**more, CODE_DIGEST: digest_of(code).hex()}


async def give_link(database: Database, clock: Clock, id_: str, *, by: str = AT_THE_MACHINE) -> str:
    """Makes a link's code for an operator and gives it, to be shown once. Their passkeys and sessions end."""
    code = new_code()

    async def work(connection: AsyncConnection) -> None:
        await _begin_anew(connection, clock, id_, digest_of(code))
        await audit.record(connection, f"{by}:{id_}:enrol", clock.now())

    await database.run("give-link", work)
    return code


async def whom_it_lets_in(connection: AsyncConnection, clock: Clock, code: str) -> Operator:
    """Gives the operator whom a code lets in, or raises NotFoundError."""
    id_ = await passkeys.operator_of_link(connection, digest_of(code), clock.now())
    if id_ is None:
        raise NotFoundError("This link was used already, is too old, or is not one of ours. Ask for a new one.")
    return await named(connection, id_)


async def add_proposed(connection: AsyncConnection, clock: Clock, proposal: Proposal) -> None:
    """Adds an operator, who comes in by the link that was shown to whoever proposed it."""
    role = role_named(proposal.details.get("role", ""))
    new = new_operator(clock, proposal.details.get("name", ""), role, id_=proposal.subject)
    await operators.add(connection, new)
    await _begin_anew(connection, clock, new.id, _code_of(proposal))


async def enrol_proposed(connection: AsyncConnection, clock: Clock, proposal: Proposal) -> None:
    """Ends an operator's passkeys and sessions; the link that was shown to whoever proposed it registers a new one."""
    found = await named(connection, proposal.subject)
    await _begin_anew(connection, clock, found.id, _code_of(proposal))


def _code_of(proposal: Proposal) -> bytes:
    digest = bytes.fromhex(proposal.details.get(CODE_DIGEST, ""))
    if len(digest) != hashlib.sha256().digest_size:
        raise ConflictError("This proposal brings no link. Refuse it, and propose it again.")
    return digest


async def _begin_anew(connection: AsyncConnection, clock: Clock, id_: str, digest: bytes) -> None:
    found = await named(connection, id_)
    await passkeys.remove_all(connection, found.id)
    await sessions.end_all(connection, found.id)
    await passkeys.add_link(connection, digest, found.id, expires_at=clock.now() + LINK_LASTS)
