"""What is found to be posted by whoever is shown in it is never reported, whoever found it and however it was seen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from support.desk import NOW, finding
from takeback.model.hold import Content, Hold, HoldState, Source
from takeback.model.operator import Role
from takeback.model.reason import OWN_ACCOUNT
from takeback.model.report import Grounds, Judged, Unseen, refusal

HOLD = Hold("h", Content("post/1"), Source.UPLOAD, (finding(),), bytes(16), NOW, state=HoldState.CONFIRMED)


@pytest.mark.parametrize("grounds", list(Grounds), ids=lambda one: one.value)
def test_what_the_person_shown_has_posted_is_not_reported(grounds: Grounds) -> None:
    judged = Judged(replace(HOLD, reason="as-listed"), Role.CHILD_SAFETY, viewed=True, tiers=frozenset({"verified"}))
    assert refusal(judged, grounds, Unseen.VERIFIED) is None
    own = replace(judged, hold=replace(HOLD, reason=OWN_ACCOUNT))
    assert "posted it" in (refusal(own, grounds, Unseen.VERIFIED) or "")
