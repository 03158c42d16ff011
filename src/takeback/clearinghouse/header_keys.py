"""The two header keys of clients that can send nothing else (spec/stopncii.md). Both are shown once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clearinghouse.credentials import digest_of, must_be_in, named
from takeback.clock import Clock
from takeback.errors import NotAuthorisedError
from takeback.model.participant import Participant, ParticipantState
from takeback.staff.operators import AT_THE_MACHINE
from takeback.storage import audit, header_keys, participants
from takeback.storage.database import Database

_SEPARATOR = "."


@dataclass(frozen=True, slots=True)
class HeaderKeys:
    """Both keys. The subscription key begins with the participant's id, so that it can be found by it."""

    fetch: str = field(repr=False)
    subscription: str = field(repr=False)

    @property
    def participant(self) -> str:
        """Whose they say they are."""
        return self.subscription.partition(_SEPARATOR)[0]


async def give_header_keys(database: Database, clock: Clock, id_: str, key: bytes) -> HeaderKeys:
    """Makes new keys; those before end with them. `key` is this installation's (`keys.password_key`)."""
    made = HeaderKeys(secrets.token_urlsafe(32), f"{id_}{_SEPARATOR}{secrets.token_urlsafe(32)}")

    async def work(connection: AsyncConnection) -> None:
        in_sandbox = (await named(connection, id_)).state is ParticipantState.SANDBOX
        fetch, subscription = digest_of(made.fetch, key), digest_of(made.subscription, key)
        await header_keys.set_digests(connection, id_, fetch=fetch, subscription=subscription, owed=not in_sandbox)
        await audit.record(connection, f"{AT_THE_MACHINE}:{id_}:give-header-keys", clock.now())

    await database.run("give-header-keys", work)
    return made


async def with_header_keys(database: Database, given: HeaderKeys, key: bytes) -> Participant:
    """Gives the participant whose keys these are; raises NotAuthorisedError or SuspendedError."""
    id_ = given.participant

    async def work(connection: AsyncConnection) -> tuple[Participant | None, tuple[bytes, bytes] | None]:
        return await participants.find(connection, id_), await header_keys.digests(connection, id_)

    found, kept = await database.run("find-participant", work)
    fetch, subscription = kept or (bytes(32), bytes(32))
    right = secrets.compare_digest(fetch, digest_of(given.fetch, key))
    right &= secrets.compare_digest(subscription, digest_of(given.subscription, key))
    if found is None or kept is None or not right:
        raise NotAuthorisedError("A key is not right. Ask the clearinghouse for new ones.")
    must_be_in(found)
    return found
