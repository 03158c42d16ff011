"""A clearinghouse on either database, whose power can be cut."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.postgres import postgres_server
from support.servers import ClearinghouseServer


@dataclass
class Machine:
    """The server, and what cuts the power of its database (and gives it back)."""

    server: ClearinghouseServer
    cut: Callable[[], None]


@pytest.fixture(params=["sqlite", "postgresql"])
def machine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Machine]:
    if request.param == "sqlite":
        yield Machine(ClearinghouseServer(tmp_path, publish_interval_s=0.05), lambda: None)
        return
    with postgres_server() as postgres:

        def cut() -> None:
            postgres.crash()
            postgres.start()

        address = postgres.address.format("postgres")
        yield Machine(ClearinghouseServer(tmp_path, publish_interval_s=0.05, database_url=address), cut)
