"""A clearinghouse on either database, which can be killed with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.postgres import postgres_server
from support.servers import ClearinghouseServer


@dataclass
class Machine:
    """The server; what kills its database in the middle of everything, and starts it again; and a second, empty one."""

    server: ClearinghouseServer
    kill: Callable[[], None]
    another: Callable[[], str]


@pytest.fixture(params=["sqlite", "postgresql"])
def machine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Machine]:
    if request.param == "sqlite":
        yield Machine(ClearinghouseServer(tmp_path, publish_interval_s=0.05), lambda: None, lambda: "")
        return
    with postgres_server() as postgres:

        def kill() -> None:
            postgres.crash()
            postgres.start()

        address = postgres.address.format("postgres")
        server = ClearinghouseServer(tmp_path, publish_interval_s=0.05, database_url=address)
        yield Machine(server, kill, postgres.new_database)
