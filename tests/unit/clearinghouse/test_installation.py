"""What the page of health says of the publisher and of the disk, well and unwell."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from takeback.clearinghouse.installation import disk, publisher


def test_a_publisher_that_is_late_is_unwell() -> None:
    assert (publisher(59, 60).well, publisher(61, 60).well) == (True, False)
    assert publisher(1_234, 60).said == "Its last round ended 1,234 seconds ago."


@pytest.mark.parametrize(("free", "well"), [(100, True), (99, False), (0, False)])
def test_a_disk_with_less_than_a_tenth_is_unwell(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free: int, well: bool
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(total=1_000 * 10**9, free=free * 10**9))
    found = disk(tmp_path)
    assert found.well is well
    assert f"({free:.1f} GB)" in found.said


def test_a_folder_that_is_gone_is_no_error(tmp_path: Path) -> None:
    assert disk(tmp_path / "gone").well is False
