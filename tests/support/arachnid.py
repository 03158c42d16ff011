"""The look-up dialect as a stock client asks it."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import pytest
from arachnid_shield_sdk import ArachnidShield
from arachnid_shield_sdk.api.client import _ArachnidShield

from support.members import Member

LOOKUP = "/arachnid/v1/pdq/"


def lookup(member: Member, *hashes: str) -> httpx2.Response:
    auth = (member.user, member.password)
    return httpx2.post(f"{member.server.url}{LOOKUP}", auth=auth, json={"hashes": list(hashes)}, timeout=30)


def flipped(value: str, bits: int) -> str:
    """Gives a PDQ value so many bits away."""
    return f"{int(value, 16) ^ ((1 << bits) - 1):064x}"


def coded(value: str, bits: int = 0) -> str:
    """Gives a PDQ value so many bits away, as the client sends it."""
    return base64.b64encode(bytes.fromhex(flipped(value, bits))).decode()


@contextmanager
def shield_of(member: Member) -> Iterator[ArachnidShield]:
    """Gives the client's own SDK, as `ARACHNID_SHIELD_URL` makes it, which is read once, at the import."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(_ArachnidShield.__init__.__kwdefaults__, "base_url", f"{member.server.url}/arachnid/")
        made = ArachnidShield(username=member.user, password=member.password)
    yield made
    made._ArachnidShield__client.close()
