"""How often signing in failed with each passkey lately: after some failures it has to wait.

Counted by passkey, not by address, which is not kept. Whoever does not know a passkey's id can lock nobody out.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from takeback.errors import UnavailableError

_WINDOW = timedelta(hours=1)


class Failures:
    """Those of one process. Only passkeys that exist are counted, so the memory is bounded."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._counted: dict[bytes, tuple[datetime, int]] = {}

    def add(self, passkey: bytes, now: datetime) -> None:
        """Counts one."""
        since, number = self._counted.get(passkey, (now, 0))
        self._counted[passkey] = (now, 1) if now - since >= _WINDOW else (since, number + 1)

    def check(self, passkey: bytes, now: datetime) -> None:
        """Raises UnavailableError for a passkey that has to wait."""
        since, number = self._counted.get(passkey, (now, 0))
        if number >= self._limit and now - since < _WINDOW:
            raise UnavailableError("Signing in with this passkey failed too often. Try again in an hour.")
