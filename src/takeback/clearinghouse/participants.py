"""Inviting, listing and suspending participants. Every act of an operator leaves an audit event."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clearinghouse.keys import keyed_digest
from takeback.clock import Clock, today
from takeback.errors import InvalidInputError, NotAuthorisedError, NotFoundError, SuspendedError
from takeback.model.change import START
from takeback.model.participant import Participant, ParticipantState
from takeback.model.view import VIEW_KEY_BYTES
from takeback.storage import audit, participants
from takeback.storage.database import Database

MAX_NAME_CHARACTERS = 120


@dataclass(frozen=True, slots=True)
class Invited:
    """A new participant, and its private key where we made it; it is shown once and not kept."""

    participant: Participant
    private_key: Ed25519PrivateKey | None


async def invite(database: Database, clock: Clock, name: str, *, public_key: Ed25519PublicKey | None = None) -> Invited:
    """Adds an active participant, with its own public key or a pair made here."""
    name = name.strip()
    if not 0 < len(name) <= MAX_NAME_CHARACTERS or not name.isprintable():
        raise InvalidInputError(
            field="name", problem="is not a name.", remedy=f"Give 1 to {MAX_NAME_CHARACTERS} printable characters."
        )
    private_key = None if public_key else Ed25519PrivateKey.generate()
    key = public_key or (private_key or Ed25519PrivateKey.generate()).public_key()
    new = Participant(
        id=f"p-{secrets.token_hex(12)}",
        name=name,
        state=ParticipantState.ACTIVE,
        public_key=key.public_bytes_raw(),
        view_key=secrets.token_bytes(VIEW_KEY_BYTES),
        invited_on=today(clock),
        acknowledged=START,
        last_sync_at=None,
    )

    async def work(connection: AsyncConnection) -> None:
        await participants.add(connection, new)
        await audit.record(connection, f"operator:{new.id}:invite", clock.now())

    await database.run("invite-participant", work)
    return Invited(new, private_key)


async def give_password(database: Database, clock: Clock, id_: str, key: bytes) -> str:
    """Makes a new password for clients that cannot sign, shown once; the one before ends with it.

    256 random bits need no slow hash: only a digest under this installation's key is kept.
    """
    password = secrets.token_urlsafe(32)

    async def work(connection: AsyncConnection) -> None:
        if await participants.find(connection, id_) is None:
            raise NotFoundError("There is no participant of that id. See `takeback participant list`.")
        await participants.set_password(connection, id_, keyed_digest(password, key))
        await audit.record(connection, f"operator:{id_}:give-password", clock.now())

    await database.run("give-password", work)
    return password


async def with_password(database: Database, id_: str, password: str, key: bytes) -> Participant:
    """Gives the active participant whose password this is; raises NotAuthorisedError or SuspendedError."""

    async def work(connection: AsyncConnection) -> tuple[Participant | None, bytes | None]:
        return await participants.find(connection, id_), await participants.password_digest(connection, id_)

    found, digest = await database.run("find-participant", work)
    right = secrets.compare_digest(digest or bytes(32), keyed_digest(password, key))
    if found is None or digest is None or not right:
        raise NotAuthorisedError("The user or the password is not right. Ask the clearinghouse for a new password.")
    if found.state is not ParticipantState.ACTIVE:
        raise SuspendedError("The operator has suspended this participant. Ask the clearinghouse why.")
    return found


async def suspend(database: Database, clock: Clock, id_: str, *, by: str = "operator") -> Participant:
    """Suspends a participant from its next request on."""

    async def work(connection: AsyncConnection) -> Participant:
        found = await participants.find(connection, id_)
        if found is None:
            raise NotFoundError("There is no participant of that id. See `takeback participant list`.")
        await participants.set_state(connection, id_, ParticipantState.SUSPENDED)
        await audit.record(connection, f"{by}:{id_}:suspend", clock.now())
        return found

    return await database.run("suspend-participant", work)


async def all_participants(database: Database) -> list[Participant]:
    """Gives every participant, by name."""
    return await database.read("list-participants", participants.all_)


async def active_names(database: Database) -> list[str]:
    """Gives the names of those that take part now."""
    return [one.name for one in await all_participants(database) if one.state is ParticipantState.ACTIVE]


async def find(database: Database, id_: str) -> Participant | None:
    """Gives one participant, or None."""
    return await database.read("find-participant", lambda connection: participants.find(connection, id_))
