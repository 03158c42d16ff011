"""The keys in the data folder, made at the first start and never changed by us: the list's, and that of passwords."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from takeback.errors import SettingsError

FILE_NAME = "list-signing-key"
KEY_OF_PASSWORDS = "password-key"
_KEY_BYTES = 32


def list_key(data_dir: Path) -> Ed25519PrivateKey:
    """Gives the key; raises SettingsError when there is a file and no key in it, rather than making another."""
    made = Ed25519PrivateKey.generate().private_bytes_raw
    remedy = "Restore it from the backup: participants trust no other."
    return Ed25519PrivateKey.from_private_bytes(_kept(data_dir / FILE_NAME, made, f"is not an Ed25519 key. {remedy}"))


def password_key(data_dir: Path) -> bytes:
    """Gives the key under which digests of participants' passwords are kept: the database alone does not tell them."""
    remedy = "Restore it from the backup, or give every participant a new password."
    made = partial(secrets.token_bytes, _KEY_BYTES)
    return _kept(data_dir / KEY_OF_PASSWORDS, made, f"is not a key. {remedy}")


def keyed_digest(secret: str, key: bytes) -> bytes:
    """Gives what is kept of a secret that we made: 256 random bits need no slow hash."""
    return hashlib.blake2b(secret.encode(), key=key, digest_size=32).digest()


def _kept(file: Path, make: Callable[[], bytes], wrong: str) -> bytes:
    if not file.exists():
        _write(file, make())
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise SettingsError(f"{file.name} in data_dir cannot be read: {error.strerror}.") from None
    if len(raw) != _KEY_BYTES:
        raise SettingsError(f"{file.name} in data_dir {wrong}")
    return raw


def _write(file: Path, key: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = file.with_suffix(f".{os.getpid()}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(key)
        opened.flush()
        os.fsync(opened.fileno())
    try:
        os.link(new, file)  # fails when another process was first, and then its key is the key
    except FileExistsError:
        pass
    finally:
        new.unlink()
