"""The published rule, row by row: what votes make of an entry."""

from __future__ import annotations

import json
from typing import Any

import pytest

from support.servers import ROOT
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
PUBLISHED: dict[str, Any] = json.loads((ROOT / "spec" / "trust-rules.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("confirmed", "wrong", "tier", "suspended"), TABLE)
def test_votes_give_this_standing(confirmed, wrong, tier, suspended):
    assert Standing(tier, suspended) == standing(confirmed=confirmed, wrong=wrong)


@pytest.mark.parametrize("confirmed", range(5))
@pytest.mark.parametrize("wrong", range(7))
def test_who_reads_only_what_is_published_comes_to_the_same(confirmed, wrong):
    reached = [row["tier"] for row in PUBLISHED["tiers"] if confirmed >= row.get("confirmations", 99)]
    rule = PUBLISHED["suspension"]
    suspended = wrong >= rule["rejections"] and (wrong > confirmed or not rule["more_than_confirmations"])
    assert Standing(Tier(reached[-1]), suspended) == standing(confirmed=confirmed, wrong=wrong)


def test_a_hotline_s_own_review_outweighs_votes():
    assert Standing(Tier.VERIFIED, suspended=False) == standing(confirmed=0, wrong=5, verified=True)
    assert [row["tier"] for row in PUBLISHED["tiers"] if "confirmations" not in row] == ["verified"]
    assert PUBLISHED["suspension"]["never_of"] == ["verified"]


def test_one_claim_never_allows_more_than_a_hold():
    assert STRONGEST_ACTION[Tier.SUBMITTED] is StrongestAction.HOLD
    assert STRONGEST_ACTION[Tier.CORROBORATED] is StrongestAction.HOLD
    assert {row["tier"]: row["action"] for row in PUBLISHED["tiers"]} == {
        tier.value: action.value for tier, action in STRONGEST_ACTION.items()
    }
    assert set(Tier) == set(STRONGEST_ACTION)
