"""The look-up of PDQ values as Arachnid Shield's clients ask for it (docs/dialects.md)."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Literal

from msgspec import Meta, Struct

from takeback.errors import InvalidInputError, TooLargeError
from takeback.fingerprints.types import FingerprintType
from takeback.wire.json import decode, encode

#: What a match is called. Nobody at the clearinghouse has seen the picture, so it is the more careful of their words.
MATCHED = "harmful-abusive-material"
UNKNOWN = "no-known-match"
#: What stands where their clients need a text and this list has none.
_NO_SHA1, _NO_SHA256 = "A" * 32, "0" * 64


class Question(Struct, frozen=True):
    """PDQ values, each 32 bytes in base64."""

    hashes: Annotated[list[Annotated[str, Meta(max_length=64)]], Meta(min_length=1)]


class _Details(Struct, frozen=True):
    timestamp: float
    sha1_base32: str
    sha256_hex: str
    classification: str
    distance: int
    action: str
    test: bool


class _Found(Struct, frozen=True):
    classification: str
    match_type: Literal["near"] | None
    near_match_details: _Details | None


class _Answer(Struct, frozen=True):
    scanned_hashes: dict[str, _Found]


class Match(Struct, frozen=True):
    """What a value is near to. The last three fields are ours: their clients pass over them."""

    distance: int
    action: str
    test: bool


def question(body: bytes, *, limit: int) -> dict[str, bytes]:
    """Gives the values that are asked about, by the text that they came as."""
    texts = decode(body, Question, "docs/dialects.md").hashes
    if len(texts) > limit:
        raise TooLargeError(field="hashes", problem=f"are {len(texts)}.", remedy=f"Send {limit} at a time.")
    return {text: _value(text, at) for at, text in enumerate(texts)}


def answer_bytes(found: dict[str, Match | None]) -> bytes:
    """Gives the answer, by the texts that the values came as."""
    return encode(_Answer({text: _found(match) for text, match in found.items()}))


def _found(match: Match | None) -> _Found:
    if match is None:
        return _Found(UNKNOWN, None, None)
    details = _Details(0.0, _NO_SHA1, _NO_SHA256, MATCHED, match.distance, match.action, match.test)
    return _Found(MATCHED, "near", details)


def _value(text: str, at: int) -> bytes:
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        value = b""
    if len(value) != FingerprintType.PDQ.byte_length:
        raise InvalidInputError(
            field=f"hashes[{at}]", problem="is not a PDQ value.", remedy="Send its 32 bytes in base64."
        )
    return value
