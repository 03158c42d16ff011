"""Keys of fingerprints that come from the environment: nothing of them is in the data folder or in a log."""

from __future__ import annotations

import base64
import secrets
from pathlib import Path

import httpx2
import pytest

from support.commands import run_command
from support.ledger import states_of
from support.servers import ClearinghouseServer
from support.submissions import make
from support.waiting import eventually
from takeback.clearinghouse.keys import KEYS_OF_FINGERPRINTS

NAME = "TAKEBACK_FINGERPRINT_KEYS"


def test_a_server_seals_under_keys_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [base64.b64encode(secrets.token_bytes(32)).decode() for _ in range(2)]
    both = f"1 {keys[0]} 2 {keys[1]}"
    monkeypatch.setenv(NAME, both)
    server = ClearinghouseServer(tmp_path, publish_interval_s=0.1)
    said: list[str] = []

    def takeback(*words: str, named: str = both) -> int:
        done = run_command(*words, "--settings", str(server.settings), env={NAME: named})
        said.append(done.output)
        return done.exit_code

    server.start()
    try:
        sent = make(1)
        assert httpx2.post(f"{server.url}/v1/submissions", json=sent.body).status_code == 201
        eventually(lambda: states_of(server, sent) == {"listed"})
        assert takeback("db", "check") == 0
        assert takeback("db", "rekey") != 0
        assert "Add a version there" in said[-1], "the file is not what seals here"
        assert takeback("db", "check", named=f"1 {keys[0]}") != 0
        assert "Version 2 of the fingerprint keys is missing" in said[-1]
        assert takeback("db", "check", named=f"2 {keys[1][:-8]}") != 0
        assert "fingerprint_keys does not hold keys" in said[-1]
    finally:
        server.stop()
    assert not (server.data / KEYS_OF_FINGERPRINTS).exists(), "no key of the file was made"
    told = [server.log_text().encode(), *(text.encode() for text in said)]
    kept = [file.read_bytes() for file in server.data.rglob("*") if file.is_file()]
    for key in keys:
        for form in (key.encode(), base64.b64decode(key), base64.b64decode(key).hex().encode()):
            assert not any(form in one for one in told + kept)
