"""Files of the list: sealed, the same to the byte each time, and worth nothing where anything is off."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from takeback.errors import InvalidInputError, UntrustedListError
from takeback.wire import list_files
from takeback.wire.list_files import BETWEEN, Directory, ListFile

FILE = ListFile(4, 9, "/text", bytes([1] * 32), "/names", bytes([2] * 32))
CHANGES = ["takeback gone 1\n5", "takeback entry 1\n7\nimage"]
LIST = "example.org/list"


def content(list_id: str = LIST, after: int = 4, until: int = 9) -> bytes:
    return list_files.text_bytes(list_id, after, until, CHANGES, FILE.text_key)


def test_what_goes_in_comes_out_and_is_the_same_each_time() -> None:
    assert list_files.text(content(), LIST, FILE) == BETWEEN.join(CHANGES).encode()
    assert content() == content()
    joined = list_files.text_bytes(LIST, 4, 9, [BETWEEN.join(CHANGES)], FILE.text_key)
    assert list_files.text(joined, LIST, FILE) == BETWEEN.join(CHANGES).encode()
    names = bytes(range(32))
    assert list_files.names(list_files.names_bytes(names, FILE.names_key), FILE) == names


def test_without_changes_there_is_none() -> None:
    assert list_files.text(list_files.text_bytes(LIST, 4, 9, [], FILE.text_key), LIST, FILE) == b""
    assert list_files.names(list_files.names_bytes(b"", FILE.names_key), FILE) == b""


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        content()[:-1],
        content() + b"x",
        content(list_id="another.example/list"),
        content(after=3),
        content(until=10),
    ],
    ids=["nothing", "cut off", "more behind it", "another list", "an earlier beginning", "a later end"],
)
def test_another_file_is_refused(wrong: bytes) -> None:
    with pytest.raises(UntrustedListError):
        list_files.text(wrong, LIST, FILE)


def test_another_key_opens_nothing() -> None:
    with pytest.raises(UntrustedListError):
        list_files.text(content(), LIST, replace(FILE, text_key=bytes(32)))
    with pytest.raises(UntrustedListError):
        list_files.names(list_files.names_bytes(b"", FILE.names_key), replace(FILE, names_key=bytes(32)))


def test_a_directory_is_for_whoever_asked() -> None:
    asked, other = X25519PrivateKey.generate(), X25519PrivateKey.generate()
    directory = Directory(LIST, "p-1", datetime(2026, 11, 24, tzinfo=UTC), 9, (FILE,))
    body = list_files.directory_bytes(directory, asked.public_key())
    assert list_files.directory(body, asked) == directory
    assert b"text" not in body, "addresses are keys, too"
    wrong = [body[:-1], body.replace(b"p-1", b"p-2"), json.dumps({**json.loads(body), "sealed": "eA=="}).encode()]
    for broken, key in [(body, other), *((one, asked) for one in wrong)]:
        with pytest.raises(UntrustedListError):
            list_files.directory(broken, key)
    with pytest.raises(UntrustedListError, match="Update"):
        list_files.directory(body.replace(b"takeback-files/1", b"takeback-files/2"), asked)


@pytest.mark.parametrize("text", ["", "x", "00" * 31, "00" * 33])
def test_what_is_no_key_is_refused_with_its_field(text: str) -> None:
    with pytest.raises(InvalidInputError, match="key"):
        list_files.public_key(text, field="key")
