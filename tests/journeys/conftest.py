"""A clearinghouse and a platform, real and running, for every journey."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.servers import ClearinghouseServer, PhotoshareServer


@pytest.fixture
def clearinghouse(tmp_path: Path) -> Iterator[ClearinghouseServer]:
    server = ClearinghouseServer(tmp_path / "clearinghouse")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def photoshare(clearinghouse: ClearinghouseServer, tmp_path: Path) -> Iterator[PhotoshareServer]:
    server = PhotoshareServer(tmp_path / "photoshare", clearinghouse.invite("Photoshare"))
    server.start()
    yield server
    server.stop()
