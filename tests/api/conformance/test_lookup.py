"""What stock clients need of a server, row by row: the look-up."""

from __future__ import annotations

import base64
from pathlib import Path

import httpx2
import pytest
from arachnid_shield_sdk.models import ScanMediaFromPdq

from support.arachnid import LOOKUP, coded, lookup, shield_of
from support.members import Member, listed, own_pdq, withdraw
from support.servers import ClearinghouseServer
from takeback.clearinghouse.test_entries import changed_after, fingerprints_of
from takeback.fingerprints.types import FingerprintType
from takeback.model.participant import ParticipantState


def test_lookup_echoes_keys_and_unknown_is_no_known_match(server: ClearinghouseServer, member: Member) -> None:
    made = listed(server, 610)
    value = own_pdq(made)[0]
    keys = {coded(value): 0, coded(value, 31): 31, coded("0f" * 32): None}
    answer = lookup(member, *keys)
    assert (answer.status_code, list(answer.json()["scanned_hashes"])) == (200, list(keys))
    for key, distance in keys.items():
        found = answer.json()["scanned_hashes"][key]
        if distance is None:
            unknown = {"classification": "no-known-match", "match_type": None, "near_match_details": None}
            assert found == unknown
        else:
            assert (found["classification"], found["match_type"]) == ("harmful-abusive-material", "near")
            details = found["near_match_details"]
            assert (details["distance"], details["action"], details["test"]) == (distance, "hold", False)
            assert set(details["sha256_hex"]) == {"0"}
            assert set(details["sha1_base32"]) == {"A"}
    edits = [one["value"] for one in made.body["entries"][0]["fingerprints"] if "edit" in one]
    assert lookup(member, coded(edits[0])).json()["scanned_hashes"][coded(edits[0])]["match_type"] is None


def test_lookup_knows_at_once_what_is_withdrawn(server: ClearinghouseServer, member: Member) -> None:
    made = listed(server, 620)
    keys = [coded(value) for value in own_pdq(made)]
    before = lookup(member, *keys).json()["scanned_hashes"]
    assert [before[key]["match_type"] for key in keys] == ["near"] * 3
    withdraw(server, made.secrets[0])
    after = lookup(member, *keys).json()["scanned_hashes"]
    assert [after[key]["match_type"] for key in keys] == [None, "near", "near"]


def test_lookup_has_a_limit_on_batches(member: Member) -> None:
    assert lookup(member, *(coded(f"{n:064x}") for n in range(100))).status_code == 200
    answer = lookup(member, *(coded(f"{n:064x}") for n in range(101)))
    assert (answer.status_code, answer.json()["field"]) == (413, "hashes")
    for bad in ([], ["%"], [base64.b64encode(bytes(31)).decode()], ["A" * 43], [None], "x"):
        answer = httpx2.post(
            f"{member.server.url}{LOOKUP}", auth=(member.user, member.password), json={"hashes": bad}, timeout=30
        )
        assert answer.status_code == 400, bad
        assert answer.json()["field"].startswith("hashes")


def test_lookup_says_when_to_come_back(reader: Member) -> None:
    answers = [lookup(reader, coded("0f" * 32)) for _ in range(5)]
    assert 429 in {one.status_code for one in answers}
    assert int(answers[-1].headers["retry-after"]) > 0


@pytest.mark.parametrize("path", ["media", "url"])
def test_lookup_takes_no_bytes(path: str, member: Member) -> None:
    address = f"{member.server.url}/arachnid/v1/{path}/"
    answer = httpx2.post(address, auth=(member.user, member.password), content=b"\xff\xd8\xff" * 100)
    assert (answer.status_code, answer.json()["field"]) == (400, "body")
    assert "PDQ" in answer.json()["detail"]


def test_lookup_tells_test_data_apart(member: Member, of_channels: dict[str, str]) -> None:
    keys = {name: coded(value) for name, value in of_channels.items()}
    found = lookup(member, *keys.values()).json()["scanned_hashes"]
    assert {name for name, key in keys.items() if found[key]["near_match_details"]["test"]} == {"test"}


def test_lookup_has_test_pictures_in_the_sandbox(server: ClearinghouseServer, tmp_path: Path) -> None:
    """With the stock client: two are found as test data, the one that was taken back is not, nor is what is listed."""
    member = Member(server, "In the sandbox by look-up", tmp_path, ParticipantState.SANDBOX)
    rings, squares, waves = (
        coded(one.value.hex())
        for entry in changed_after(0, 3)
        for one in fingerprints_of(entry.id)
        if one.type is FingerprintType.PDQ and one.edit is None
    )
    ours = coded(own_pdq(listed(server, 625))[0])
    asked = [rings, squares, waves, ours]
    with shield_of(member) as shield:
        found = shield.scan_pdq_hashes(ScanMediaFromPdq(hashes=asked)).scanned_hashes
    assert [found[key].matches_known_media for key in asked] == [True, False, True, False]
    details = lookup(member, rings).json()["scanned_hashes"][rings]["near_match_details"]
    assert (details["test"], details["action"]) == (True, "hold")
