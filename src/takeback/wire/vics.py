"""Project VIC's JSON, version 2.0, for forensic tools: a file of media by their digests.

Their categories say what a picture shows, and nobody here has seen one: all are 0, in a scheme of one's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.wire.json import encode

BEGIN = (
    b'{"@odata.context":"http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/CUSTOM/$metadata#Media",'
    b'"value":['
)
BETWEEN, END = b",\n", b"]}\n"


class _Hash(Struct, frozen=True):
    HashName: str
    HashValue: str


class _Media(Struct, frozen=True):
    MediaID: int
    Category: int
    MD5: str
    DateUpdated: str
    AlternativeHashes: list[_Hash]
    IsPrecategorized: bool = False


def media_bytes(number: int, listed_on: date, fingerprints: Iterable[Fingerprint]) -> bytes:
    """Gives one of `value`: it has its number in this file and in no other."""
    own = [one for one in fingerprints if one.edit is None]
    (md5,) = [one.hex.upper() for one in own if one.type is FingerprintType.MD5]
    others = [
        _Hash(one.type.value.upper(), one.hex)
        for one in own
        if one.type in (FingerprintType.SHA256, FingerprintType.PDQ)
    ]
    return encode(_Media(number, 0, md5, f"{listed_on.isoformat()}T00:00:00Z", others))
