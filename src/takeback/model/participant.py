"""A vetted company that receives the list, and what the clearinghouse knows of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from takeback.fingerprints.types import FingerprintType

#: What an agreement may allow; a list holds nothing else.
AGREED_TYPES = (FingerprintType.MD5, FingerprintType.SHA256, FingerprintType.PDQ, FingerprintType.VPDQ)


class ParticipantState(StrEnum):
    """sandbox → active ⇄ suspended; any → left, for ever. Suspension takes effect with the next request.

    In the sandbox it is given test entries and nothing else. To make it active, or to let it back in, takes two
    operators.
    """

    SANDBOX = "sandbox"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Participant:
    """One participant. Keys are Ed25519, 32 bytes; `acknowledged` is the cursor that it last came back with.

    `public_key` is empty until it has one. `old_key` is valid beside it before `old_key_ends_at`. `types` is what its
    agreement allows it; a participant from before there were agreements is allowed every type.
    """

    id: str
    name: str
    state: ParticipantState
    public_key: bytes
    view_key: bytes
    invited_on: date
    acknowledged: int
    last_sync_at: datetime | None
    live_on: date | None = None
    old_key: bytes | None = None
    old_key_ends_at: datetime | None = None
    last_error: str | None = None
    last_error_at: datetime | None = None
    types: frozenset[FingerprintType] = frozenset(AGREED_TYPES)

    def keys(self, now: datetime) -> tuple[bytes, ...]:
        """Gives the public keys that are valid now, the latest first."""
        old_ends = self.old_key_ends_at
        old = self.old_key if old_ends is not None and now < old_ends else None
        return tuple(key for key in (self.public_key, old) if key)
