"""Keys and passwords of participants: given, changed with an overlap, checked. Secrets are shown once and not kept."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clock import Clock, SystemClock
from takeback.errors import ConflictError, NotAuthorisedError, NotFoundError, SuspendedError
from takeback.model.participant import Participant, ParticipantState
from takeback.staff.operators import AT_THE_MACHINE
from takeback.storage import audit, participants
from takeback.storage.database import Database

#: Errors of one participant are kept at most so often, so that a flood of them costs no writes.
ERROR_EVERY = timedelta(minutes=1)
AT_ONCE = timedelta(0)
_MACHINES = SystemClock()


@dataclass(frozen=True, slots=True)
class NewKey:
    """A participant's new key: the private half where it was made here, and until when the one before is valid."""

    private_key: Ed25519PrivateKey | None
    old_ends_at: datetime | None


async def give_key(
    database: Database,
    clock: Clock,
    id_: str,
    *,
    public_key: Ed25519PublicKey | None = None,
    overlap: timedelta = AT_ONCE,
    by: str = AT_THE_MACHINE,
) -> NewKey:
    """Gives a participant a new key, its own or a pair made here; the one before is valid for `overlap` longer."""
    private_key = None if public_key else Ed25519PrivateKey.generate()
    key = (public_key or (private_key or Ed25519PrivateKey.generate()).public_key()).public_bytes_raw()

    async def work(connection: AsyncConnection) -> NewKey:
        found = await named(connection, id_)
        if key in found.keys(clock.now()):
            raise ConflictError("This key is registered already. Make a new one.")
        ends = clock.now() + overlap if overlap and found.public_key else None
        await participants.set_key(connection, id_, key, old_key=found.public_key if ends else None, old_ends_at=ends)
        await audit.record(connection, f"{by}:{id_}:give-key", clock.now())
        return NewKey(private_key, ends)

    return await database.run("give-key", work)


async def give_password(
    database: Database,
    clock: Clock,
    id_: str,
    key: bytes,
    *,
    overlap: timedelta = AT_ONCE,
    by: str = AT_THE_MACHINE,
) -> str:
    """Makes a new password for clients that cannot sign, shown once; the one before is valid for `overlap` longer.

    256 random bits need no slow hash: only a digest under this installation's key is kept.
    """
    password = secrets.token_urlsafe(32)

    async def work(connection: AsyncConnection) -> None:
        await named(connection, id_)
        before = await participants.passwords(connection, id_)
        ends = clock.now() + overlap if overlap else None
        await participants.set_password(connection, id_, before.followed_by(digest_of(password, key), ends))
        await audit.record(connection, f"{by}:{id_}:give-password", clock.now())

    await database.run("give-password", work)
    return password


async def with_password(
    database: Database, id_: str, password: str, key: bytes, *, clock: Clock = _MACHINES
) -> Participant:
    """Gives the participant whose password this is; raises NotAuthorisedError or SuspendedError."""
    now = clock.now()

    async def work(connection: AsyncConnection) -> tuple[Participant | None, tuple[bytes, ...]]:
        found = await participants.find(connection, id_)
        return found, (await participants.passwords(connection, id_)).valid(now)

    found, digests = await database.run("find-participant", work)
    if not is_one_of(digest_of(password, key), digests) or found is None:
        raise NotAuthorisedError("The user or the password is not right. Ask the clearinghouse for a new password.")
    must_be_in(found)
    return found


def must_be_in(participant: Participant) -> None:
    """Raises SuspendedError for one that may not ask, or NotAuthorisedError for one that has left.

    One in the sandbox may: every dialect shows it test entries, and nothing of the list.
    """
    if participant.state is ParticipantState.LEFT:
        raise NotAuthorisedError("This participant has left.")
    if participant.state is ParticipantState.SUSPENDED:
        raise SuspendedError("The operator has suspended this participant. Ask the clearinghouse why.")


async def note_error(database: Database, clock: Clock, id_: str, code: str) -> None:
    """Keeps that a request in this participant's name ended in an error: its code and the time, nothing else."""
    now = clock.now()

    async def work(connection: AsyncConnection) -> None:
        found = await participants.find(connection, id_)
        if found is None or found.state is ParticipantState.LEFT:
            return
        if found.last_error == code and found.last_error_at and now < found.last_error_at + ERROR_EVERY:
            return
        await participants.note_error(connection, id_, code, now)

    await database.run("note-error", work)


def digest_of(secret: str, key: bytes) -> bytes:
    """Gives what is kept of a random secret: a digest under this installation's key."""
    return hashlib.blake2b(secret.encode(), key=key, digest_size=32).digest()


def is_one_of(given: bytes, digests: tuple[bytes, ...]) -> bool:
    """Says whether a digest is one of those that count, in a time that does not tell which, or that there is none."""
    right = [secrets.compare_digest(digest, given) for digest in digests or (bytes(len(given)),)]
    return any(right) and bool(digests)


async def named(connection: AsyncConnection, id_: str) -> Participant:
    """Gives a participant that has not left, or raises NotFoundError."""
    found = await participants.find(connection, id_)
    if found is None or found.state is ParticipantState.LEFT:
        raise NotFoundError("There is no participant of that id. See `takeback participant list`.")
    return found
