"""Checkpoints of the public log: its size and root in a signed note (C2SP tlog-checkpoint and signed-note, Ed25519)."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from takeback.errors import InvalidInputError, UntrustedListError

_ED25519 = b"\x01"
_ID_BYTES = 4
_KEY_PARTS = 3
_DASH = "\u2014"
_LINES = 3
#: A note with more bytes than this is not read.
MAX_NOTE_BYTES = 65_536
_ROOT_BYTES = 32


@dataclass(frozen=True, slots=True)
class LogKey:
    """Whose log it is, by the name that stands in its checkpoints, and the key that signs them."""

    origin: str
    key: Ed25519PublicKey

    @property
    def id(self) -> bytes:
        """The first bytes of every signature by this key: they name it, and prove nothing."""
        parts = self.origin.encode() + b"\n" + _ED25519 + self.key.public_bytes_raw()
        return hashlib.sha256(parts).digest()[:_ID_BYTES]

    def __str__(self) -> str:
        raw = base64.b64encode(_ED25519 + self.key.public_bytes_raw()).decode("ascii")
        return f"{self.origin}+{self.id.hex()}+{raw}"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log as it stood: how many leaves, and the root over them (32 bytes)."""

    size: int
    root: bytes


def log_key(text: str, *, field: str = "key") -> LogKey:
    """Gives the key that a line `name+id+key` holds, or raises InvalidInputError."""
    parts = text.strip().split("+", 2)  # a name holds no +, base64 does
    try:
        raw = base64.b64decode(parts[-1], validate=True)
        key = LogKey(parts[0], Ed25519PublicKey.from_public_bytes(raw[1:]))
        right = len(parts) == _KEY_PARTS and raw[:1] == _ED25519 and key.id.hex() == parts[1]
    except (binascii.Error, ValueError):
        right = False
    if not right:
        raise InvalidInputError(
            field=field, problem="is not the key of a log.", remedy="Give the line that `takeback log key` prints."
        )
    return key


def sign(checkpoint: Checkpoint, origin: str, key: Ed25519PrivateKey) -> bytes:
    """Gives a checkpoint as a signed note."""
    text = f"{origin}\n{checkpoint.size}\n{base64.b64encode(checkpoint.root).decode('ascii')}\n".encode()
    signature = LogKey(origin, key.public_key()).id + key.sign(text)
    return text + f"\n{_DASH} {origin} {base64.b64encode(signature).decode('ascii')}\n".encode()


def verify(note: bytes, key: LogKey) -> Checkpoint:
    """Gives the checkpoint that a note holds, or raises UntrustedListError unless this key has signed it."""
    if len(note) <= MAX_NOTE_BYTES:
        text, _, signatures = note.rpartition(b"\n\n")
        if any(_is_signed(text + b"\n", line, key) for line in signatures.split(b"\n")):
            return _checkpoint(text, key.origin)
    raise UntrustedListError("The checkpoint is not signed by this log's key. Check its address and the key.")


def _is_signed(text: bytes, line: bytes, key: LogKey) -> bool:
    name = f"{_DASH} {key.origin} ".encode()
    if not line.startswith(name):
        return False
    try:
        signature = base64.b64decode(line[len(name) :], validate=True)
        key.key.verify(signature[_ID_BYTES:], text)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return signature[:_ID_BYTES] == key.id


def _checkpoint(text: bytes, origin: str) -> Checkpoint:
    lines = text.split(b"\n")
    try:
        root = base64.b64decode(lines[2], validate=True)
        if len(lines) >= _LINES and lines[0] == origin.encode() and lines[1].isdigit() and len(root) == _ROOT_BYTES:
            return Checkpoint(int(lines[1]), root)
    except (binascii.Error, IndexError, ValueError):
        pass
    raise UntrustedListError("The checkpoint is signed and says nothing that can be read. Tell the clearinghouse.")
