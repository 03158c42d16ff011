"""What the six words show the person: the state of each entry, and nothing that ties entries together."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from takeback.model.entry import ReceiptDigest

#: Every question and every withdrawal holds exactly so many secrets, so that its size tells nothing.
SECRETS_PER_REQUEST = 128


class ReceiptState(StrEnum):
    """Unknown, expired and withdrawn answer alike."""

    WAITING = "waiting"
    LISTED = "listed"
    SUSPENDED = "suspended"
    UNLISTED = "unlisted"


@dataclass(frozen=True, slots=True)
class EntryStatus:
    """What one secret opens. Counts are of participants; the day is in UTC."""

    state: ReceiptState
    since: date | None = None
    services: int | None = None
    fetched_by: int | None = None
    removed_on: int | None = None


def receipt_digest(secret: bytes) -> ReceiptDigest:
    """Gives what is stored for a secret: SHA-256 of it (spec/receipt.md)."""
    return hashlib.sha256(secret).digest()
