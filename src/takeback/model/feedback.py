"""What a participant tells the clearinghouse after a person has looked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What the reviewer found. One verdict per participant and entry; a later one replaces it."""

    CONFIRMED = "confirmed"
    WRONG = "wrong"


class ActionTaken(StrEnum):
    """What the participant then did with its own copy."""

    REMOVED = "removed"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Feedback:
    """One verdict on one entry. `entry` is the participant's own id for it (32 hex digits)."""

    entry: str
    verdict: Verdict
    action: ActionTaken
