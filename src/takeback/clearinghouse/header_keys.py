"""The two header keys of clients that can send nothing else (spec/stopncii.md). Both are shown once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clearinghouse.credentials import AT_ONCE, digest_of, is_one_of, must_be_in, named
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


async def give_header_keys(
    database: Database, clock: Clock, id_: str, key: bytes, *, overlap: timedelta = AT_ONCE
) -> HeaderKeys:
    """Makes new keys; those before are valid for `overlap` longer. `key` is this installation's (`password_key`)."""
    made = HeaderKeys(secrets.token_urlsafe(32), f"{id_}{_SEPARATOR}{secrets.token_urlsafe(32)}")

    async def work(connection: AsyncConnection) -> None:
        in_sandbox = (await named(connection, id_)).state is ParticipantState.SANDBOX
        before = await header_keys.digests(connection, id_)
        ends = clock.now() + overlap if overlap else None
        kept = before.followed_by(_digests_of(made, key), ends)
        await header_keys.set_digests(connection, id_, kept, owed=not in_sandbox)
        await audit.record(connection, f"{AT_THE_MACHINE}:{id_}:give-header-keys", clock.now())

    await database.run("give-header-keys", work)
    return made


async def end_header_keys(database: Database, clock: Clock, id_: str) -> None:
    """Ends a participant's header keys: its software asks in another dialect now, or not at all."""

    async def work(connection: AsyncConnection) -> None:
        await named(connection, id_)
        await header_keys.end(connection, id_)
        await audit.record(connection, f"{AT_THE_MACHINE}:{id_}:end-header-keys", clock.now())

    await database.run("end-header-keys", work)


async def with_header_keys(database: Database, clock: Clock, given: HeaderKeys, key: bytes) -> Participant:
    """Gives the participant whose keys these are; raises NotAuthorisedError or SuspendedError."""
    id_, now = given.participant, clock.now()

    async def work(connection: AsyncConnection) -> tuple[Participant | None, tuple[bytes, ...]]:
        found = await participants.find(connection, id_)
        return found, (await header_keys.digests(connection, id_)).valid(now)

    found, digests = await database.run("find-participant", work)
    if not is_one_of(_digests_of(given, key), digests) or found is None:
        raise NotAuthorisedError("A key is not right. Ask the clearinghouse for new ones.")
    must_be_in(found)
    return found


def _digests_of(keys: HeaderKeys, key: bytes) -> bytes:
    """Gives both digests, one behind the other: a pair is right together, or not at all."""
    return digest_of(keys.fetch, key) + digest_of(keys.subscription, key)
