"""A clearinghouse that serves the real page under its real headers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.servers import ClearinghouseServer


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClearinghouseServer]:
    server = ClearinghouseServer(Path(tmp_path_factory.mktemp("portal")))
    server.start()
    yield server
    server.stop()
