"""The look-up dialect as a stock client asks it."""

from __future__ import annotations

import base64

import httpx2

from support.members import Member

LOOKUP = "/arachnid/v1/pdq/"


def lookup(member: Member, *hashes: str) -> httpx2.Response:
    auth = (member.user, member.password)
    return httpx2.post(f"{member.server.url}{LOOKUP}", auth=auth, json={"hashes": list(hashes)}, timeout=30)


def coded(value: str, flipped: int = 0) -> str:
    number = int(value, 16) ^ ((1 << flipped) - 1)
    return base64.b64encode(number.to_bytes(32, "big")).decode()
