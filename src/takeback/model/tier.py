"""How far an entry is believed, and what the strongest thing is that anybody may do about it.

The rule is published and is data (`RULES`; as JSON in spec/trust-rules.json and at /v1/trust-rules): confirmations and
rejections by different active participants move the tier, and two operators of the hotline may set `verified`.
Nothing else does.
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


@dataclass(frozen=True, slots=True)
class TierRule:
    """One tier: the confirmations by different participants that reach it (None: no votes do), and what it allows."""

    tier: Tier
    confirmations: int | None
    action: StrongestAction


@dataclass(frozen=True, slots=True)
class TrustRules:
    """The whole rule, lowest tier first.

    So many "wrong" verdicts of different participants suspend an entry everywhere, unless as many or more confirmed it.
    Neither votes nor machines suspend a verified one: there, two persons of the hotline have looked.
    """

    tiers: tuple[TierRule, ...]
    rejections_to_suspend: int


RULES = TrustRules(
    tiers=(
        TierRule(Tier.SUBMITTED, 0, StrongestAction.HOLD),
        TierRule(Tier.CORROBORATED, 1, StrongestAction.HOLD),
        TierRule(Tier.CONFIRMED, 2, StrongestAction.REMOVE),
        TierRule(Tier.VERIFIED, None, StrongestAction.REMOVE),
    ),
    rejections_to_suspend=2,
)

#: Tier decides the strongest action that the list allows (architecture, decision 4).
STRONGEST_ACTION: dict[Tier, StrongestAction] = {rule.tier: rule.action for rule in RULES.tiers}


@dataclass(frozen=True, slots=True)
class Standing:
    """What the votes make of an entry."""

    tier: Tier
    suspended: bool


def standing(*, confirmed: int, wrong: int, verified: bool = False) -> Standing:
    """Gives the standing of an entry from the verdicts of different active participants (at most one each)."""
    if verified:
        return Standing(Tier.VERIFIED, suspended=False)
    reached = [rule.tier for rule in RULES.tiers if rule.confirmations is not None and confirmed >= rule.confirmations]
    return Standing(reached[-1], suspended=wrong >= RULES.rejections_to_suspend and wrong > confirmed)
