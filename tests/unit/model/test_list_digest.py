"""The bytes of the list's digest are those that spec/list-format.md states."""

from __future__ import annotations

import hashlib
from datetime import date

from support.exchange_simulator import md5, pdq
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.entry import Age, Kind, ListedEntry
from takeback.model.list_digest import entry_hash
from takeback.model.tier import StrongestAction, Tier


def test_a_line_for_each_fingerprint_and_the_edit_where_there_is_one() -> None:
    frame = Fingerprint(FingerprintType.VPDQ, bytes(32), quality=93, at=7)
    prints = (pdq(2, edit="centre-10"), pdq(1), frame, md5(3))
    entry = ListedEntry(
        *("ab" * 16, 5, Kind.IMAGE, Age.UNSURE, Tier.SUBMITTED, StrongestAction.HOLD, date(2026, 11, 24)), prints
    )
    lines = [
        *("takeback entry 1", "5", "image", "unsure", "submitted", "hold", "2026-11-24"),
        f"md5 {3:032x} - -",
        f"pdq {1:064x} 100 -",
        f"pdq {2:064x} 100 - centre-10",
        f"vpdq {0:064x} 93 7",
    ]
    assert entry_hash(entry) == int(hashlib.sha256("\n".join(lines).encode()).hexdigest(), 16)
