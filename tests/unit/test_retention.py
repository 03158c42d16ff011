"""What is kept, and how long: docs/retention.md says what the code does."""

from __future__ import annotations

from support.servers import ROOT
from takeback.clearinghouse.retention import RETENTION
from takeback.settings import Settings


def test_the_page_has_every_row_of_the_table() -> None:
    page = (ROOT / "docs" / "retention.md").read_text(encoding="utf-8")
    for kept in RETENTION:
        setting = f" `{kept.setting}` " if kept.setting else " "
        assert f"| {kept.what} | {kept.until} |{setting}|" in page


def test_every_setting_is_one() -> None:
    assert {kept.setting for kept in RETENTION if kept.setting} <= set(Settings.__struct_fields__)
