"""Every command that a runbook names exists, and so does every file that a deployment names."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from takeback import metrics
from takeback.clearinghouse.keys import KEYS
from takeback.cli.main import cli
from takeback.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
RUNBOOKS = sorted((ROOT / "docs" / "runbooks").glob("*.md"))
COMMANDS = sorted(
    {command for page in RUNBOOKS for command in re.findall(r"`takeback ([^`]+)`", page.read_text("utf-8"))}
)
#: As Prometheus sees them.
METRICS = {"takeback_waiting_entries", "takeback_proofs_total", "takeback_refused_requests_total"}


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


def test_the_runbook_of_a_poisoned_list_has_every_brake() -> None:
    text = (ROOT / "docs" / "runbooks" / "poisoning.md").read_text("utf-8")
    for command in (
        *("entry list", "entry show", "entry suspend", "entry release", "entry release-held"),
        *("negative add", "negative list", "negative remove", "proposal carry-out", "participant suspend"),
    ):
        assert re.search(rf"`takeback {command}\b", text), command
    assert re.search(r"`takeback negative add [^`]*--dry-run`", text)
    brakes = (
        *("burst_entries", "burst_hold_days", "brake_hits_a_day", "network_submissions", "proxy_address_header"),
        *("proof_from_a_minute", "proof_most_rounds", "publish_interval_s", "intake_concurrency"),
    )
    assert set(re.findall(r"`([a-z]+(?:_[a-z]+)+)`", text)) - METRICS == set(brakes)
    assert set(brakes) <= set(Settings.__struct_fields__)
    assert {name for name in METRICS if name in text} == METRICS
    assert {name.removesuffix("_total") for name in METRICS} <= {one.name for one in metrics.REGISTRY.collect()}
