"""A vetted company that receives the list, and what the clearinghouse knows of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class ParticipantState(StrEnum):
    """Suspension takes effect with the next request."""

    ACTIVE = "active"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class Participant:
    """One participant. `public_key` is Ed25519, 32 bytes; `acknowledged` is the cursor that it last came back with."""

    id: str
    name: str
    state: ParticipantState
    public_key: bytes
    view_key: bytes
    invited_on: date
    acknowledged: int
    last_sync_at: datetime | None
