"""A new key proves that whoever registers it has it, and for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from takeback.errors import InvalidInputError
from takeback.wire.keys import KeyBody, key_body, new_key

KEY = Ed25519PrivateKey.generate()


def test_a_key_that_proves_itself_is_taken() -> None:
    read, overlap = new_key(key_body(KEY, "p-1", 3), "p-1")
    assert (read.public_bytes_raw(), overlap) == (KEY.public_key().public_bytes_raw(), timedelta(days=3))


@dataclass
class Wrong:
    body: KeyBody
    field: str


GOOD = key_body(KEY, "p-1")


@pytest.mark.parametrize(
    "wrong",
    [
        Wrong(key_body(KEY, "p-2"), "proof"),
        Wrong(msgspec.structs.replace(GOOD, proof="x"), "proof"),
        Wrong(msgspec.structs.replace(GOOD, proof=key_body(Ed25519PrivateKey.generate(), "p-1").proof), "proof"),
        Wrong(msgspec.structs.replace(GOOD, public_key="AAAA"), "public_key"),
        Wrong(msgspec.structs.replace(GOOD, public_key="ä"), "public_key"),
    ],
)
def test_any_other_is_refused(wrong: Wrong) -> None:
    with pytest.raises(InvalidInputError) as raised:
        new_key(wrong.body, "p-1")
    assert raised.value.field == wrong.field
