"""Submissions of made-up fingerprints: for tests of the clearinghouse that need many and no picture."""

from __future__ import annotations

import copy
import hashlib
import random
from dataclasses import dataclass
from typing import Any

from takeback.fingerprints.edits import Protection, edits_of

SECRETS = 128


@dataclass(frozen=True)
class Made:
    """A submission's body, and the secret of each of its entries."""

    body: dict[str, Any]
    secrets: list[str]


def make(number: int, entries: int = 3) -> Made:
    """Gives submission `number`: always the same for the same number."""
    drawn = random.Random(number)
    secrets = [drawn.randbytes(32) for _ in range(entries)]
    body = {"age": "under-18", "entries": [_entry(secret, drawn) for secret in secrets]}
    return Made(body, [secret.hex() for secret in secrets])


def with_every_edit(made: Made) -> Made:
    """Gives the same submission with the most protection that there is."""
    drawn = random.Random(0)
    body = copy.deepcopy(made.body)
    for entry in body["entries"]:
        own = [one for one in entry["fingerprints"] if "edit" not in one]
        edits = edits_of(Protection.STRONG, 400, 300)
        entry["fingerprints"] = own + [
            {"type": "pdq", "value": _half_ones(drawn), "quality": 100, "edit": edit.name} for edit in edits
        ]
    return Made(body, made.secrets)


def _entry(secret: bytes, drawn: random.Random) -> dict[str, Any]:
    return {
        "receipt": hashlib.sha256(secret).hexdigest(),
        "kind": "image",
        "fingerprints": [
            {"type": "md5", "value": drawn.randbytes(16).hex()},
            {"type": "sha256", "value": drawn.randbytes(32).hex()},
            {"type": "pdq", "value": _half_ones(drawn), "quality": 100},
            {"type": "pdq", "value": _half_ones(drawn), "quality": 90, "edit": "centre-10"},
        ],
    }


def _half_ones(drawn: random.Random) -> str:
    return f"{sum(1 << bit for bit in drawn.sample(range(256), 128)):064x}"


def asked(secrets: list[str]) -> dict[str, list[str]]:
    """The body that asks for, or takes back, these entries."""
    filler = [random.randbytes(32).hex() for _ in range(SECRETS - len(secrets))]
    return {"secrets": [*secrets, *filler]}
