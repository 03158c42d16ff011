"""The keys in the data folder, made at the first start: of the list, the log, passwords, fingerprints and proofs.

They stand beside the database, never in it, and no backup of the database holds them.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from takeback.errors import SettingsError
from takeback.settings import Settings
from takeback.storage.database import Database
from takeback.storage.sealing import KEY_BYTES, Keyring

FILE_NAME = "list-signing-key"
KEY_OF_PASSWORDS = "password-key"
KEY_OF_LOG = "log-signing-key"
KEY_OF_PROOFS = "proof-key"
KEY_OF_FILES = "files-key"
KEYS_OF_FINGERPRINTS = "fingerprint-keys"
#: What stands beside the database, and in no backup of it. The keys of proofs and of list files are none of
#: them: new ones do as well.
KEYS = (FILE_NAME, KEY_OF_LOG, KEY_OF_PASSWORDS, KEYS_OF_FINGERPRINTS)
_KEY_BYTES = 32
#: Versions are stored in 16 bits.
_LAST_VERSION = 32_767


def list_key(data_dir: Path) -> Ed25519PrivateKey:
    """Gives the key; raises SettingsError when there is a file and no key in it, rather than making another."""
    made = Ed25519PrivateKey.generate().private_bytes_raw
    remedy = "Restore it from the backup: participants trust no other."
    return Ed25519PrivateKey.from_private_bytes(_kept(data_dir / FILE_NAME, made, f"is not an Ed25519 key. {remedy}"))


def log_signing_key(data_dir: Path) -> Ed25519PrivateKey:
    """Gives the key that signs the public log's checkpoints."""
    made = Ed25519PrivateKey.generate().private_bytes_raw
    remedy = "Restore it from the backup: nobody believes the log under another."
    return Ed25519PrivateKey.from_private_bytes(_kept(data_dir / KEY_OF_LOG, made, f"is not an Ed25519 key. {remedy}"))


def password_key(data_dir: Path) -> bytes:
    """Gives the key under which digests of participants' passwords are kept: the database alone does not tell them."""
    remedy = "Restore it from the backup, or give every participant a new password."
    made = partial(secrets.token_bytes, _KEY_BYTES)
    return _kept(data_dir / KEY_OF_PASSWORDS, made, f"is not a key. {remedy}")


def proof_key(data_dir: Path) -> bytes:
    """Gives the key under which challenges are signed: every process of an installation takes those of the others."""
    return _kept(data_dir / KEY_OF_PROOFS, partial(secrets.token_bytes, _KEY_BYTES), "is not a key. Delete it.")


def files_key(data_dir: Path) -> bytes:
    """Gives the key from which addresses and keys of the list's files are derived: the same in every process."""
    return _kept(data_dir / KEY_OF_FILES, partial(secrets.token_bytes, _KEY_BYTES), "is not a key. Delete it.")


def open_database(settings: Settings) -> Database:
    """Gives the clearinghouse's database, with the keys of its fingerprints; nothing is connected yet."""
    return Database.open(settings.database_address, fingerprint_keys(settings))


def fingerprint_keys(settings: Settings) -> Keyring:
    """Gives the keys of fingerprint values: those of the setting, else of the file, which is made where it is not."""
    if settings.fingerprint_keys:
        named = _versions(settings.fingerprint_keys, "fingerprint_keys")
        return Keyring(lambda: named, seals=settings.seal_fingerprints)
    file = settings.data_path / KEYS_OF_FINGERPRINTS
    if not file.exists():
        _write(file, _line(1))
    keyring = Keyring(lambda: _versions_in(file), seals=settings.seal_fingerprints)
    keyring.all()
    return keyring


def add_fingerprint_key(settings: Settings) -> int:
    """Adds a version to the file, which seals from now on, and gives it. The earlier ones stay: backups need them."""
    if settings.fingerprint_keys:
        raise SettingsError(
            "fingerprint_keys: the keys come from the setting. Add a version there, restart every server, and run "
            "`takeback db rekey --no-new-key`."
        )
    file = settings.data_path / KEYS_OF_FINGERPRINTS
    fingerprint_keys(settings)  # makes the file where there is none
    version = max(_versions_in(file)) + 1
    new = _new_file(file, file.read_bytes() + _line(version))
    new.replace(file)
    _sync_folder(file.parent)
    return version


def _line(version: int) -> bytes:
    return f"{version} {base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}\n".encode()


def _versions_in(file: Path) -> Mapping[int, bytes]:
    try:
        return _versions(file.read_text(encoding="ascii"), f"{file.name} in data_dir")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file.name} in data_dir cannot be read: {type(error).__name__}.") from None


def _versions(text: str, where: str) -> Mapping[int, bytes]:
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
    new = _new_file(file, key)
    try:
        os.link(new, file)  # fails when another process was first, and then its key is the key
    except FileExistsError:
        pass
    finally:
        new.unlink()
    _sync_folder(file.parent)


def _new_file(beside: Path, content: bytes) -> Path:
    new = beside.with_suffix(f".{os.getpid()}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    return new


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
