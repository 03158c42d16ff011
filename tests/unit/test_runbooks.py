"""Every command that a runbook names exists, and so does every file that a deployment names."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from takeback.clearinghouse.keys import KEYS
from takeback.cli.main import cli
from takeback.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
RUNBOOKS = sorted((ROOT / "docs" / "runbooks").glob("*.md"))
COMMANDS = sorted(
    {command for page in RUNBOOKS for command in re.findall(r"`takeback ([^`]+)`", page.read_text("utf-8"))}
)


def test_there_is_a_runbook_for_each_bad_day() -> None:
    assert {page.stem for page in RUNBOOKS} >= {"leak", "poisoning", "key-loss", "restore"}
    assert len(COMMANDS) >= 8


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_a_runbook_parses(command: str) -> None:
    """With its own options, and --help behind them."""
    words = shlex.split(command)
    done = CliRunner().invoke(cli, [*words, "--help"])
    assert done.exit_code == 0, done.output
    assert "Usage:" in done.output
    options = [word for word in words if word.startswith("--")]
    assert all(option.split("=")[0] in re.sub(r"\s", "", done.output) for option in options), done.output


def test_settings_and_keys_that_a_runbook_names_exist() -> None:
    text = "\n".join(page.read_text("utf-8") for page in RUNBOOKS)
    assert all(name in text for name in KEYS)
    for name in ("intake_concurrency", "publish_interval_s", "database_url", "list_id"):
        assert name in text
        assert name in Settings.__struct_fields__
