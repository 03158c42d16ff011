"""Fingerprint values at rest: encrypted under keys that never enter the database.

An entry's fingerprints are one text, as the list's pages carry it, sealed by AES-256-GCM with the entry's id and the
key's version as associated data: no row can be put in another's place. The types stand inside. For equality there is a
blind index: HMAC-SHA-256 of type and value under a key of its own, shortened to 128 bits. Nonces are random: one key
may seal 2³² texts, and `takeback db rekey` begins another long before.
"""

from __future__ import annotations

import hmac
import os
import time
from collections.abc import Callable, Container, Mapping
from operator import attrgetter
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec.json import Decoder, Encoder
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.errors import SettingsError
from takeback.fingerprints.types import FINGERPRINT_TYPES, Fingerprint, FingerprintType
from takeback.model.entry import EntryId
from takeback.wire.changes import FingerprintOnList

KEY_BYTES = 32
NONCE_BYTES = 12
INDEX_BYTES = 16
#: A running process sees a key that was added after at most so many seconds.
RELOAD_S = 1.0
#: Under this name a connection carries the keys of its database.
OPTION = "takeback_keyring"
#: Exact types that are looked up by equality, and the column of each.
INDEXED = {FingerprintType.MD5: "md5_index", FingerprintType.SHA256: "sha256_index"}

_LABEL = b"takeback fingerprints 1\n"
_ORDER = attrgetter("type", "value")
_ENCODE = Encoder().encode
_DECODE = Decoder(list[FingerprintOnList]).decode


class Key:
    """One version: what seals, and what makes the blind index; both are derived from the key that is kept."""

    def __init__(self, version: int, secret: bytes) -> None:
        self.version = version
        self._aead = AESGCM(_derived(secret, b"seal"))
        #: Begun once: to begin anew for each value takes four times as long.
        self._index = hmac.new(_derived(secret, b"index"), digestmod="sha256")
        self._files_key = _derived(secret, b"files")
        self._context = _LABEL + version.to_bytes(4, "big")

    def seal(self, id_: EntryId, text: bytes) -> bytes:
        """Gives nonce, ciphertext and tag."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, text, self._context + id_)

    def open(self, id_: EntryId, sealed: bytes) -> bytes:
        """Gives the text back, or raises SettingsError where it is not this entry's or not of this key."""
        try:
            return self._aead.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], self._context + id_)
        except InvalidTag:
            raise SettingsError(
                f"Version {self.version} of the fingerprint keys does not open what it sealed. Restore the keys that "
                "belong to this database (docs/runbooks/key-loss.md)."
            ) from None

    def index(self, kind: str, value: bytes) -> bytes:
        """Gives what stands for a value in the blind index. `kind` is a type of fingerprint, or of something else."""
        begun = self._index.copy()
        begun.update(kind.encode() + b"\n" + value)
        return begun.digest()[:INDEX_BYTES]

    def file_key(self, header: bytes, id_: str) -> bytes:
        """Gives the key (32 bytes) of one sealed file. Its header holds a random salt (storage/sealed_files.py)."""
        return HKDF(SHA256(), KEY_BYTES, salt=header, info=id_.encode()).derive(self._files_key)


class Keyring:
    """Every version at once: the highest seals, all open. `read` gives the keys as they are now.

    With `seals` off, what is new is kept as processes of before keep it (migration 0010 says when).
    """

    def __init__(self, read: Callable[[], Mapping[int, bytes]], *, seals: bool = True) -> None:
        self._read, self.seals = read, seals
        self._keys: dict[int, Key] = {}
        self._looked = -RELOAD_S

    def newest(self) -> Key:
        """Gives the key that seals."""
        now = time.monotonic()
        if now - self._looked >= RELOAD_S:
            self._look(now)
        return self._keys[max(self._keys)]

    def of(self, version: int) -> Key:
        """Gives one version. Raises SettingsError for one that is not here."""
        if version not in self._keys:
            self._look(time.monotonic())
        if version not in self._keys:
            raise SettingsError(
                f"Version {version} of the fingerprint keys is missing. Restore it (docs/runbooks/key-loss.md)."
            )
        return self._keys[version]

    def all(self) -> list[Key]:
        """Gives every version, newest first."""
        self._look(time.monotonic())
        return [self._keys[version] for version in sorted(self._keys, reverse=True)]

    def _look(self, now: float) -> None:
        secrets = self._read()
        self._keys = {version: self._keys.get(version) or Key(version, key) for version, key in secrets.items()}
        self._looked = now


def keyring_of(connection: AsyncConnection) -> Keyring:
    """Gives the keys of the database that this connection belongs to."""
    found: Keyring = connection.engine.sync_engine.get_execution_options()[OPTION]
    return found


def sealed_columns(key: Key, id_: EntryId, prints: tuple[Fingerprint, ...]) -> dict[str, Any]:
    """Gives what a row of `entry` holds of its fingerprints."""
    text = text_of(tuple(sorted(prints, key=_ORDER)))
    exact = {one.type: one.value for one in prints if one.type in INDEXED}
    return {
        "sealed": key.seal(id_, text),
        "sealed_with": key.version,
        **{INDEXED[type_]: key.index(type_, exact[type_]) if type_ in exact else None for type_ in INDEXED},
        "pictures": sum(one.type is FingerprintType.PDQ for one in prints),
        "frames": sum(one.type is FingerprintType.VPDQ for one in prints),
    }


def text_of(prints: tuple[Fingerprint, ...]) -> bytes:
    """Gives fingerprints as a page carries them."""
    return _ENCODE([FingerprintOnList(f.type.value, f.hex, f.quality, f.at, f.edit) for f in prints])


def prints_of(text: bytes, types: Container[str] = tuple(FingerprintType)) -> tuple[Fingerprint, ...]:
    """Gives the fingerprints that a text holds, all or those of some types."""
    return tuple(
        [
            Fingerprint(FINGERPRINT_TYPES[one.type], bytes.fromhex(one.value), one.quality, one.at, one.edit)
            for one in _DECODE(text)
            if one.type in types
        ]
    )


def _derived(secret: bytes, label: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=_LABEL + label).derive(secret)
