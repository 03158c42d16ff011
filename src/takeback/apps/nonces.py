"""Remembers the nonces of signed requests, so that none is taken twice while its signature is still fresh."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime

from takeback.errors import NotAuthorisedError, UnavailableError
from takeback.wire.request_signature import MAX_SKEW


class NonceMemory:
    """A bounded memory, oldest first. Of one process: several need a shared one, which is a later matter."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._until: OrderedDict[tuple[str, str], datetime] = OrderedDict()

    def spend(self, key_id: str, nonce: str, now: datetime) -> None:
        """Remembers a nonce, or raises NotAuthorisedError when it has been spent before."""
        while self._until and next(iter(self._until.values())) <= now:
            self._until.popitem(last=False)
        if (key_id, nonce) in self._until:
            raise NotAuthorisedError("This signed request came before. Sign every request anew, with a new nonce.")
        if len(self._until) >= self._capacity:
            raise UnavailableError("Too many requests at once. Try again in a few minutes.")
        self._until[key_id, nonce] = now + 2 * MAX_SKEW
