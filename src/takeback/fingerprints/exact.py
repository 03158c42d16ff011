"""MD5 and SHA-256 of a file's bytes, streamed in one pass at flat memory."""

from __future__ import annotations

import hashlib
from typing import BinaryIO

from takeback.fingerprints.types import Fingerprint, FingerprintType

#: Bytes read at a time.
CHUNK_BYTES = 1 << 20


def exact_fingerprints(file: BinaryIO) -> tuple[Fingerprint, Fingerprint]:
    """Gives md5 and sha256 of everything from the file's position to its end."""
    md5, sha256 = hashlib.md5(usedforsecurity=False), hashlib.sha256()
    while chunk := file.read(CHUNK_BYTES):
        md5.update(chunk)
        sha256.update(chunk)
    return Fingerprint(FingerprintType.MD5, md5.digest()), Fingerprint(FingerprintType.SHA256, sha256.digest())
