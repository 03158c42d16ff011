"""Tiles, checkpoints and leaves: the vectors, and that nothing forged is believed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from takeback.clearinghouse.log_files import LogFiles, LogIdentity
from takeback.errors import InvalidInputError, UntrustedListError
from takeback.fingerprints.types import Fingerprint
from takeback.model.entry import Age, Kind
from takeback.model.list_digest import ListDigest
from takeback.model.merkle import leaf_hash, over
from takeback.model.public_log import content_hash, gone_leaf, listed_leaf, opening, state_hash
from takeback.model.receipt import receipt_digest
from takeback.wire import checkpoint as note
from takeback.wire.checkpoint import Checkpoint
from takeback.wire.log_leaves import DayBody, StatesBody, leaf_of
from takeback.wire.tiles import bundle, check_growth, leaves_of, path, proven_leaves

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).resolve().parents[3] / "spec" / "vectors" / "log.json").read_text(encoding="utf-8")
)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
IDENTITY = LogIdentity("example.org/children", KEY)
SIZES = (3, 255, 256, 300, 65_836)


def leaf(number: int) -> bytes:
    return number.to_bytes(4, "big") * (1 + number % 3)


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> dict[int, tuple[LogFiles, Checkpoint]]:
    """The log at each size, in folders of their own: each is a beginning of the next."""
    made = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)  # no power is cut here
        for size in SIZES:
            files = LogFiles(tmp_path_factory.mktemp("log"), IDENTITY)
            for first in range(0, size, 8_192):
                files.add(first, [leaf(number) for number in range(first, min(first + 8_192, size))])
            made[size] = files, files.sign(size)
    return made


@pytest.mark.parametrize("case", VECTORS["paths"])
def test_paths(case: dict[str, Any]) -> None:
    assert path(0, case["index"], 256) == f"tile/0/{case['path']}"
    assert path(None, case["index"], 7) == f"tile/entries/{case['path']}.p/7"


def test_a_checkpoint_is_the_note_of_the_vectors() -> None:
    case = VECTORS["checkpoint"]
    stood = Checkpoint(case["size"], bytes.fromhex(case["root"]))
    assert note.sign(stood, IDENTITY.origin, KEY) == case["note"].encode()
    assert str(IDENTITY.verifier) == case["key"]
    assert note.verify(case["note"].encode(), note.log_key(case["key"])) == stood


def test_other_signatures_beside_are_passed_over() -> None:
    text, _, signed = VECTORS["checkpoint"]["note"].rpartition("\n\n")
    other = note.sign(Checkpoint(8, bytes(32)), "witness.example", KEY).decode().rpartition("\n\n")[2]
    both = f"{text}\n\n{other}{signed}".encode()
    assert note.verify(both, IDENTITY.verifier).size == 8
    with pytest.raises(UntrustedListError):
        note.verify(f"{text}\n\n{other}".encode(), IDENTITY.verifier)


@given(st.integers(0, len(VECTORS["checkpoint"]["note"].encode()) * 8 - 1))
def test_a_note_with_one_bit_changed_is_not_believed(bit: int) -> None:
    changed = bytearray(VECTORS["checkpoint"]["note"].encode())
    changed[bit // 8] ^= 1 << bit % 8
    with suppress(UntrustedListError):
        read = note.verify(bytes(changed), IDENTITY.verifier)
        assert read == note.verify(VECTORS["checkpoint"]["note"].encode(), IDENTITY.verifier)


@given(st.binary(max_size=200))
def test_no_bytes_are_anything_but_untrusted(data: bytes) -> None:
    with pytest.raises(UntrustedListError):
        note.verify(data, IDENTITY.verifier)
    with suppress(UntrustedListError):
        assert bundle(leaves_of(data)) == data
    assert leaf_of(data) is None or len(data) == 32


@given(st.text(max_size=80))
def test_no_text_is_a_key_but_a_key(text: str) -> None:
    with pytest.raises(InvalidInputError, match="takeback log key"):
        note.log_key(text)


@pytest.mark.parametrize("case", VECTORS["entries"])
def test_what_an_entry_is_in_the_log(case: dict[str, Any]) -> None:
    receipt, salt = receipt_digest(bytes.fromhex(case["secret"])), bytes.fromhex(case["salt"])
    prints = tuple(
        Fingerprint.parse(f["type"], f["value"], f.get("quality"), None, f.get("edit"), field="f")
        for f in case["fingerprints"]
    )
    assert receipt.hex() == case["receipt"]
    assert opening(receipt).hex() == case["opening"]
    content = content_hash(salt, Kind(case["kind"]), Age(case["age"]), prints)
    assert content.hex() == case["content"]
    assert listed_leaf(opening(receipt), content).hex() == case["listed"]
    assert gone_leaf(opening(receipt)).hex() == case["gone"]


def test_what_a_state_is_in_the_log() -> None:
    case = VECTORS["state"]
    digest = ListDigest(case["entries"], int(case["digest"], 16))
    made = state_hash(case["list"], case["head"], digest, bytes.fromhex(case["salt"]), case["place"])
    assert made.hex() == case["hash"]


def test_leaves_of_another_kind_are_passed_over() -> None:
    assert leaf_of(b'{"format":"takeback-log-day/2","day":1}') is None
    assert leaf_of(b'{"format":"takeback-log-states/1","states":["x"]}') is None
    assert isinstance(leaf_of(b'{"format":"takeback-log-states/1","states":[]}'), StatesBody)
    assert not isinstance(leaf_of(b'{"format":"takeback-log-day/1"}'), DayBody)


@pytest.mark.parametrize("size", SIZES)
def test_every_leaf_is_proven_from_the_files(size: int, logs: dict[int, tuple[LogFiles, Checkpoint]]) -> None:
    files, stood = logs[size]
    assert stood == Checkpoint(size, over([leaf_hash(leaf(number)) for number in range(size)]))
    start = max(0, size - 700)
    assert list(proven_leaves(files.fetch, stood, start)) == [(at, leaf(at)) for at in range(start, size)]


def test_each_log_goes_on_from_the_one_before(logs: dict[int, tuple[LogFiles, Checkpoint]]) -> None:
    files, last = logs[SIZES[-1]]
    for size in SIZES:
        check_growth(files.fetch, logs[size][1], last)
        with pytest.raises(UntrustedListError, match="does not go on"):
            check_growth(files.fetch, Checkpoint(size, bytes(32)), last)
    with pytest.raises(UntrustedListError, match="does not go on"):
        check_growth(logs[3][0].fetch, last, logs[3][1])


def _forged(files: LogFiles, name: str, bit: int) -> Iterator[None]:
    file = files._folder / name
    content = bytearray(file.read_bytes())
    content[bit // 8 % len(content)] ^= 1 << bit % 8
    kept = file.read_bytes()
    file.write_bytes(content)
    yield
    file.write_bytes(kept)


@given(st.sampled_from(["tile/entries/000", "tile/entries/001.p/44", "tile/0/000", "tile/0/001.p/44"]), st.integers(0))
def test_no_bit_of_a_file_can_be_another(logs: dict[int, tuple[LogFiles, Checkpoint]], name: str, bit: int) -> None:
    """Either a reader sees it, or what it reads is what was written."""
    files, stood = logs[300]
    for _ in _forged(files, name, bit):
        with suppress(UntrustedListError):
            assert list(proven_leaves(files.fetch, stood)) == [(at, leaf(at)) for at in range(300)]


def test_a_file_that_is_missing_is_said(logs: dict[int, tuple[LogFiles, Checkpoint]]) -> None:
    files, stood = logs[300]
    with pytest.raises(UntrustedListError, match="missing"):
        list(proven_leaves(lambda name: None if "entries" in name else files.fetch(name), stood))
    short = bundle([leaf(at) for at in range(255)])
    with pytest.raises(UntrustedListError):
        list(proven_leaves(lambda name: short if name == "tile/entries/000" else files.fetch(name), stood))
