"""The moderator's sign-in: one password, kept as an Argon2id hash."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

PASSWORD_VARIABLE = "PHOTOSHARE_PASSWORD"  # noqa: S105 - the name of the variable, not a password


class Moderator:
    """Knows whether a password is the moderator's."""

    def __init__(self, folder: Path) -> None:
        self._hasher = PasswordHasher()
        file = folder / "moderator.argon2"
        given = os.environ.get(PASSWORD_VARIABLE)
        if given is None and not file.exists():
            given = secrets.token_urlsafe(9)
            print(
                f"The review password is {given} (shown once; set {PASSWORD_VARIABLE} to choose another).", flush=True
            )
        if given is not None:
            file.touch(mode=0o600)
            file.write_text(self._hasher.hash(given), encoding="ascii")
        self._hash = file.read_text(encoding="ascii")

    def is_(self, password: str) -> bool:
        """Whether it is the password; compares in constant time."""
        try:
            return self._hasher.verify(self._hash, password)
        except VerifyMismatchError:
            return False
