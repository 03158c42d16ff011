"""A participant that signs by hand, so that a test can sign wrongly."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from takeback.wire.credentials import credentials
from takeback.wire.request_signature import sign_request


@dataclass
class Signer(requests.auth.AuthBase):
    """Signs as one participant; works as `auth=` of requests, too."""

    key: Ed25519PrivateKey
    key_id: str

    @classmethod
    def of(cls, file: Path) -> Signer:
        """The participant whose credentials file this is."""
        read = credentials(file.read_bytes())
        return cls(read.private_key, read.participant)

    def headers(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        *,
        at: datetime | None = None,
        nonce: bytes | None = None,
    ) -> Mapping[str, str]:
        """The signature's headers for a request."""
        return sign_request(
            method=method,
            url=f"http://exchange{target}",
            body=body,
            key=self.key,
            key_id=self.key_id,
            created=at or datetime.now(UTC),
            nonce=nonce or secrets.token_bytes(16),
        )

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        request.headers.update(self.headers(request.method or "GET", request.path_url, body))
        return request
