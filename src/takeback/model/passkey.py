"""What an operator signs in with: a key pair whose private half never leaves the operator's device."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Passkey:
    """One of them. `public_key` is COSE (RFC 9052); `uses` is the counter of its device, 0 where that has none."""

    id: bytes
    operator: str
    public_key: bytes
    uses: int
    label: str
    added_on: date
    last_used_on: date | None
