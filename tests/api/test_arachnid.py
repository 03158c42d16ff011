"""Arachnid Shield's own SDK, unmodified, at our address."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest
from arachnid_shield_sdk import ArachnidShield
from arachnid_shield_sdk.models import ArachnidShieldException, ScanMediaFromPdq

from support.arachnid import shield_of
from support.members import Member, listed, own_pdq, withdraw
from support.servers import ClearinghouseServer

DRAWN = b"GIF89a, drawn by the test"


@pytest.fixture
def shield(member: Member) -> Iterator[ArachnidShield]:
    with shield_of(member) as made:
        yield made


def test_the_sdk_is_answered(server: ClearinghouseServer, shield: ArachnidShield) -> None:
    made = listed(server, 650, 2)
    known, gone = (base64.b64encode(bytes.fromhex(value)).decode() for value in own_pdq(made))
    unknown = base64.b64encode(bytes(range(32))).decode()
    withdraw(server, made.secrets[1])
    found = shield.scan_pdq_hashes(ScanMediaFromPdq(hashes=[known, gone, unknown])).scanned_hashes
    assert list(found) == [known, gone, unknown]
    assert [one.matches_known_media for one in found.values()] == [True, False, False]
    assert found[known].classification == "harmful-abusive-material"
    assert found[known].near_match_details.sha256_hex == "0" * 64


def test_a_picture_is_refused_with_a_sentence(shield: ArachnidShield) -> None:
    for ask in (
        lambda: shield.scan_media_from_bytes(DRAWN, "image/gif"),
        lambda: shield.scan_media_from_url("https://pictures.example/1"),
    ):
        with pytest.raises(ArachnidShieldException, match="No picture and no address of one is taken here"):
            ask()
