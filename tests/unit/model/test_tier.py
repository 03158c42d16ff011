"""The published rule, row by row: what votes make of an entry."""

from __future__ import annotations

import pytest

from takeback.model.tier import STRONGEST_ACTION, Standing, StrongestAction, Tier, standing

TABLE = [
    # confirmed, wrong, tier, suspended
    (0, 0, Tier.SUBMITTED, False),
    (1, 0, Tier.CORROBORATED, False),
    (2, 0, Tier.CONFIRMED, False),
    (9, 0, Tier.CONFIRMED, False),
    (0, 1, Tier.SUBMITTED, False),
    (0, 2, Tier.SUBMITTED, True),
    (1, 2, Tier.CORROBORATED, True),
    (2, 2, Tier.CONFIRMED, False),
    (2, 3, Tier.CONFIRMED, True),
    (3, 2, Tier.CONFIRMED, False),
]


@pytest.mark.parametrize(("confirmed", "wrong", "tier", "suspended"), TABLE)
def test_votes_give_this_standing(confirmed, wrong, tier, suspended):
    assert Standing(tier, suspended) == standing(confirmed=confirmed, wrong=wrong)


def test_a_hotline_s_own_review_outweighs_votes():
    assert Standing(Tier.VERIFIED, suspended=False) == standing(confirmed=0, wrong=5, verified=True)


def test_one_claim_never_allows_more_than_a_hold():
    assert STRONGEST_ACTION[Tier.SUBMITTED] is StrongestAction.HOLD
    assert STRONGEST_ACTION[Tier.CORROBORATED] is StrongestAction.HOLD
    assert set(Tier) == set(STRONGEST_ACTION)
