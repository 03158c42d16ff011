"""What a submitter keeps of a notice: its number, and the secret that opens it.

Both are drawn by the platform, and written so that they can be read out: Crockford's base 32, in groups.
"""

from __future__ import annotations

import hashlib
import re
import secrets

#: Characters of a number (50 bits: never used twice in practice) and of a secret (80 bits: nobody guesses one).
NUMBER_CHARACTERS = 10
SECRET_CHARACTERS = 16
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})


def new_number() -> str:
    """Gives a number, as `ABCDE-12345`."""
    return _grouped(_drawn(NUMBER_CHARACTERS), 5)


def new_secret() -> str:
    """Gives a secret, as `ABCD-1234-EFGH-5678`."""
    return _grouped(_drawn(SECRET_CHARACTERS), 4)


def number_in(typed: str) -> str:
    """Gives the number that somebody typed, with what is easily misread put right. It may be none of ours."""
    return _grouped(_tidied(typed)[:NUMBER_CHARACTERS], 5)


def digest_of(typed: str) -> bytes:
    """Gives what is kept of a secret (32 bytes), from the secret as somebody typed it."""
    return hashlib.sha256(_tidied(typed).encode()).digest()


def _drawn(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def _tidied(typed: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", typed.strip().upper().translate(_MISREAD))[: NUMBER_CHARACTERS + SECRET_CHARACTERS]


def _grouped(text: str, by: int) -> str:
    return "-".join(text[at : at + by] for at in range(0, len(text), by))
