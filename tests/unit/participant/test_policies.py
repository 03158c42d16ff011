"""Every row of a policy, as a table: where it fits, what it may do, and what stands behind all rows."""

from __future__ import annotations

from datetime import date

import pytest

from takeback.agent_settings import FileList, PolicyRow
from takeback.errors import SettingsError
from takeback.fingerprints.types import FingerprintType
from takeback.matching.policy import Match
from takeback.matching.thresholds import Grade
from takeback.model.hold import Surface
from takeback.model.tier import StrongestAction, Tier
from takeback.participant.agent.policies import EU_MEMBERS, Do, Policies, Ruling, strongest, strongest_tried
from takeback.platform_settings import PlatformSettings

PUBLIC, MESSAGE, PROFILE = Surface
LISTS = (FileList(name="ours", path="a"), FileList(name="theirs", path="b"))


def policies(*rows: PolicyRow, **settings: str) -> Policies:
    return Policies.of(PlatformSettings(lists=LISTS, policies=rows, **settings))


def match(grade: Grade = Grade.STRONG, distance: int = 10, action: StrongestAction = StrongestAction.HOLD) -> Match:
    return Match("e", FingerprintType.PDQ, distance, 31, Tier.CONFIRMED, action, date(2026, 11, 26), grade=grade)


BOTH = StrongestAction.REMOVE
ROW = PolicyRow

#: Rows; what is asked: list, surface, region, match; what it leads to, by which row.
TABLE = {
    "nothing is set": ([], ("ours", PUBLIC, "US", match()), (Do.HOLD, "hold-what-is-near")),
    "a profile picture": ([], ("ours", PROFILE, "DE", match()), (Do.HOLD, "hold-what-is-near")),
    "a message elsewhere": ([], ("ours", MESSAGE, "US", match()), (Do.HOLD, "hold-what-is-near")),
    "a message in the EU": ([], ("ours", MESSAGE, "DE", match()), (Do.ALLOW, "no-messages-in-the-eu")),
    "a message from anywhere": ([], ("ours", MESSAGE, None, match()), (Do.ALLOW, "no-messages-in-the-eu")),
    "a row for everything is none for messages in the EU": (
        [ROW(name="all", do="hold")],
        ("ours", MESSAGE, "FR", match()),
        (Do.ALLOW, "no-messages-in-the-eu"),
    ),
    "a row that names messages alone is none either": (
        [ROW(name="all", do="hold", surfaces=("message",))],
        ("ours", MESSAGE, "FR", match()),
        (Do.ALLOW, "no-messages-in-the-eu"),
    ),
    "a row that names messages and the EU": (
        [ROW(name="decided", do="hold", surfaces=("message",), regions=("EU",))],
        ("ours", MESSAGE, "FR", match()),
        (Do.HOLD, "decided"),
    ),
    "messages of an unknown region have to be named": (
        [ROW(name="decided", do="hold", surfaces=("message",), regions=("EU", "unknown"))],
        ("ours", MESSAGE, None, match()),
        (Do.HOLD, "decided"),
    ),
    "a row of another list": (
        [ROW(name="other", do="off", lists=("theirs",))],
        ("ours", PUBLIC, "US", match()),
        (Do.HOLD, "hold-what-is-near"),
    ),
    "a row of this list": (
        [ROW(name="this", do="off", lists=("theirs",))],
        ("theirs", PUBLIC, "US", match()),
        (Do.ALLOW, "this"),
    ),
    "a row of another surface": (
        [ROW(name="other", do="off", surfaces=("profile",))],
        ("ours", PUBLIC, "US", match()),
        (Do.HOLD, "hold-what-is-near"),
    ),
    "a row of a country": (
        [ROW(name="country", do="off", regions=("US",))],
        ("ours", PUBLIC, "US", match()),
        (Do.ALLOW, "country"),
    ),
    "a row of the EU fits its members": (
        [ROW(name="union", do="off", regions=("EU",))],
        ("ours", PUBLIC, "PL", match()),
        (Do.ALLOW, "union"),
    ),
    "a row of the EU fits nobody else": (
        [ROW(name="union", do="off", regions=("EU",))],
        ("ours", PUBLIC, "GB", match()),
        (Do.HOLD, "hold-what-is-near"),
    ),
    "a row of a grade": (
        [ROW(name="unsure", do="off", grades=("probable",))],
        ("ours", PUBLIC, "US", match(Grade.PROBABLE, 40)),
        (Do.ALLOW, "unsure"),
    ),
    "a row of the other grade": (
        [ROW(name="unsure", do="off", grades=("probable",))],
        ("ours", PUBLIC, "US", match()),
        (Do.HOLD, "hold-what-is-near"),
    ),
    "within a distance": (
        [ROW(name="near", do="hold", within_bits=10), ROW(name="far", do="off")],
        ("ours", PUBLIC, "US", match()),
        (Do.HOLD, "near"),
    ),
    "beyond it": (
        [ROW(name="near", do="hold", within_bits=9), ROW(name="far", do="off")],
        ("ours", PUBLIC, "US", match()),
        (Do.ALLOW, "far"),
    ),
    "the first row decides": (
        [ROW(name="first", do="hide"), ROW(name="second", do="off")],
        ("ours", PUBLIC, "US", match(action=BOTH)),
        (Do.HIDE, "first"),
    ),
    "nothing is hidden on one family of evidence": (
        [ROW(name="hide", do="hide")],
        ("ours", PUBLIC, "US", match()),
        (Do.HOLD, "hide"),
    ),
    "nothing is removed on one family of evidence": (
        [ROW(name="remove", do="remove")],
        ("ours", PUBLIC, "US", match()),
        (Do.HOLD, "remove"),
    ),
    "two families may remove": (
        [ROW(name="remove", do="remove")],
        ("ours", PUBLIC, "US", match(action=BOTH)),
        (Do.REMOVE, "remove"),
    ),
    "two families may hide": (
        [ROW(name="hide", do="hide")],
        ("ours", PUBLIC, "US", match(action=BOTH)),
        (Do.HIDE, "hide"),
    ),
    "what may be removed is held where the row says so": (
        [],
        ("ours", PUBLIC, "US", match(action=BOTH)),
        (Do.HOLD, "hold-what-is-near"),
    ),
}


@pytest.mark.parametrize("case", TABLE)
def test_a_row_says_what_a_match_leads_to(case: str) -> None:
    rows, (list_, surface, region, found), (do, by) = TABLE[case]
    assert policies(*rows).rule(found, list_, surface, region) == Ruling(by, do)


def test_messages_are_not_even_looked_at_in_the_eu() -> None:
    by_default = policies()
    assert not any(by_default.looks_at("ours", MESSAGE, country) for country in EU_MEMBERS)
    assert by_default.looks_at("ours", MESSAGE, "US")
    assert by_default.looks_at("ours", PUBLIC, "DE")


def test_a_list_is_looked_at_when_any_grade_leads_to_something() -> None:
    unsure = policies(ROW(name="unsure", do="off", grades=("probable",)))
    assert unsure.looks_at("ours", PUBLIC, "US")
    assert unsure.rule(match(grade=Grade.PROBABLE), "ours", PUBLIC, "US").do is Do.ALLOW
    assert not policies(ROW(name="nothing", do="off")).looks_at("ours", PUBLIC, "US")


def test_a_dry_run_is_said_and_not_carried_out() -> None:
    tried = policies(ROW(name="trying", do="remove", dry_run=True)).rule(match(action=BOTH), "ours", PUBLIC, "US")
    assert tried == Ruling("trying", Do.REMOVE, dry_run=True)
    real = Ruling("hold", Do.HOLD)
    assert (strongest([tried, real]), strongest_tried([tried, real])) == (real, tried)
    assert (strongest([tried]), strongest([])) == (None, None)


def test_failing_open_or_closed_is_chosen_for_each_surface() -> None:
    chosen = policies(stale_profile="fail-closed", unscannable_public="fail-closed")
    assert chosen.stale == {PUBLIC: False, MESSAGE: False, PROFILE: True}
    assert chosen.unscannable == {PUBLIC: True, MESSAGE: False, PROFILE: False}


def test_a_row_about_no_list_is_a_mistake() -> None:
    with pytest.raises(SettingsError, match="mine, which is not in `lists`"):
        policies(ROW(name="mine", do="hold", lists=("mine",)))
