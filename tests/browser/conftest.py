"""A real Chromium, and a clearinghouse that serves the real page under its real headers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from support.browsers import chromium as running_chromium
from support.servers import ClearinghouseServer


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with running_chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClearinghouseServer]:
    server = ClearinghouseServer(Path(tmp_path_factory.mktemp("portal")))
    server.start()
    yield server
    server.stop()
