"""Fingerprints as values."""

from __future__ import annotations

import re
from enum import StrEnum

import msgspec

from takeback.errors import InvalidInputError

#: What the name of a simulated edit looks like (`edits.py`).
EDIT_NAME = "[a-z0-9-]{1,24}"
_EDIT_NAME = re.compile(EDIT_NAME)


class FingerprintType(StrEnum):
    """The types that Takeback knows. Exact: md5, sha1, sha256. Perceptual: pdq (a picture), vpdq (a video frame)."""

    MD5 = "md5"
    SHA1 = "sha1"
    SHA256 = "sha256"
    PDQ = "pdq"
    VPDQ = "vpdq"

    @property
    def byte_length(self) -> int:
        """Bytes of one value."""
        return VALUE_BYTES[self]

    @property
    def perceptual(self) -> bool:
        """Whether near values mean similar pictures; otherwise only equality means anything."""
        return self in (FingerprintType.PDQ, FingerprintType.VPDQ)


#: Bytes of one value of each type.
VALUE_BYTES = {
    FingerprintType.MD5: 16,
    FingerprintType.SHA1: 20,
    FingerprintType.SHA256: 32,
    FingerprintType.PDQ: 32,
    FingerprintType.VPDQ: 32,
}
#: The types by their words; making an enumeration's member by calling it takes ten times as long.
FINGERPRINT_TYPES = {one.value: one for one in FingerprintType}


class Fingerprint(msgspec.Struct, frozen=True, gc=False):
    """One value of one type. A repr never shows the value.

    `quality` (0 to 100) stands with perceptual types; `at` with vpdq: whole seconds after the film's first frame.
    `edit` names the simulated edit that a listed pdq value is of (`edits.py`); None: the picture itself.
    `variant` names the way in which an upload was looked at to ask a list (`variants.py`); None: as it is. Such a value
    is never listed. A struct, as there are millions: a dataclass takes ten times as long to make.
    """

    type: FingerprintType
    value: bytes
    quality: int | None = None
    at: int | None = None
    edit: str | None = None
    variant: str | None = None

    @property
    def hex(self) -> str:
        """The value in lower-case hexadecimal; PDQ's bit 255 comes first."""
        return self.value.hex()

    @classmethod
    def parse(
        cls,
        type_: str,
        text: str,
        quality: int | None = None,
        at: int | None = None,
        edit: str | None = None,
        *,
        field: str = "fingerprint",
    ) -> Fingerprint:
        """Gives the fingerprint that the text stands for, or raises InvalidInputError naming the field."""
        known = FINGERPRINT_TYPES.get(type_)
        if known is None:
            raise InvalidInputError(
                field=f"{field}.type",
                problem="is not a known fingerprint type.",
                remedy=f"Use one of {', '.join(FingerprintType)}.",
            )
        try:
            value = bytes.fromhex(text)
        except ValueError:
            value = b""
        if len(value) != VALUE_BYTES[known] or value.hex() != text:  # `fromhex` alone takes capitals and spaces, too
            raise InvalidInputError(
                field=f"{field}.value",
                problem=f"is not a {known} value.",
                remedy=f"Send {2 * known.byte_length} lower-case hexadecimal digits.",
            )
        if edit is not None and not _EDIT_NAME.fullmatch(edit):
            raise InvalidInputError(
                field=f"{field}.edit",
                problem="is not the name of an edit.",
                remedy="Send up to 24 lower-case letters, digits and hyphens.",
            )
        return cls(known, value, quality, at, edit)

    def __repr__(self) -> str:
        return f"Fingerprint({self.type}, …)"
