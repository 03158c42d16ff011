"""The file that an operator hands a new participant: where the list is, who the participant is, and both keys."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from takeback.errors import InvalidInputError, SettingsError
from takeback.wire.json import Answer, decode, encode

FORMAT = "takeback-participant/1"


class CredentialsBody(Answer, frozen=True, kw_only=True):
    """The file, as JSON. Keys are raw Ed25519 bytes in base64."""

    format: str
    exchange: str
    participant: str
    private_key: str
    list_id: str = msgspec.field(name="list")
    list_key: str


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a participant needs to sync. The private key never appears in a repr."""

    exchange: str
    participant: str
    list_id: str
    private_key: Ed25519PrivateKey = field(repr=False)
    list_key: Ed25519PublicKey = field(repr=False)


def credentials_bytes(credentials: Credentials) -> bytes:
    """Gives the file's bytes."""
    return encode(
        CredentialsBody(
            format=FORMAT,
            exchange=credentials.exchange,
            participant=credentials.participant,
            private_key=base64.b64encode(credentials.private_key.private_bytes_raw()).decode("ascii"),
            list_id=credentials.list_id,
            list_key=base64.b64encode(credentials.list_key.public_bytes_raw()).decode("ascii"),
        )
    )


def credentials(body: bytes) -> Credentials:
    """Gives the credentials, or raises SettingsError that says what is wrong with the file."""
    try:
        read = decode(body, CredentialsBody)
        if read.format != FORMAT:
            raise SettingsError(f"The credentials say that they are {read.format}; this takeback knows {FORMAT}.")
        return Credentials(
            read.exchange.rstrip("/"),
            read.participant,
            read.list_id,
            Ed25519PrivateKey.from_private_bytes(base64.b64decode(read.private_key, validate=True)),
            Ed25519PublicKey.from_public_bytes(base64.b64decode(read.list_key, validate=True)),
        )
    except InvalidInputError as error:
        raise SettingsError(
            f"The credentials cannot be read: {error.field} {error.problem} Ask the clearinghouse for a new file."
        ) from None
    except (binascii.Error, ValueError):
        raise SettingsError(
            "The credentials cannot be read: a key is not an Ed25519 key. Ask the clearinghouse for a new file."
        ) from None
