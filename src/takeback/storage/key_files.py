"""Keys in files of the data folder: made at the first start, and never made anew where there is something else.

They stand beside the database, never in it, and no backup of the database holds them.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from takeback.errors import SettingsError
from takeback.storage.sealing import KEY_BYTES, Keyring

#: Versions are stored in 16 bits.
_LAST_VERSION = 32_767


def keyring_in(file: Path, *, seals: bool = True) -> Keyring:
    """Gives the keys of a file, which is made with one key where it is not."""
    if not file.exists():
        write_once(file, key_line(1))
    keyring = Keyring(lambda: versions_in(file), seals=seals)
    keyring.all()
    return keyring


def key_line(version: int) -> bytes:
    """Gives the line of a new key of that version."""
    return f"{version} {base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}\n".encode()


def versions_in(file: Path) -> Mapping[int, bytes]:
    """Gives the keys that a file holds, by version. Raises SettingsError."""
    try:
        return versions_of(file.read_text(encoding="ascii"), f"{file.name} in data_dir")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file.name} in data_dir cannot be read: {type(error).__name__}.") from None


def versions_of(text: str, where: str) -> Mapping[int, bytes]:
    """Reads `version key version key …`, keys in base64."""
    words = text.split()
    try:
        keys = {
            int(version): base64.b64decode(key, validate=True)
            for version, key in zip(words[::2], words[1::2], strict=True)
        }
    except (ValueError, binascii.Error):
        keys = {}
    good = all(0 < version <= _LAST_VERSION and len(key) == KEY_BYTES for version, key in keys.items())
    if not keys or not good:
        raise SettingsError(
            f"{where} does not hold keys of fingerprints: give a version number and 32 bytes in base64, for each. "
            "Restore it from its backup: without it no fingerprint can be read."
        )
    return keys


def kept_key(file: Path, make: Callable[[], bytes], wrong: str) -> bytes:
    """Gives the key (32 bytes) in a file, made where there is none. `wrong` ends the error of one that holds no key."""
    if not file.exists():
        write_once(file, make())
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise SettingsError(f"{file.name} in data_dir cannot be read: {error.strerror}.") from None
    if len(raw) != KEY_BYTES:
        raise SettingsError(f"{file.name} in data_dir {wrong}")
    return raw


def write_once(file: Path, key: bytes) -> None:
    """Writes a file whole, or not at all; where another process was first, its file stays."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = new_file(file, key)
    try:
        os.link(new, file)  # fails when another process was first, and then its key is the key
    except FileExistsError:
        pass
    finally:
        new.unlink()
    sync_folder(file.parent)


def new_file(beside: Path, content: bytes) -> Path:
    """Writes a file beside another one, to be moved to its place, and gives it."""
    new = beside.with_suffix(f".{os.getpid()}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    return new


def sync_folder(folder: Path) -> None:
    """Has the names in a folder on disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
