"""An entry's text, as the list's digest hashes it, as one row of the replica's file."""

from __future__ import annotations

import ctypes
import hashlib
import struct
from array import array
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from takeback.errors import UntrustedListError
from takeback.fingerprints._native import core
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.entry import Age, Kind, ListedEntry
from takeback.model.list_digest import entry_hash
from takeback.model.tier import StrongestAction, Tier

_EXACT = (FingerprintType.MD5.value, FingerprintType.SHA1.value, FingerprintType.SHA256.value)
#: `struct tb_entry` of native/include/takeback.h, and its flags.
_ENTRY = struct.Struct("=Q9I4x")
_HAS_MD5, _HAS_SHA1, _HAS_SHA256 = 1, 2, 4
_MD5, _SHA1, _SHA256, _PDQ, _SECOND = 16, 20, 32, 32, 4
_NONE = ctypes.c_size_t(-1).value
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


def packed(entry: ListedEntry) -> Packed:
    """Gives the row of an entry; raises UntrustedListError for two of an exact type."""
    hash_ = entry_hash(entry).to_bytes(_SHA256, "big")
    listed_on = entry.listed_on.isoformat()
    return Packed(entry.sequence, entry.tier.value, entry.action.value, listed_on, hash_, columns(entry.fingerprints))


def columns(prints: Sequence[Fingerprint]) -> Prints:
    """Gives fingerprints as columns; raises UntrustedListError for two of an exact type."""
    exact = {one.type.value: one.value for one in prints if not one.type.perceptual}
    if len(exact) < sum(not one.type.perceptual for one in prints):
        raise UntrustedListError("An entry has two values of an exact type. Nothing was kept; tell the clearinghouse.")
    pictures = [one for one in prints if one.type is FingerprintType.PDQ]
    frames = [one for one in prints if one.type is FingerprintType.VPDQ]
    return Prints(
        exact.get("md5"),
        exact.get("sha1"),
        exact.get("sha256"),
        b"".join([one.value for one in pictures if one.edit is None]) or None,
        b"".join([one.value for one in pictures if one.edit is not None]) or None,
        " ".join([one.edit for one in pictures if one.edit is not None]) or None,
        b"".join([one.value for one in frames]) or None,
        array("i", [NO_SECOND if one.at is None else one.at for one in frames]).tobytes() if frames else None,
    )


def all_packed(text: bytes, most: int) -> Iterator[Packed | None]:
    """Gives the rows of entries that have an empty line between them, and None for one that is gone.

    Raises UntrustedListError where something else stands there, or more than `most`.
    """
    records, values = ctypes.create_string_buffer(_ENTRY.size * most), ctypes.create_string_buffer(len(text))
    count = core().tb_entries(text, len(text), records, most, values)
    if count == _NONE:
        raise _unknown()
    found, at = values.raw, 0
    for record in _ENTRY.iter_unpack(memoryview(records)[: _ENTRY.size * count]):
        sequence, text_at, text_length, claim_at, claim_length, length, exact, pictures, edits, frames = record
        if not claim_length:
            yield None
            continue
        tier, action, day = _checked_claim(text[claim_at : claim_at + claim_length])
        hash_ = hashlib.sha256(text[text_at : text_at + text_length]).digest()
        prints = _prints(found[at : at + length], exact, pictures, edits, frames)
        at += length
        yield Packed(sequence, tier, action, day, hash_, prints)


def _prints(values: bytes, exact: int, pictures: int, edits: int, frames: int) -> Prints:
    md5 = _MD5 if exact & _HAS_MD5 else 0
    edited = md5 + _PDQ * pictures
    sha1 = edited + _PDQ * edits
    sha256 = sha1 + (_SHA1 if exact & _HAS_SHA1 else 0)
    film = sha256 + (_SHA256 if exact & _HAS_SHA256 else 0)
    seconds = film + _PDQ * frames
    names = seconds + _SECOND * frames
    return Prints(
        values[:md5] or None,
        values[sha1:sha256] or None,
        values[sha256:film] or None,
        values[md5:edited] or None,
        values[edited:sha1] or None,
        values[names:].decode("ascii") or None,
        values[film:seconds] or None,
        values[seconds:names] or None,
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
def _checked_claim(claim: bytes) -> tuple[str, str, str]:
    try:
        kind, age, tier, action, day = claim.decode("ascii").split("\n")
        Kind(kind), Age(age)
        return Tier(tier).value, StrongestAction(action).value, date.fromisoformat(day).isoformat()
    except ValueError:
        raise _unknown() from None


def _unknown() -> UntrustedListError:
    return UntrustedListError("An entry cannot be read. Nothing was kept; sync again.")
