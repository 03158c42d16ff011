"""A device with passkeys, in software, so that a test can answer wrongly. Its answers are what a browser would send."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

_PRESENT, _VERIFIED, _ATTESTED = 0x01, 0x04, 0x40


def coded(raw: bytes) -> str:
    """Base64url without padding, as WebAuthn writes bytes."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class Authenticator:
    """One passkey. `origin` is the page's, as the browser sees it; `counter` goes on with every use."""

    origin: str
    host: str = "localhost"
    verified: bool = True
    counter: int = 0
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def create(self, options: str) -> str:
        """Answers navigator.credentials.create."""
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        named = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(cose)
        attested = {"fmt": "none", "attStmt": {}, "authData": self._data(_ATTESTED) + named}
        client = self._client("webauthn.create", options)
        return self._answer({"clientDataJSON": coded(client), "attestationObject": coded(cbor2.dumps(attested))})

    def get(self, options: str) -> str:
        """Answers navigator.credentials.get."""
        self.counter += 1
        data, client = self._data(0), self._client("webauthn.get", options)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        parts = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        return self._answer({name: coded(raw) for name, raw in parts.items()})

    def _data(self, flags: int) -> bytes:
        flags |= _PRESENT | (_VERIFIED if self.verified else 0)
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4, "big")

    def _client(self, kind: str, options: str) -> bytes:
        asked = json.loads(options)["challenge"]
        return json.dumps({"type": kind, "challenge": asked, "origin": self.origin, "crossOrigin": False}).encode()

    def _answer(self, response: dict[str, str]) -> str:
        return json.dumps({"id": coded(self.id), "rawId": coded(self.id), "type": "public-key", "response": response})
