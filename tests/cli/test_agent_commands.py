"""`takeback agent` and `takeback screen`: keys, how lists stand, files looked up, and how each ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.agents import file_list
from support.commands import run_command
from support.pictures import half_size_jpeg, photograph
from takeback.fingerprints.types import FingerprintType
from takeback.media import Fingerprinted, Fingerprinter

PICTURE = photograph("coffee.png")


@pytest.fixture
def settings(tmp_path: Path) -> str:
    with Fingerprinter() as fingerprinter:
        made = fingerprinter.fingerprint(PICTURE)
    assert isinstance(made, Fingerprinted)
    value = next(one.hex for one in made.fingerprints if one.type is FingerprintType.PDQ)
    rows = file_list(tmp_path / "list.txt", [f"pdq {value}"], name="trial")
    (tmp_path / "agent.toml").write_text(f'data_dir = "{tmp_path / "data"}"\n{rows}')
    return str(tmp_path / "agent.toml")


def test_keys_are_shown_once(settings: str) -> None:
    made = run_command("agent", "key", "add", "uploads", "--settings", settings)
    assert (made.exit_code, made.stdout.startswith("tbk.")) == (0, True), made.output
    assert run_command("agent", "key", "add", "uploads", "--settings", settings).exit_code == 5
    assert run_command("agent", "key", "revoke", "uploads", "--settings", settings).exit_code == 0
    assert run_command("agent", "key", "revoke", "nobody", "--settings", settings).exit_code == 4
    (row,) = json.loads(run_command("agent", "key", "list", "--json", "--settings", settings).stdout)
    assert (row["name"], row["role"], row["revoked_on"] is None) == ("uploads", "screen", False)
    assert made.stdout.strip() not in run_command("agent", "key", "list", "--settings", settings).stdout
    secret = run_command("agent", "webhook-secret", "--settings", settings).stdout
    assert secret.startswith("whsec_")


def test_files_are_looked_up_once_a_list_is_synced(settings: str, tmp_path: Path) -> None:
    (tmp_path / "uploads").mkdir()
    (tmp_path / "uploads" / "copy.jpg").write_bytes(half_size_jpeg(PICTURE))
    (tmp_path / "other.jpg").write_bytes(photograph("rocket.jpg"))
    before = run_command("agent", "status", "--json", "--settings", settings)
    assert (before.exit_code, json.loads(before.stdout.splitlines()[0])["lists"][0]["fresh"]) == (8, False)
    assert run_command("screen", str(tmp_path / "other.jpg"), "--settings", settings).exit_code == 8
    synced = run_command("agent", "sync", "trial", "--json", "--settings", settings)
    assert json.loads(synced.stdout) == {"changes": 1, "entries": 1, "skipped": 0}
    assert run_command("agent", "sync", "another", "--settings", settings).exit_code == 4
    assert run_command("agent", "status", "--settings", settings).exit_code == 0
    found = run_command("screen", str(tmp_path / "uploads"), "--json", "--settings", settings)
    row = json.loads(found.stdout)
    assert (found.exit_code, row["do"], row["matches"][0]["list"]) == (10, "hold", "trial"), found.output
    assert "hold" not in row  # the command opens none
    none = run_command("screen", str(tmp_path / "other.jpg"), "--settings", settings)
    assert (none.exit_code, none.stdout.split()[0]) == (0, "allow")


def test_a_wrong_setting_is_named(settings: str) -> None:
    wrong = Path(settings).read_text().replace('"file"', '"folder"')
    Path(settings).write_text(wrong)
    done = run_command("agent", "status", "--settings", settings)
    assert (done.exit_code, "lists" in done.output) == (9, True)
