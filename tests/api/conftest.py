"""One clearinghouse for all tests of the HTTP surface, and a participant with its key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from support.members import Member
from support.servers import ClearinghouseServer
from support.signing import Signer


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClearinghouseServer]:
    running = ClearinghouseServer(Path(tmp_path_factory.mktemp("api")), publish_interval_s=0.1)
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def signer(server: ClearinghouseServer) -> Signer:
    return Signer.of(server.invite("Api tests"))


@pytest.fixture(scope="session")
def http(server: ClearinghouseServer) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=server.url, timeout=30) as client:
        yield client


@pytest.fixture(scope="session")
def member(server: ClearinghouseServer, tmp_path_factory: pytest.TempPathFactory) -> Member:
    """A participant that asks in the dialects of stock clients."""
    return Member(server, "Member", tmp_path_factory.mktemp("member"))
