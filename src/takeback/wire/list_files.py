"""Stretches of the feed as files that anything may keep and hand out (spec/list-format.md).

The text of a file is the same for every participant whose agreement allows the same types: the entries as the list's
digest hashes them, so that whoever proves the digest has proven the very bytes. A participant's names stand in a file
of its own. Both are sealed under keys that only the signed and sealed directory tells.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from takeback.errors import InvalidInputError, UntrustedListError
from takeback.model.entry import ENTRY_ID_BYTES
from takeback.wire.json import Answer, decode, encode
from takeback.wire.zstd import LEVEL, ZstdCompressor, ZstdDecompressor, ZstdError

FORMAT = "takeback-files/1"
#: Begins the text of a file.
FIRST_LINE = "takeback list file 1"
#: Stands for an entry that is off the list, before its sequence.
GONE = "takeback gone 1"
#: Between the texts of changes.
BETWEEN = "\n\n"
KEY_BYTES = 32
#: The most that a reader takes of one file, unpacked: two thousand films stay far below.
MAX_TEXT_BYTES = 512 * 1024 * 1024
#: RFC 9180: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
#: Each key seals one text. Were it ever written otherwise, this cipher would say no more than that the two differ.
_NONCE = bytes(12)


@dataclass(frozen=True, slots=True)
class ListFile:
    """The changes in (after, until]: where their text and the names in it lie, and the keys of both."""

    after: int
    until: int
    text: str
    text_key: bytes
    names: str
    names_key: bytes


@dataclass(frozen=True, slots=True)
class Directory:
    """The files behind a cursor, in order and without gaps; `end` is where the last of all ends, here or later."""

    list_id: str
    participant: str
    issued: datetime
    end: int
    files: tuple[ListFile, ...]


class _File(Answer, frozen=True):
    after: str
    until: str
    text: str
    text_key: str
    names: str
    names_key: str


class _Files(Answer, frozen=True):
    files: list[_File]


class DirectoryBody(Answer, frozen=True, kw_only=True):
    """The signed directory; `sealed` is base64 of its files, sealed to the key that was asked with."""

    format: str
    list_id: str = msgspec.field(name="list")
    participant: str
    issued: Annotated[datetime, msgspec.Meta(tz=True)]
    end: str
    sealed: str


def public_key(text: str, *, field: str) -> X25519PublicKey:
    """Gives the key that a directory is to be sealed to: 64 hexadecimal digits."""
    try:
        return X25519PublicKey.from_public_bytes(bytes.fromhex(text))
    except ValueError:
        raise InvalidInputError(
            field=field, problem="is not an X25519 key.", remedy="Send 64 hexadecimal digits, of a fresh key each time."
        ) from None


def directory_bytes(directory: Directory, key: X25519PublicKey) -> bytes:
    """Gives the body that is signed and sent."""
    files = _Files([_written(one) for one in directory.files])
    sealed = _SUITE.encrypt(encode(files), key, _info(directory.list_id, directory.participant))
    return encode(
        DirectoryBody(
            format=FORMAT,
            list_id=directory.list_id,
            participant=directory.participant,
            issued=directory.issued,
            end=str(directory.end),
            sealed=base64.b64encode(sealed).decode("ascii"),
        )
    )


def directory(body: bytes, key: X25519PrivateKey) -> Directory:
    """Gives the directory, or raises UntrustedListError. Verify the signature of the bytes first (`signed.py`)."""
    try:
        read = decode(body, DirectoryBody)
        if read.format != FORMAT:
            raise UntrustedListError(
                f"This says that it is {read.format}; this reader knows {FORMAT}. Update takeback."
            )
        opened = _SUITE.decrypt(base64.b64decode(read.sealed), key, _info(read.list_id, read.participant))
        files = tuple(_read(one) for one in decode(opened, _Files).files)
        return Directory(read.list_id, read.participant, read.issued.astimezone(UTC), int(read.end), files)
    except (InvalidInputError, InvalidTag, ValueError):
        raise _broken() from None


def text_bytes(list_id: str, after: int, until: int, changes: Iterable[str], key: bytes) -> bytes:
    """Gives the text of a file, packed and sealed: at any time the same bytes for the same changes.

    A part of `changes` may be several, with `BETWEEN` between them.
    """
    packer = ZstdCompressor(level=LEVEL)
    parts = [packer.compress("\n".join((FIRST_LINE, list_id, str(after), str(until))).encode())]
    parts += [packer.compress((BETWEEN + change).encode("ascii")) for change in changes]
    return AESGCMSIV(key).encrypt(_NONCE, b"".join(parts) + packer.flush(), None)


def text(content: bytes, list_id: str, file: ListFile) -> bytes:
    """Gives the texts of the changes, in order, with `BETWEEN` between them.

    Raises UntrustedListError unless the file is what the directory says.
    """
    try:
        packed = AESGCMSIV(file.text_key).decrypt(_NONCE, content, None)
        unpacker = ZstdDecompressor()
        whole = unpacker.decompress(packed, MAX_TEXT_BYTES)
    except (InvalidTag, ZstdError, ValueError):
        raise _broken() from None
    first, _, changes = whole.partition(BETWEEN.encode())
    if not unpacker.eof or first != "\n".join((FIRST_LINE, list_id, str(file.after), str(file.until))).encode():
        raise _broken()
    return changes


def names_bytes(names: bytes, key: bytes) -> bytes:
    """Gives a participant's names for the entries of a file, 16 bytes each, sealed."""
    return AESGCMSIV(key).encrypt(_NONCE, names, None)


def names(content: bytes, file: ListFile) -> bytes:
    """Gives the names, 16 bytes each; raises UntrustedListError unless the file is what the directory says."""
    try:
        opened = AESGCMSIV(file.names_key).decrypt(_NONCE, content, None)
    except (InvalidTag, ValueError):
        raise _broken() from None
    if len(opened) % ENTRY_ID_BYTES:
        raise _broken()
    return opened


def _written(file: ListFile) -> _File:
    keys = (base64.b64encode(key).decode("ascii") for key in (file.text_key, file.names_key))
    text_key, names_key = keys
    return _File(str(file.after), str(file.until), file.text, text_key, file.names, names_key)


def _read(body: _File) -> ListFile:
    keys = tuple(base64.b64decode(key, validate=True) for key in (body.text_key, body.names_key))
    if {len(key) for key in keys} != {KEY_BYTES}:
        raise _broken()
    return ListFile(int(body.after), int(body.until), body.text, keys[0], body.names, keys[1])


def _info(list_id: str, participant: str) -> bytes:
    return f"takeback files 1\n{list_id}\n{participant}".encode()


def _broken() -> UntrustedListError:
    return UntrustedListError("A file of the list is not what its directory says. Nothing of it was kept; sync again.")
