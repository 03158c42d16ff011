"""A participant's new key, registered by a request that its present one signs (spec/list-format.md)."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime, timedelta
from typing import Annotated

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Meta

from takeback.errors import InvalidInputError
from takeback.wire.json import Answer, Request

#: Longest time that two keys are valid side by side, in days.
MAX_OVERLAP_DAYS = 90
DEFAULT_OVERLAP_DAYS = 7
_DOMAIN = "takeback new key 1\n"


class KeyBody(Request, frozen=True):
    """The new key, and its own signature that it belongs to this participant. Raw Ed25519 bytes in base64."""

    public_key: Annotated[str, Meta(max_length=44)]
    proof: Annotated[str, Meta(max_length=88)]
    overlap_days: Annotated[int, Meta(ge=0, le=MAX_OVERLAP_DAYS)] = DEFAULT_OVERLAP_DAYS


class KeyTakenBody(Answer, frozen=True):
    """Until when the key before is valid; absent when it has ended."""

    old_ends: Annotated[datetime, Meta(tz=True)] | None = None


def new_key(body: KeyBody, participant: str) -> tuple[Ed25519PublicKey, timedelta]:
    """Gives the key and the overlap, or raises InvalidInputError for a key that does not prove itself."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(body.public_key, validate=True))
    except (binascii.Error, ValueError):
        raise InvalidInputError(
            field="public_key", problem="is not an Ed25519 public key.", remedy="Send its 32 bytes in base64."
        ) from None
    try:
        key.verify(base64.b64decode(body.proof, validate=True), _said(participant))
    except (InvalidSignature, binascii.Error, ValueError):
        raise InvalidInputError(
            field="proof",
            problem="is not the new key's signature.",
            remedy="Sign `takeback new key 1`, a newline and your participant id with the new key.",
        ) from None
    return key, timedelta(days=body.overlap_days)


def key_body(key: Ed25519PrivateKey, participant: str, overlap_days: int = DEFAULT_OVERLAP_DAYS) -> KeyBody:
    """Gives the body that registers a key."""
    public = base64.b64encode(key.public_key().public_bytes_raw()).decode("ascii")
    return KeyBody(public, base64.b64encode(key.sign(_said(participant))).decode("ascii"), overlap_days)


def _said(participant: str) -> bytes:
    return f"{_DOMAIN}{participant}".encode("ascii")
