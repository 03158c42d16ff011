"""Nonces in a file: each once, for as long as its signature is fresh, whichever process asks."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from takeback.clock import ManualClock
from takeback.errors import NotAuthorisedError, UnavailableError
from takeback.storage.nonces import SpentNonces
from takeback.wire.request_signature import MAX_SKEW


def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 24, 12, tzinfo=UTC))


def test_a_nonce_is_taken_once_by_all_who_share_the_file(tmp_path: Path) -> None:
    at, file = clock(), tmp_path / "nonces.db"
    here, beside = SpentNonces(file, 100), SpentNonces(file, 100)
    here.spend("p-1", "a", at.now())
    beside.spend("p-1", "b", at.now())
    for one, nonce in ((here, "a"), (beside, "a"), (here, "b"), (beside, "b")):
        with pytest.raises(NotAuthorisedError, match="came before"):
            one.spend("p-1", nonce, at.now())
    here.spend("p-2", "a", at.now())
    here.close()
    with pytest.raises(NotAuthorisedError):
        SpentNonces(file, 100).spend("p-2", "a", at.now())
    beside.close()


def test_it_is_kept_while_its_signature_may_be_fresh_and_then_forgotten(tmp_path: Path) -> None:
    at, nonces = clock(), SpentNonces(tmp_path / "nonces.db", 3)
    for nonce in "abc":
        nonces.spend("p-1", nonce, at.now())
    with pytest.raises(UnavailableError, match="Too many requests"):
        nonces.spend("p-1", "d", at.now())
    at.advance(2 * MAX_SKEW - timedelta(seconds=1))  # one that was made ahead of our clock is fresh for so long
    with pytest.raises(NotAuthorisedError):
        nonces.spend("p-1", "a", at.now())
    at.advance(timedelta(seconds=1))
    for nonce in "abc":
        nonces.spend("p-1", nonce, at.now())
    nonces.close()
    with sqlite3.connect(tmp_path / "nonces.db") as file:
        assert file.execute("SELECT count(*) FROM spent").fetchone() == (3,)
    file.close()


def test_what_cannot_be_remembered_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "nonces.db").write_text("something else, and long enough to be looked at\n" * 100)
    nonces = SpentNonces(tmp_path / "nonces.db", 100)
    for _ in range(2):
        with pytest.raises(UnavailableError, match="at the moment"):
            nonces.spend("p-1", "a", clock().now())
