"""What every test may ask for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


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
