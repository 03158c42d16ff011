"""The keys in the data folder, made at the first start: of the list, the log, passwords, fingerprints and proofs.

They stand beside the database, never in it, and no backup of the database holds them.
"""

from __future__ import annotations

import secrets
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from takeback.errors import SettingsError
from takeback.settings import Settings
from takeback.storage.database import Database
from takeback.storage.key_files import (
    kept_key,
    key_line,
    keyring_in,
    new_file,
    sync_folder,
    versions_in,
    versions_of,
)
from takeback.storage.sealing import KEY_BYTES, Keyring

FILE_NAME = "list-signing-key"
KEY_OF_PASSWORDS = "password-key"
KEY_OF_LOG = "log-signing-key"
KEY_OF_PROOFS = "proof-key"
KEY_OF_FILES = "files-key"
KEYS_OF_FINGERPRINTS = "fingerprint-keys"
#: What stands beside the database, and in no backup of it. The keys of proofs and of files are none of them: new ones
#: do as well.
KEYS = (FILE_NAME, KEY_OF_LOG, KEY_OF_PASSWORDS, KEYS_OF_FINGERPRINTS)


def list_key(data_dir: Path) -> Ed25519PrivateKey:
    """Gives the key; raises SettingsError when there is a file and no key in it, rather than making another."""
    made = Ed25519PrivateKey.generate().private_bytes_raw
    remedy = "Restore it from the backup: participants trust no other."
    return Ed25519PrivateKey.from_private_bytes(
        kept_key(data_dir / FILE_NAME, made, f"is not an Ed25519 key. {remedy}")
    )


def log_signing_key(data_dir: Path) -> Ed25519PrivateKey:
    """Gives the key that signs the public log's checkpoints."""
    made = Ed25519PrivateKey.generate().private_bytes_raw
    remedy = "Restore it from the backup: nobody believes the log under another."
    return Ed25519PrivateKey.from_private_bytes(
        kept_key(data_dir / KEY_OF_LOG, made, f"is not an Ed25519 key. {remedy}")
    )


def password_key(data_dir: Path) -> bytes:
    """Gives the key under which digests of participants' passwords are kept: the database alone does not tell them."""
    remedy = "Restore it from the backup, or give every participant a new password."
    made = partial(secrets.token_bytes, KEY_BYTES)
    return kept_key(data_dir / KEY_OF_PASSWORDS, made, f"is not a key. {remedy}")


def proof_key(data_dir: Path) -> bytes:
    """Gives the key under which challenges are signed: every process of an installation takes those of the others."""
    return kept_key(data_dir / KEY_OF_PROOFS, partial(secrets.token_bytes, KEY_BYTES), "is not a key. Delete it.")


def files_key(data_dir: Path) -> bytes:
    """Gives the key from which addresses and keys of the list's files are derived: the same in every process."""
    return kept_key(data_dir / KEY_OF_FILES, partial(secrets.token_bytes, KEY_BYTES), "is not a key. Delete it.")


def drop_files_key(data_dir: Path) -> None:
    """Has addresses of files begin anew: in a database of before, sequences will be given out once more."""
    (data_dir / KEY_OF_FILES).unlink(missing_ok=True)


def open_database(settings: Settings) -> Database:
    """Gives the clearinghouse's database, with the keys of its fingerprints; nothing is connected yet."""
    return Database.open(settings.database_address, fingerprint_keys(settings))


def fingerprint_keys(settings: Settings) -> Keyring:
    """Gives the keys of fingerprint values: those of the setting, else of the file, which is made where it is not."""
    if settings.fingerprint_keys:
        named = versions_of(settings.fingerprint_keys, "fingerprint_keys")
        return Keyring(lambda: named, seals=settings.seal_fingerprints)
    return keyring_in(settings.data_path / KEYS_OF_FINGERPRINTS, seals=settings.seal_fingerprints)


def add_fingerprint_key(settings: Settings) -> int:
    """Adds a version to the file, which seals from now on, and gives it. The earlier ones stay: backups need them."""
    if settings.fingerprint_keys:
        raise SettingsError(
            "fingerprint_keys: the keys come from the setting. Add a version there, restart every server, and run "
            "`takeback db rekey --no-new-key`."
        )
    file = settings.data_path / KEYS_OF_FINGERPRINTS
    fingerprint_keys(settings)  # makes the file where there is none
    version = max(versions_in(file)) + 1
    new = new_file(file, file.read_bytes() + key_line(version))
    new.replace(file)
    sync_folder(file.parent)
    return version
