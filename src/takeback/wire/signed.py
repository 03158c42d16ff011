"""Signatures over pages and snapshots: Ed25519 (RFC 8032) over the SHA-256 of the bytes, with the format's name before.

Ed25519 itself goes through what it signs twice, by SHA-512: over half a megabyte that takes six times as long. The
signature is detached, so that the bytes can be stored, cached and served by anything.
"""

from __future__ import annotations

import base64
import binascii
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from takeback.errors import UntrustedListError

#: The HTTP header that carries the signature of a page.
HEADER = "takeback-signature"
_DOMAIN = b"takeback signed bytes 2\n"


def sign(body: bytes, key: Ed25519PrivateKey) -> str:
    """Gives the signature of the bytes, in base64."""
    return base64.b64encode(key.sign(_signed(body))).decode("ascii")


def verify(body: bytes, signature: str, key: Ed25519PublicKey) -> None:
    """Raises UntrustedListError unless `signature` is the list's own over exactly these bytes."""
    try:
        key.verify(base64.b64decode(signature, validate=True), _signed(body))
    except (InvalidSignature, binascii.Error, ValueError):
        raise UntrustedListError(
            "The page is not signed by this list's key. Nothing was kept. Check the address of the exchange, and the "
            "list_key in the credentials with the clearinghouse."
        ) from None


def _signed(body: bytes) -> bytes:
    return _DOMAIN + hashlib.sha256(body).digest()
