"""The trust rules as everybody may read them (`/v1/trust-rules`, spec/trust-rules.json)."""

from __future__ import annotations

from takeback.model.tier import RULES
from takeback.wire.json import Answer


class TierBody(Answer, frozen=True):
    """One tier. `confirmations` by different participants reach it; without, only the hotline's own review does."""

    tier: str
    action: str
    confirmations: int | None = None


class SuspensionBody(Answer, frozen=True):
    """So many "wrong" verdicts suspend an entry, where they are also more than the confirmations."""

    rejections: int
    more_than_confirmations: bool
    never_of: list[str]


class ReviewBody(Answer, frozen=True):
    """How many operators it takes to verify an entry, or to release one that is suspended for another reason."""

    operators: int


class TrustRulesBody(Answer, frozen=True):
    """What moves an entry, and how far. Lowest tier first."""

    format: str
    tiers: list[TierBody]
    suspension: SuspensionBody
    review: ReviewBody


def trust_rules() -> TrustRulesBody:
    """Gives the rules that hold."""
    return TrustRulesBody(
        "takeback-trust-rules/1",
        [TierBody(rule.tier.value, rule.action.value, rule.confirmations) for rule in RULES.tiers],
        SuspensionBody(
            RULES.rejections_to_suspend,
            more_than_confirmations=True,
            never_of=[rule.tier.value for rule in RULES.tiers if rule.confirmations is None],
        ),
        ReviewBody(operators=2),
    )
