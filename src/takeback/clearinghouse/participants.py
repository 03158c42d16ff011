"""Who takes part: inviting, finding, suspending, letting back in, leaving. Every act leaves an audit event."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clearinghouse.agreement import agreement_text
from takeback.clearinghouse.credentials import give_password, named, with_password
from takeback.clearinghouse.trust import recount, recount_votes_of
from takeback.clock import Clock, today
from takeback.errors import ConflictError, InvalidInputError
from takeback.model.application import Agreement
from takeback.model.change import START
from takeback.model.operator import AUTHORITY_ROLES, Role
from takeback.model.participant import Participant, ParticipantState
from takeback.model.proposal import Proposal
from takeback.model.view import VIEW_KEY_BYTES
from takeback.settings import Settings
from takeback.staff.operators import AT_THE_MACHINE
from takeback.storage import applications, audit, feedback, operators, participants
from takeback.storage.database import Database

__all__ = ["give_password", "with_password"]  # where others look for them

MAX_NAME_CHARACTERS = 120


@dataclass(frozen=True, slots=True)
class Invited:
    """A new participant, and its private key where we made it; it is shown once and not kept."""

    participant: Participant
    private_key: Ed25519PrivateKey | None


async def invite(
    database: Database,
    clock: Clock,
    name: str,
    *,
    public_key: Ed25519PublicKey | None = None,
    alone: bool = True,
) -> Invited:
    """Adds an active participant at the machine, with its own public key or a pair made here.

    Where two operators could admit it, one person may not do it alone, unless `alone` says so (`invite_alone`).
    """
    name = name.strip()
    if not 0 < len(name) <= MAX_NAME_CHARACTERS or not name.isprintable():
        raise InvalidInputError(
            field="name", problem="is not a name.", remedy=f"Give 1 to {MAX_NAME_CHARACTERS} printable characters."
        )
    private_key = None if public_key else Ed25519PrivateKey.generate()
    key = public_key or (private_key or Ed25519PrivateKey.generate()).public_key()
    new = made(name, clock, ParticipantState.ACTIVE, key.public_bytes_raw())

    async def work(connection: AsyncConnection) -> None:
        if not alone and await _two_can_decide(connection):
            raise ConflictError(
                "Two operators let participants in here: see `takeback participant admit`. "
                "For a trial, set `invite_alone`."
            )
        await participants.add(connection, new)
        await audit.record(connection, f"{AT_THE_MACHINE}:{new.id}:invite", clock.now())

    await database.run("invite-participant", work)
    return Invited(new, private_key)


def made(name: str, clock: Clock, state: ParticipantState, public_key: bytes = b"") -> Participant:
    """Gives a new participant with an id and a view of its own."""
    return Participant(
        id=f"p-{secrets.token_hex(12)}",
        name=name,
        state=state,
        public_key=public_key,
        view_key=secrets.token_bytes(VIEW_KEY_BYTES),
        invited_on=today(clock),
        acknowledged=START,
        last_sync_at=None,
        live_on=today(clock) if state is ParticipantState.ACTIVE else None,
    )


async def suspend(database: Database, clock: Clock, id_: str, *, by: str = AT_THE_MACHINE) -> Participant:
    """Suspends a participant from its next request on. One person may do it, at once."""

    async def work(connection: AsyncConnection) -> Participant:
        found = await named(connection, id_)
        await participants.set_state(connection, id_, ParticipantState.SUSPENDED)
        await audit.record(connection, f"{by}:{id_}:suspend", clock.now())
        return found

    suspended = await database.run("suspend-participant", work)
    await recount_votes_of(database, clock, id_)
    return suspended


async def leave(database: Database, clock: Clock, id_: str, *, by: str = AT_THE_MACHINE) -> Participant:
    """Ends a participant for ever, from its next request on.

    Its credentials, its view key, its marks and its application are erased. Its name, its agreement and its verdicts
    stay: the audit needs them. What it judged is counted again without it, as for everybody who is not active.
    """

    async def work(connection: AsyncConnection) -> Participant:
        found = await named(connection, id_)
        await participants.erase(connection, id_)
        await applications.erase_of(connection, id_)
        await audit.record(connection, f"{by}:{id_}:leave", clock.now())
        return found

    left = await database.run("leave", work)
    await recount_votes_of(database, clock, id_)
    return left


async def agreed_to(
    database: Database, clock: Clock, settings: Settings, id_: str, version: str, *, by: str = AT_THE_MACHINE
) -> Agreement:
    """Keeps that a participant has agreed to the agreement's version of now, and gives what is kept.

    `by` is the participant itself, or an operator whom it told. Purpose, types and regions stay. Whoever agrees names
    the version that they were shown, so that none is agreed to which nobody has read. The first day of a version stays.
    """
    current = agreement_text(settings).version
    if version != current:
        raise ConflictError(f"The agreement's version is {current} now. That one has to be read first.")

    async def work(connection: AsyncConnection) -> Agreement:
        await named(connection, id_)
        before = (await participants.agreements(connection)).get(id_)
        if before is None:
            raise ConflictError("There is no agreement with this participant. One is made by applying at /join.")
        if before.version == version:
            return before
        now = replace(before, version=version, agreed_on=today(clock))
        await participants.agree(connection, id_, now)
        await audit.record(connection, f"{by}:{id_}:agreed-anew", clock.now())
        return now

    return await database.run("agree-anew", work)


async def make_live(connection: AsyncConnection, clock: Clock, proposal: Proposal) -> None:
    """Lets a participant out of the sandbox and at the list, which it begins at 0."""
    found = await named(connection, proposal.subject)
    if found.state is not ParticipantState.SANDBOX:
        raise ConflictError(f"This participant is {found.state.value}, not in the sandbox.")
    await participants.begin_live(connection, found.id, today(clock))


async def resume(connection: AsyncConnection, clock: Clock, proposal: Proposal) -> None:
    """Lets a suspended participant back in where it was: at the list, or in the sandbox. Its verdicts count again."""
    found = await named(connection, proposal.subject)
    if found.state is not ParticipantState.SUSPENDED:
        raise ConflictError(f"This participant is {found.state.value}, not suspended.")
    state = ParticipantState.SANDBOX if found.live_on is None else ParticipantState.ACTIVE
    await participants.set_state(connection, found.id, state)
    await recount(connection, clock, await feedback.judged_by(connection, found.id))


async def all_participants(database: Database) -> list[Participant]:
    """Gives every participant, by name."""
    return await database.read("list-participants", participants.all_)


async def find(database: Database, id_: str) -> Participant | None:
    """Gives one participant, or None."""
    return await database.read("find-participant", lambda connection: participants.find(connection, id_))


async def _two_can_decide(connection: AsyncConnection) -> bool:
    counts = [
        await operators.count_active(connection, role) for role in AUTHORITY_ROLES if role.includes(Role.OPERATOR)
    ]
    return sum(counts) > 1
