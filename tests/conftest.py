"""What every test may ask for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import httpcore2
import hypothesis
import pytest
from PIL import Image
from playwright.sync_api import Browser

from support import memory, servers
from support.browsers import chromium as running_chromium
from support.loaded import Copy
from support.postgres import postgres as running_postgres


def pytest_configure() -> None:
    """Has `tmp_path` lie where no disk is waited for, with thousands of commits below it; and servers begin sooner."""
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory.place()))
    servers.begin = _begin
    too_slow = [hypothesis.HealthCheck.too_slow]  # speed is never measured in a test
    hypothesis.settings.register_profile("suite", deadline=None, suppress_health_check=too_slow)
    hypothesis.settings.load_profile("suite")


def _begin(command: list[str], log: Path, environment: dict[str, str]) -> servers.Process:
    """Starts a server: ours as a copy of a process that has loaded it."""
    ours = command[0] == str(servers.TAKEBACK)
    return Copy(command, log, environment) if ours else servers.started(command, log, environment)


@pytest.fixture(scope="session", autouse=True)
def _authorities_read_once() -> Iterator[None]:
    """Each client reads whom the machine trusts, which takes a twentieth of a second; hardly any here speaks TLS."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(httpcore2, "default_ssl_context", cache(httpcore2.default_ssl_context))
        yield


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder of development media that TAKEBACK_TEST_DATA names; the test is skipped, and says so, without it."""
    named = os.environ.get("TAKEBACK_TEST_DATA")
    if not named:
        pytest.skip("TAKEBACK_TEST_DATA names no folder of development media")
    folder = Path(named)
    if not (folder / "MANIFEST.tsv").is_file():
        pytest.fail(f"TAKEBACK_TEST_DATA is set, but there is no MANIFEST.tsv in {folder}")
    return folder


@pytest.fixture(autouse=True)
def pillow_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """The child that decodes sets a limit for its whole process; a test that runs its code here must not leave it."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", Image.MAX_IMAGE_PIXELS)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A real Chromium, one for all tests: Playwright runs once in a process."""
    with running_chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A running PostgreSQL server: an SQLAlchemy address with {} for the database's name."""
    with running_postgres() as address:
        yield address
