"""What is kept of a random secret that changes with an overlap: keyed digests of it and of the one before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Digests:
    """Of the newest secret, and of the one before with the moment at which that ends."""

    digest: bytes | None = None
    old_digest: bytes | None = None
    old_ends_at: datetime | None = None

    def valid(self, now: datetime) -> tuple[bytes, ...]:
        """Gives the digests that count now."""
        old = self.old_digest if self.old_ends_at is not None and now < self.old_ends_at else None
        return tuple(one for one in (self.digest, old) if one)

    def followed_by(self, digest: bytes, ends_at: datetime | None) -> Digests:
        """Gives them with a new secret, beside which this one is valid until then; it ends at once with None."""
        ends = ends_at if self.digest else None
        return Digests(digest, self.digest if ends else None, ends)
