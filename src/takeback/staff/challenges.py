"""Challenges for passkeys: short-lived, good once, and kept nowhere until one has been answered.

A challenge carries its own end and a seal under a key of this process, so that whoever asks for the sign-in page a
million times fills no memory. Only an answered challenge is remembered, until it would have ended.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from takeback.errors import NotAuthorisedError

_SEAL_BYTES = 32
_RANDOM_BYTES = 16
_TIME_BYTES = 8


class Challenges:
    """Those of one process. `purpose` says what a challenge is good for: one for signing in registers nothing."""

    def __init__(self, lasts: timedelta) -> None:
        self._key, self._lasts = secrets.token_bytes(32), lasts
        self._answered: dict[bytes, int] = {}

    def make(self, purpose: str, now: datetime) -> bytes:
        """Gives a new one."""
        ends = int((now + self._lasts).timestamp())
        body = ends.to_bytes(_TIME_BYTES, "big") + secrets.token_bytes(_RANDOM_BYTES)
        return body + self._seal(purpose, body)

    def answer(self, challenge: bytes, purpose: str, now: datetime) -> None:
        """Raises NotAuthorisedError for one that is not ours, has ended, or was answered before."""
        body, seal = challenge[:-_SEAL_BYTES], challenge[-_SEAL_BYTES:]
        ours = hmac.compare_digest(seal, self._seal(purpose, body))
        ends = int.from_bytes(body[:_TIME_BYTES], "big")
        if not ours or ends < now.timestamp() or challenge in self._answered:
            raise NotAuthorisedError("This page has been open for too long, or was used already. Begin again.")
        self._answered = {one: end for one, end in self._answered.items() if end >= now.timestamp()}
        self._answered[challenge] = ends

    def _seal(self, purpose: str, body: bytes) -> bytes:
        return hmac.new(self._key, purpose.encode() + b"\0" + body, hashlib.sha256).digest()
