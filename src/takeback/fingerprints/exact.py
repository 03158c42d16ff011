"""MD5 and SHA-256 of a file's bytes, streamed in one pass at flat memory."""

from __future__ import annotations

import hashlib
from typing import Protocol

from takeback.fingerprints.types import Fingerprint, FingerprintType

#: Bytes read at a time.
CHUNK_BYTES = 1 << 20


class Readable(Protocol):
    """Anything with a file's `read`."""

    def read(self, size: int, /) -> bytes:
        """Gives at most `size` bytes; none at the end."""
        ...


def exact_fingerprints(file: Readable) -> tuple[Fingerprint, Fingerprint]:
    """Gives md5 and sha256 of everything from the file's position to its end."""
    md5, sha256 = hashlib.md5(usedforsecurity=False), hashlib.sha256()
    while chunk := file.read(CHUNK_BYTES):
        md5.update(chunk)
        sha256.update(chunk)
    return Fingerprint(FingerprintType.MD5, md5.digest()), Fingerprint(FingerprintType.SHA256, sha256.digest())
