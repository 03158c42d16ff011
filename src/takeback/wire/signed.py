"""Signatures over pages and snapshots: Ed25519 (RFC 8032) over the exact bytes, with the format's name before them.

The signature is detached, so that the bytes can be stored, cached and served by anything.
"""

from __future__ import annotations

import base64
import binascii

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from takeback.errors import UntrustedListError

#: The HTTP header that carries the signature of a page.
HEADER = "takeback-signature"
_DOMAIN = b"takeback signed bytes 1\n"


def sign(body: bytes, key: Ed25519PrivateKey) -> str:
    """Gives the signature of the bytes, in base64."""
    return base64.b64encode(key.sign(_DOMAIN + body)).decode("ascii")


def verify(body: bytes, signature: str, key: Ed25519PublicKey) -> None:
    """Raises UntrustedListError unless `signature` is the list's own over exactly these bytes."""
    try:
        key.verify(base64.b64decode(signature, validate=True), _DOMAIN + body)
    except (InvalidSignature, binascii.Error, ValueError):
        raise UntrustedListError(
            "The page is not signed by this list's key. Nothing was kept. Check the address of the exchange, and the "
            "list_key in the credentials with the clearinghouse."
        ) from None
