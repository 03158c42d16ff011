"""Every participant has names of its own for entries, and only its own."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback.errors import InvalidInputError
from takeback.model.view import View

ENTRY_IDS = st.binary(min_size=16, max_size=16)
KEYS = st.binary(min_size=16, max_size=16)


@given(ENTRY_IDS, KEYS)
def test_a_name_leads_back_to_its_entry(entry_id, key):
    view = View(key)
    assert entry_id == view.entry_of(view.name_of(entry_id), field="entry")


def test_two_views_share_no_name():
    ids = [os.urandom(16) for _ in range(500)]
    one, other = View(os.urandom(16)), View(os.urandom(16))
    assert not {one.name_of(i) for i in ids} & {other.name_of(i) for i in ids}


@pytest.mark.parametrize("name", ["", "xyz", "ab" * 15, "ab" * 17, "zz" * 16])
def test_what_is_not_a_name_is_refused_with_its_field(name):
    with pytest.raises(InvalidInputError, match=r"feedback\[3\]\.entry"):
        View(bytes(16)).entry_of(name, field="feedback[3].entry")
