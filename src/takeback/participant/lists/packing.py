"""Entries, and their texts as the list's digest hashes them, as rows of the replica's file."""

from __future__ import annotations

import ctypes
import hashlib
import struct
from array import array
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from takeback.errors import UntrustedListError
from takeback.fingerprints._native import core
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.entry import Age, Kind, ListedEntry
from takeback.model.list_digest import ListDigest, entry_hash
from takeback.model.tier import StrongestAction, Tier

_EXACT = (FingerprintType.MD5.value, FingerprintType.SHA1.value, FingerprintType.SHA256.value)
#: `struct tb_entry` of native/include/takeback.h, its length in words of 32 bits, and its flags.
_ENTRY = struct.Struct("=Q11I4x")
_WORDS = _ENTRY.size // 4
_HAS_MD5, _HAS_SHA1, _HAS_SHA256 = 1, 2, 4
_MD5, _SHA1, _SHA256, _PDQ, _SECOND = 16, 20, 32, 32, 4
#: Stands for the second of a frame of which none is known.
NO_SECOND = -1


#: The columns of `Prints`, in their order.
PRINTS = "md5, sha1, sha256, pictures, edits, edit_names, frames, seconds"
_AT = {name: at for at, name in enumerate(PRINTS.split(", "))}


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
    """What the file keeps of an entry, but for its number and name."""

    tier: str
    action: str
    listed_on: str
    hash: bytes
    prints: Prints


class Alike(NamedTuple):
    """Entries of one text that say the same, with values of the same lengths: one statement keeps all of them.

    `places` are theirs in the text, counted from 0. Their hashes stand one after the other, and so do their values;
    `columns` has where among those of one entry each column of `Prints` begins, and its length, both in bytes.
    """

    tier: str
    action: str
    listed_on: str
    columns: tuple[tuple[int, int], ...]
    places: list[int]
    hashes: bytes
    values: bytes

    @property
    def length(self) -> int:
        """Bytes of `values` that are one entry's."""
        return max(at + length for at, length in self.columns)

    def column(self, name: str, first: int) -> tuple[bytes, array[int]]:
        """Gives the values of one column as `packed_values` does, of entries that are in the rows from `first` on."""
        at, length = self.columns[_AT[name]]
        if not length:
            return b"", array("Q")
        rows, gap = range(first, first + len(self.places)), -(-length // _PDQ) * _PDQ
        column = ctypes.create_string_buffer(gap * len(rows))
        core().tb_column(self.values, len(rows), self.length, at, length, column, gap)
        of_each = rows if gap == _PDQ else [row for row in rows for _ in range(0, gap, _PDQ)]
        return column.raw, array("Q", of_each)


def packed(entry: ListedEntry) -> Packed:
    """Gives the row of an entry; raises UntrustedListError for two of an exact type."""
    hash_ = entry_hash(entry).to_bytes(_SHA256, "big")
    listed_on = entry.listed_on.isoformat()
    return Packed(entry.tier.value, entry.action.value, listed_on, hash_, columns(entry.fingerprints))


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


def all_alike(text: bytes, places: int) -> tuple[list[int], list[Alike]]:
    """Gives entries that have an empty line between them, and their sequences; those that are gone are left out.

    Raises UntrustedListError where something else stands there, or not so many.
    """
    records, values = ctypes.create_string_buffer(_ENTRY.size * places), ctypes.create_string_buffer(len(text))
    if core().tb_entries(text, len(text), records, places, values) != places:
        raise _unknown()
    words = memoryview(records).cast("B").cast("I")
    ats, lengths, claims, values_at, alike, values_length = (words[at::_WORDS].tolist() for at in (2, 3, 5, 6, 7, 8))
    sequences = memoryview(records).cast("B").cast("Q")[:: _WORDS // 2].tolist()
    hashes = [hashlib.sha256(text[at : at + length]).digest() for at, length in zip(ats, lengths, strict=True)]
    groups = defaultdict[int, list[int]](list)
    for place, first in enumerate(alike):
        groups[first].append(place)
    written = ctypes.string_at(values, sum(values_length))
    found = [
        _alike(text, _ENTRY.unpack_from(records, _ENTRY.size * first), here, values_at, written, hashes)
        for first, here in groups.items()
        if claims[first]
    ]
    return [sequence for sequence, claim in zip(sequences, claims, strict=True) if claim], found


def _alike(
    text: bytes, first: tuple[int, ...], places: list[int], ats: list[int], values: bytes, hashes: list[bytes]
) -> Alike:
    _, _, _, claim_at, claim_length, _, _, length, *shape = first
    pieces = [values[ats[place] : ats[place] + length] for place in places]
    claim = _checked_claim(text[claim_at : claim_at + claim_length])
    own = b"".join([hashes[place] for place in places])
    return Alike(*claim, _columns(length, *shape), places, own, b"".join(pieces))


def _columns(length: int, exact: int, pictures: int, edits: int, frames: int) -> tuple[tuple[int, int], ...]:
    """Gives where each column of `Prints` begins in an entry's values, and its length, both in bytes."""
    lengths = (
        _MD5 if exact & _HAS_MD5 else 0,
        _PDQ * pictures,
        _PDQ * edits,
        _SHA1 if exact & _HAS_SHA1 else 0,
        _SHA256 if exact & _HAS_SHA256 else 0,
        _PDQ * frames,
        _SECOND * frames,
    )
    begins = list(accumulate(lengths, initial=0))
    md5, of_pictures, of_edits, sha1, sha256, of_frames, seconds = zip(begins, lengths, strict=False)
    return md5, sha1, sha256, of_pictures, of_edits, (begins[-1], length - begins[-1]), of_frames, seconds


def with_hashes(digest: ListDigest, hashes: bytes) -> ListDigest:
    """Gives the digest of the list with more entries, by their hashes."""
    count, total = len(hashes) // _SHA256, ctypes.create_string_buffer(digest.total.to_bytes(_SHA256, "big"), _SHA256)
    core().tb_sum_256(hashes, count, total)
    return ListDigest(digest.entries + count, int.from_bytes(total.raw, "big"))


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


def packed_values(ids: Sequence[int], column: Sequence[bytes]) -> tuple[bytes, array[int]]:
    """Gives the values of one column of rows, and the row of each.

    A value takes 32 bytes: behind a shorter one stand zeros, and longer ones are several.
    """
    if not all(column):
        here = [(row, value) for row, value in zip(ids, column, strict=True) if value]
        ids, column = [row for row, _ in here], [value for _, value in here]
    lengths = set(map(len, column))
    if any(length > _PDQ for length in lengths):
        ids = [row for row, value in zip(ids, column, strict=True) for _ in range(0, len(value), _PDQ)]
    elif any(length < _PDQ for length in lengths):
        column = [value.ljust(_PDQ, b"\0") for value in column]
    return b"".join(column), array("Q", ids)


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
