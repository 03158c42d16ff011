"""The list's signing key: one Ed25519 key in the data folder, made at the first start and never changed by us."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from takeback.errors import SettingsError

FILE_NAME = "list-signing-key"
_KEY_BYTES = 32


def list_key(data_dir: Path) -> Ed25519PrivateKey:
    """Gives the key; raises SettingsError when there is a file and no key in it, rather than making another."""
    file = data_dir / FILE_NAME
    if not file.exists():
        _make(file)
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise SettingsError(f"{FILE_NAME} in data_dir cannot be read: {error.strerror}.") from None
    if len(raw) != _KEY_BYTES:
        raise SettingsError(
            f"{FILE_NAME} in data_dir is not an Ed25519 key. Restore it from the backup: participants trust no other."
        )
    return Ed25519PrivateKey.from_private_bytes(raw)


def _make(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = file.with_suffix(f".{os.getpid()}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(Ed25519PrivateKey.generate().private_bytes_raw())
        opened.flush()
        os.fsync(opened.fileno())
    try:
        os.link(new, file)  # fails when another process was first, and then its key is the key
    except FileExistsError:
        pass
    finally:
        new.unlink()
