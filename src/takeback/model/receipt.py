"""What the six words show the person: the state of each entry, and nothing that ties entries together."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from takeback.model.entry import ReceiptDigest

#: Every question and every withdrawal holds exactly so many secrets, so that its size tells nothing.
SECRETS_PER_REQUEST = 128


#: Steps in which finds are counted. Smaller steps would tell when one service acted, and so which.
COARSE_COUNTS = (0, 1, 3, 10, 30, 100, 300, 1_000)

#: Days from asking to a withdrawal that can be thought over: with the rest of the present day, 24 to 48 hours.
COOLING_OFF_DAYS = 2


class ReceiptState(StrEnum):
    """Unknown, expired and withdrawn answer alike."""

    WAITING = "waiting"
    LISTED = "listed"
    SUSPENDED = "suspended"
    UNLISTED = "unlisted"


@dataclass(frozen=True, slots=True)
class EntryStatus:
    """What one secret opens. Counts are of participants; days are in UTC. `removed_on` is a coarse count.

    `expires_on` is the day on which it is withdrawn by itself, unless it is renewed; None where that never happens.
    """

    state: ReceiptState
    since: date | None = None
    services: int | None = None
    fetched_by: int | None = None
    removed_on: int | None = None
    withdraw_on: date | None = None
    expires_on: date | None = None


def receipt_digest(secret: bytes) -> ReceiptDigest:
    """Gives what is stored for a secret: SHA-256 of it (spec/receipt.md)."""
    return hashlib.sha256(secret).digest()


def coarse(count: int) -> int:
    """Gives the largest step that a count has reached: it is at least this."""
    return max(step for step in COARSE_COUNTS if step <= count)
