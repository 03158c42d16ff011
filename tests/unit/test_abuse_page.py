"""docs/abuse.md has a row for each case, and every test that it names is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CASES = 27


def rows() -> list[list[str]]:
    page = (ROOT / "docs" / "abuse.md").read_text(encoding="utf-8")
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("| T")
    ]


def test_every_case_has_one_row_with_an_answer_and_what_is_missing() -> None:
    assert sorted(row[0] for row in rows()) == sorted(f"T{number}" for number in range(1, CASES + 1))
    for row in rows():
        number, misuse, does, shown, missing = row
        assert misuse, number
        assert does, number
        assert missing, number
        assert shown, number


def test_every_test_that_is_named_is_there() -> None:
    named = [name for row in rows() for name in re.findall(r"`(tests/[^`]+)`", row[3])]
    assert len(named) > 2 * CASES
    assert [name for name in named if not is_there(*name.split("::"))] == []


def is_there(file: str, test: str) -> bool:
    path = ROOT / file
    return path.is_file() and f"\ndef {test}(" in path.read_text(encoding="utf-8")
