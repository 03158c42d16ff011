"""A digest of a whole list that does not depend on order, so that delta sync can prove that nothing was lost.

Each live entry is hashed with SHA-256 and the hashes are added modulo 2²⁵⁶ (an additive multiset hash after
Clarke et al., ASIACRYPT 2003). Adding and removing an entry costs one hash, on both sides. It detects loss,
reordering and bugs; against forgery stands the signature of the page that carries it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable
from dataclasses import dataclass

from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.entry import ListedEntry

#: Sums are taken modulo this.
MODULUS = 1 << 256


@dataclass(frozen=True, slots=True)
class ListDigest:
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
    """Gives the hash of one live entry, over its fingerprints of these types: an integer below 2²⁵⁶.

    The participant's own id is left out, so that one sum serves every participant's view. The bytes are stated
    in spec/list-format.md; fields are separated by newlines and spaces, which none of them can hold.
    """
    lines = [
        "takeback entry 1",
        str(entry.sequence),
        entry.kind,
        entry.age,
        entry.tier,
        entry.action,
        entry.listed_on.isoformat(),
        *sorted(fingerprint_line(print_) for print_ in entry.fingerprints if print_.type in types),
    ]
    return int.from_bytes(hashlib.sha256("\n".join(lines).encode("ascii")).digest(), "big")


def fingerprint_line(print_: Fingerprint) -> str:
    """Gives a fingerprint as one line of what is hashed."""
    plain = f"{print_.type} {print_.hex} {_stated(print_.quality)} {_stated(print_.at)}"
    return plain if print_.edit is None else f"{plain} {print_.edit}"


def _stated(number: int | None) -> str:
    return "-" if number is None else str(number)


def digest_of(entries: Iterable[ListedEntry]) -> ListDigest:
    """Gives the digest of a whole list."""
    digest = EMPTY
    for entry in entries:
        digest = digest.with_entry(entry_hash(entry))
    return digest
