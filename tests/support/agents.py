"""A platform's agent in a process of its own, and what asks it."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import TypeVar

import httpx2

from support import loops
from support.servers import TAKEBACK, Server, free_port
from takeback.clock import SystemClock
from takeback.model.agent_key import KeyRole
from takeback.participant.agent.keys import add_key, key_of_keys, revoke_key
from takeback.participant.installation import open_database
from takeback.platform_settings import PlatformSettings
from takeback.settings import load_as
from takeback.storage.database import Database

T = TypeVar("T")


class AgentServer(Server):
    """`takeback serve agent` with data of its own. `rest` is what stands in its settings beside the address."""

    def __init__(self, folder: Path, rest: str = "", *, database_url: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.port, self.file = free_port(), folder / "agent.toml"
        self.file.write_text(
            f'data_dir = "{folder / "data"}"\ndatabase_url = "{database_url}"\nport = {self.port}\n'
            f"decoders = 1\nkey_memory_s = 0.1\nsync_retry_s = 0.2\n{rest}",
            encoding="utf-8",
        )
        self.settings = load_as(PlatformSettings, self.file, {})
        command = [TAKEBACK, "serve", "agent", "--settings", self.file]
        super().__init__(command, f"http://127.0.0.1:{self.port}", folder / "agent.log")

    def key(self, name: str, role: KeyRole = KeyRole.SCREEN) -> str:
        """Makes a key, as `takeback agent key add` does."""

        digest_key = key_of_keys(self.settings.data_path)
        return self.on_database(lambda database: add_key(database, SystemClock(), name, role, digest_key))

    def revoke(self, name: str) -> None:
        """Ends a key, as `takeback agent key revoke` does."""
        self.on_database(lambda database: revoke_key(database, SystemClock(), name))

    def on_database(self, work: Callable[[Database], Awaitable[T]]) -> T:
        """Runs something on its database, beside it."""

        async def run() -> T:
            database = await open_database(self.settings)
            try:
                return await work(database)
            finally:
                await database.close()

        return loops.run(run())

    def client(self, key: str | None) -> httpx2.Client:
        """Gives a client that sends this key, or none."""
        headers = {} if key is None else {"authorization": f"Bearer {key}"}
        return httpx2.Client(base_url=self.url, headers=headers, timeout=30)


def file_list(path: Path, lines: Iterable[str], *, name: str = "file", **settings: object) -> str:
    """Writes a list's file, and gives its table for the settings. It is read four times a second."""
    path.write_text("# values for tests\n" + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    rows = {"name": name, "kind": "file", "path": str(path), "every_s": 0.25, **settings}
    return "[[lists]]\n" + "".join(f"{key} = {_toml(value)}\n" for key, value in rows.items())


def _toml(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def some_pdq(seed: int) -> bytes:
    """A value as PDQ has them: half of its bits are ones."""
    drawn = random.Random(seed)
    bits = [1] * 128 + [0] * 128
    drawn.shuffle(bits)
    return int("".join(map(str, bits)), 2).to_bytes(32, "big")


def turned(value: bytes, bits: int) -> bytes:
    """The same value, so many bits away: as many ones become zeros as the other way round, or one more."""
    number, ones, zeros = int.from_bytes(value, "big"), (bits + 1) // 2, bits // 2
    for at in range(256):
        is_one = bool(number >> at & 1)
        if is_one and ones:
            number, ones = number ^ (1 << at), ones - 1
        elif not is_one and zeros:
            number, zeros = number ^ (1 << at), zeros - 1
    return number.to_bytes(32, "big")
