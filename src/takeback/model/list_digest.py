"""A digest of a whole list that does not depend on order, so that delta sync can prove that nothing was lost.

Each live entry is hashed with SHA-256 and the hashes are added modulo 2²⁵⁶ (an additive multiset hash after
Clarke et al., ASIACRYPT 2003). Adding and removing an entry costs one hash, on both sides. It detects loss,
reordering and bugs; against forgery stands the signature of the page that carries it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable

import msgspec

from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.entry import ListedEntry

#: Sums are taken modulo this.
MODULUS = 1 << 256
#: What the text of every entry begins with.
FIRST_LINE = "takeback entry 1"
#: Types as plain words: an enumeration's member takes ten times as long to write.
_NAME = {one: one.value for one in FingerprintType}


class ListDigest(msgspec.Struct, frozen=True):
    """How many entries a list has, and the sum of their hashes (an integer below 2²⁵⁶)."""

    entries: int = 0
    total: int = 0

    def with_entry(self, entry_hash: int) -> ListDigest:
        """Gives the digest of the list with one more entry."""
        return ListDigest(self.entries + 1, (self.total + entry_hash) % MODULUS)

    def without_entry(self, entry_hash: int) -> ListDigest:
        """Gives the digest of the list with that entry taken off."""
        return ListDigest(self.entries - 1, (self.total - entry_hash) % MODULUS)

    @property
    def hex(self) -> str:
        """The sum as 64 hexadecimal digits."""
        return f"{self.total:064x}"


#: The digest of an empty list.
EMPTY = ListDigest()


def entry_hash(entry: ListedEntry, types: Container[str] = tuple(FingerprintType)) -> int:
    """Gives the hash of one live entry, over its fingerprints of these types: an integer below 2²⁵⁶."""
    return int.from_bytes(hashlib.sha256(entry_text(entry, types).encode("ascii")).digest(), "big")


def entry_text(entry: ListedEntry, types: Container[str] = tuple(FingerprintType)) -> str:
    """Gives what is hashed of one live entry, in ASCII.

    The participant's own id is left out, so that one sum serves every participant's view. The text is stated
    in spec/list-format.md; fields are separated by newlines and spaces, which none of them can hold.
    """
    lines = [fingerprint_line(print_) for print_ in entry.fingerprints if print_.type in types]
    day = entry.listed_on.isoformat()
    return text_of(entry.sequence, (entry.kind, entry.age, entry.tier, entry.action, day), lines)


def text_of(sequence: int, claim: tuple[str, str, str, str, str], fingerprints: list[str]) -> str:
    """Gives the same of its parts: kind, age, tier, action and day, and a line for each fingerprint."""
    fingerprints.sort()
    return "\n".join((f"{FIRST_LINE}\n{sequence}", *claim, *fingerprints))


def fingerprint_line(print_: Fingerprint) -> str:
    """Gives a fingerprint as one line of what is hashed."""
    return line_of(_NAME[print_.type], print_.value.hex(), print_.quality, print_.at, print_.edit)


def line_of(type_: str, value: str, quality: int | None, at: int | None, edit: str | None) -> str:
    """Gives the same of its parts; the value in hexadecimal."""
    if quality is None and at is None and edit is None:
        return f"{type_} {value} - -"
    plain = f"{type_} {value} {'-' if quality is None else quality} {'-' if at is None else at}"
    return plain if edit is None else f"{plain} {edit}"


def digest_of(entries: Iterable[ListedEntry]) -> ListDigest:
    """Gives the digest of a whole list."""
    digest = EMPTY
    for entry in entries:
        digest = digest.with_entry(entry_hash(entry))
    return digest
