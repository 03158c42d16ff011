"""How far an entry is believed, and what the strongest thing is that anybody may do about it.

The rule is published and is data: confirmations and rejections by different participants move the tier; nothing
else does. `verified` is set by a hotline's own review (a later room) and is never reached by votes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Tier(StrEnum):
    """submitted → corroborated → confirmed → verified."""

    SUBMITTED = "submitted"
    CORROBORATED = "corroborated"
    CONFIRMED = "confirmed"
    VERIFIED = "verified"


class StrongestAction(StrEnum):
    """The most that a participant may do by machine. A person who has looked may always do more."""

    HOLD = "hold"
    REMOVE = "remove"


#: Tier decides the strongest action that the list allows (architecture, decision 4).
STRONGEST_ACTION: dict[Tier, StrongestAction] = {
    Tier.SUBMITTED: StrongestAction.HOLD,
    Tier.CORROBORATED: StrongestAction.HOLD,
    Tier.CONFIRMED: StrongestAction.REMOVE,
    Tier.VERIFIED: StrongestAction.REMOVE,
}

#: One independent confirmation corroborates, two confirm.
CONFIRMATIONS_TO_CORROBORATE = 1
CONFIRMATIONS_TO_CONFIRM = 2
#: Two independent "wrong" verdicts suspend an entry everywhere, unless more participants confirmed it.
REJECTIONS_TO_SUSPEND = 2


@dataclass(frozen=True, slots=True)
class Standing:
    """What the votes make of an entry."""

    tier: Tier
    suspended: bool


def standing(*, confirmed: int, wrong: int, verified: bool = False) -> Standing:
    """Gives the standing of an entry from the verdicts of different participants (at most one each)."""
    suspended = not verified and wrong >= REJECTIONS_TO_SUSPEND and wrong > confirmed
    if verified:
        return Standing(Tier.VERIFIED, suspended)
    if confirmed >= CONFIRMATIONS_TO_CONFIRM:
        return Standing(Tier.CONFIRMED, suspended)
    if confirmed >= CONFIRMATIONS_TO_CORROBORATE:
        return Standing(Tier.CORROBORATED, suspended)
    return Standing(Tier.SUBMITTED, suspended)
