"""Keys of the platform's own services: given once, checked at every request, ended."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import OrderedDict
from functools import partial
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clock import Clock, today
from takeback.errors import ConflictError, InvalidInputError, NotAuthorisedError, NotFoundError
from takeback.model.agent_key import AgentKey, KeyRole
from takeback.staff.operators import AT_THE_MACHINE
from takeback.storage import audit
from takeback.storage.database import Database
from takeback.storage.key_files import kept_key
from takeback.storage.platform import agent_keys
from takeback.storage.sealing import KEY_BYTES

#: Under this key the digests of secrets are kept: the database alone does not tell them.
KEY_OF_KEYS = "agent-key-key"
MAX_NAME_CHARACTERS = 120
#: What a key begins with, so that a scanner of leaked secrets knows it.
PREFIX = "tbk"
_SEPARATOR = "."
#: Keys that are believed without asking the database, at most.
_MOST_KNOWN = 1_000


def key_of_keys(data_dir: Path) -> bytes:
    """Gives the key under which digests are kept."""
    remedy = "Restore it from the backup, or give every service a new key."
    return kept_key(data_dir / KEY_OF_KEYS, partial(secrets.token_bytes, KEY_BYTES), f"is not a key. {remedy}")


async def add_key(database: Database, clock: Clock, name: str, role: KeyRole, key: bytes) -> str:
    """Makes a key, which is shown once: 256 random bits need no slow hash. Raises ConflictError for a name in use."""
    name = name.strip()
    if not 0 < len(name) <= MAX_NAME_CHARACTERS or not name.isprintable():
        raise InvalidInputError(
            field="name", problem="is not a name.", remedy=f"Give 1 to {MAX_NAME_CHARACTERS} printable characters."
        )
    new, secret = AgentKey(secrets.token_hex(8), name, role, today(clock)), secrets.token_urlsafe(32)

    async def work(connection: AsyncConnection) -> None:
        if await agent_keys.named(connection, name):
            raise ConflictError("There is a key of that name. Choose another, or revoke it and choose another.")
        await agent_keys.add(connection, new, _digest(secret, key))
        await audit.record(connection, f"{AT_THE_MACHINE}:{new.id}:add-key-{role.value}", clock.now())

    await database.run("add-key", work)
    return _SEPARATOR.join((PREFIX, new.id, secret))


async def revoke_key(database: Database, clock: Clock, name: str) -> None:
    """Ends a key: a running agent refuses it within seconds (`key_memory_s`)."""

    async def work(connection: AsyncConnection) -> None:
        found = await agent_keys.named(connection, name)
        if found is None:
            raise NotFoundError("There is no key of that name. See `takeback agent key list`.")
        await agent_keys.revoke(connection, found.id, today(clock))
        await audit.record(connection, f"{AT_THE_MACHINE}:{found.id}:revoke-key", clock.now())

    await database.run("revoke-key", work)


async def every_key(database: Database) -> list[AgentKey]:
    """Gives all keys, without secrets."""
    return await database.read("keys", agent_keys.everything)


class Keys:
    """Finds out whose key was sent, and asks the database for each no more than every few seconds."""

    def __init__(self, database: Database, key: bytes, memory_s: float) -> None:
        self._database, self._key, self._memory_s = database, key, memory_s
        self._known: OrderedDict[str, tuple[AgentKey, bytes, float]] = OrderedDict()

    async def whose(self, sent: str) -> AgentKey:
        """Gives the key that was sent; raises NotAuthorisedError for anything else."""
        prefix, _, rest = sent.partition(_SEPARATOR)
        id_, _, secret = rest.partition(_SEPARATOR)
        found = await self._find(id_) if prefix == PREFIX and secret else None
        kept = bytes(32) if found is None else found[1]
        right = secrets.compare_digest(kept, _digest(secret, self._key))
        if found is None or not right or found[0].revoked_on is not None:
            raise NotAuthorisedError("No valid key. Send one of `takeback agent key add` as `Authorization: Bearer …`.")
        return found[0]

    async def _find(self, id_: str) -> tuple[AgentKey, bytes] | None:
        now = time.monotonic()
        known = self._known.get(id_)
        if known is not None and now - known[2] < self._memory_s:
            return known[0], known[1]
        self._known.pop(id_, None)
        found = await self._database.read("key", lambda connection: agent_keys.with_digest(connection, id_))
        if found is not None:
            self._known[id_] = (*found, now)
            if len(self._known) > _MOST_KNOWN:
                self._known.popitem(last=False)
        return found


def _digest(secret: str, key: bytes) -> bytes:
    return hashlib.blake2b(secret.encode(), key=key, digest_size=32).digest()
