"""Meta's `tx`, unmodified, from its configuration to a withdrawal: one journey for every exchange that can reach us.

Each call starts a process that loads for seconds, so they are few: what else the client does is asked of its library
(test_hash_sharing.py, test_stopncii.py, conformance/).
"""

from __future__ import annotations

import time
from pathlib import Path

from support.hash_sharing import confirm
from support.members import Member, listed, own_pdq, withdraw
from support.servers import ClearinghouseServer
from support.waiting import eventually


def test_tx_finds_and_forgets(server: ClearinghouseServer, tmp_path: Path) -> None:
    member = Member(server, "Command line", tmp_path)
    made, since = listed(server, 100), time.time()
    values = own_pdq(made)
    for extension in ("at_our_address", "takeback.exchanges.threatexchange"):
        member.tx("config", "extensions", "add", extension)
    collab = ("config", "collab", "edit")
    member.tx(*collab, "ncmec", "--create", "--environment", "test_Industry", "by-ncmec")
    member.tx(*collab, "takeback", "--create", "--base-url", member.base, "by-takeback")
    member.tx(*collab, "stop_ncii", "--create", "by-stopncii")
    five_seconds_after(since)
    member.tx("fetch")
    assert found_by(member, values[0]) == {"by-ncmec", "by-takeback", "by-stopncii"}

    more = own_pdq(listed(server, 101))
    for number in range(2):  # what two confirm moves to another tier, and is told again as the same entry
        confirm(Member(server, f"Voter {number}", tmp_path), values[1])
    withdraw(server, made.secrets[0])
    five_seconds_after(time.time())
    member.tx("fetch")
    assert found_by(member, more[0]) == {"by-ncmec", "by-takeback", "by-stopncii"}
    assert found_by(member, values[1]) == {"by-ncmec", "by-takeback", "by-stopncii"}
    # It goes on matching by StopNCII's dialect. Where it has been mended: docs/dialects.md has to say so.
    assert found_by(member, values[0]) == {"by-stopncii"}


def found_by(member: Member, value: str) -> set[str]:
    """Gives the collaborations in which the client finds a bare PDQ value."""
    said = member.matches(value)
    return {name for name in ("by-ncmec", "by-takeback", "by-stopncii") if name in said}


def five_seconds_after(moment: float) -> None:
    """NCMEC's client stays five seconds behind its clock: waits until it asks for what was there at that moment."""
    eventually(lambda: time.time() > moment + 6)
