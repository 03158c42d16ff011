"""An entry's text, as the list's digest hashes it, as one row of the replica's file."""

from __future__ import annotations

import hashlib
import re
from array import array
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from takeback.errors import UntrustedListError
from takeback.fingerprints.types import EDIT_NAME, Fingerprint, FingerprintType
from takeback.model.entry import Age, Kind
from takeback.model.list_digest import FIRST_LINE
from takeback.model.tier import StrongestAction, Tier

_EXACT = (FingerprintType.MD5.value, FingerprintType.SHA1.value, FingerprintType.SHA256.value)
_PDQ, _VPDQ = FingerprintType.PDQ.value, FingerprintType.VPDQ.value
_DIGITS = {one.value: 2 * one.byte_length for one in FingerprintType}
_KNOWN_EDIT = re.compile(EDIT_NAME)
#: Lines before the fingerprints: the first, sequence, kind, age, tier, action, day.
_LINES = 7
#: Words of a fingerprint's line without an edit.
_WORDS = 4
#: Stands for the second of a frame of which none is known.
NO_SECOND = -1


#: The columns of `Prints`, in their order.
PRINTS = "md5, sha1, sha256, pictures, edits, edit_names, frames, seconds"


class Prints(NamedTuple):
    """Fingerprints as columns: exact ones each in its own; of the others all values in one piece.

    `edit_names` are words with spaces between; `seconds` are 32-bit integers as this machine writes them.
    """

    md5: bytes | None
    sha1: bytes | None
    sha256: bytes | None
    pictures: bytes | None
    edits: bytes | None
    edit_names: str | None
    frames: bytes | None
    seconds: bytes | None


class Packed(NamedTuple):
    """What the file keeps of an entry, but for its number and name, and its place in the feed."""

    sequence: int
    tier: str
    action: str
    listed_on: str
    hash: bytes
    prints: Prints


def packed(text: str) -> Packed:
    """Gives the row of an entry, or raises UntrustedListError where the text is none."""
    lines = text.split("\n")
    first, sequence, *claim = lines[:_LINES]
    if first != FIRST_LINE or not (sequence.isascii() and sequence.isdigit()):
        raise _unknown()
    tier, action, day = _checked_claim(*claim)
    try:
        prints = packed_prints(lines[_LINES:])
    except (KeyError, IndexError, ValueError):
        raise _unknown() from None
    return Packed(int(sequence), tier, action, day, hashlib.sha256(text.encode("ascii")).digest(), prints)


def packed_prints(lines: Iterable[str]) -> Prints:
    """Gives the columns of fingerprints, each a line of type, value, quality, second and, where it is of one, edit.

    Raises KeyError, IndexError or ValueError where a line is none, and UntrustedListError for two of an exact type.
    """
    exact: dict[str, bytes] = {}
    pictures, edits, names, frames, seconds = [], [], [], [], []
    for line in lines:
        words = line.split(" ")
        type_, digits, count = words[0], words[1], len(words)
        value = bytes.fromhex(digits)
        if len(digits) != _DIGITS[type_] or 2 * len(value) != len(digits):  # `fromhex` takes white space, too
            raise _unknown()
        second = NO_SECOND if words[3] == "-" else int(words[3])
        if type_ == _PDQ and count == _WORDS + 1:
            edits.append(value)
            names.append(_known_edit(words[_WORDS]))
        elif count != _WORDS:
            raise _unknown()
        elif type_ == _PDQ:
            pictures.append(value)
        elif type_ == _VPDQ:
            frames.append(value)
            seconds.append(second)
        elif exact.setdefault(type_, value) != value:
            raise UntrustedListError(f"An entry has two {type_}. Nothing was kept; tell the clearinghouse.")
    return Prints(
        exact.get("md5"),
        exact.get("sha1"),
        exact.get("sha256"),
        b"".join(pictures) or None,
        b"".join(edits) or None,
        " ".join(names) or None,
        b"".join(frames) or None,
        array("i", seconds).tobytes() if seconds else None,
    )


def unpacked(prints: Prints) -> tuple[Fingerprint, ...]:
    """Gives fingerprints from their columns. How good each is, the file does not keep."""
    exact = zip(_EXACT, (prints.md5, prints.sha1, prints.sha256), strict=True)
    found = [Fingerprint(FingerprintType(type_), value) for type_, value in exact if value]
    found += [Fingerprint(FingerprintType.PDQ, value) for value in pieces(prints.pictures or b"")]
    edited = zip(pieces(prints.edits or b""), (prints.edit_names or "").split(), strict=True)
    found += [Fingerprint(FingerprintType.PDQ, value, edit=edit) for value, edit in edited]
    frames = zip(pieces(prints.frames or b""), array("i", prints.seconds or b""), strict=True)
    found += [Fingerprint(FingerprintType.VPDQ, one, at=None if at == NO_SECOND else at) for one, at in frames]
    return tuple(found)


def pieces(values: bytes) -> list[bytes]:
    """Gives values of 256 bits one by one."""
    length = FingerprintType.PDQ.byte_length
    return [values[at : at + length] for at in range(0, len(values), length)]


@lru_cache(maxsize=4_096)
def _checked_claim(*claim: str) -> tuple[str, str, str]:
    try:
        kind, age, tier, action, day = claim
        Kind(kind), Age(age)
        return Tier(tier).value, StrongestAction(action).value, date.fromisoformat(day).isoformat()
    except ValueError:
        raise _unknown() from None


@lru_cache(maxsize=4_096)
def _known_edit(name: str) -> str:
    if not _KNOWN_EDIT.fullmatch(name):
        raise _unknown()
    return name


def _unknown() -> UntrustedListError:
    return UntrustedListError("An entry cannot be read. Nothing was kept; sync again.")
