"""What stands in the public log, as hashes that only those can make who know what is behind them (spec/public-log.md).

Nobody who looks at the log may learn from it that a picture is listed, not even somebody who has the picture: every
hash holds something that only the person, or only the participants, know.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from takeback.fingerprints.types import Fingerprint
from takeback.model.entry import Age, Kind, ReceiptDigest
from takeback.model.list_digest import ListDigest, fingerprint_line

#: Public counts are rounded down to a multiple of this, so that no single person's act shows in them.
SMALLEST_GROUP = 10
#: What cells are merged into that are too small to be shown.
OTHER = "other"


@dataclass(frozen=True, slots=True)
class LoggedEntry:
    """Where in the log a live entry stands: its leaf's place, and what makes the leaf (32 bytes each)."""

    leaf: int
    content: bytes
    salt: bytes


def state_hash(list_id: str, head: int, digest: ListDigest, salt: bytes, place: int) -> bytes:
    """Gives the hash (32 bytes) that stands for a state of the list in the leaf at `place`.

    `salt` (32 bytes) is known to participants alone. A state that lasts stands in leaf after leaf, each time as another
    hash, so that quiet hours do not show.
    """
    lines = ("takeback list state 1", list_id, str(head), str(digest.entries), digest.hex, salt.hex(), str(place))
    return hashlib.sha256("\n".join(lines).encode()).digest()


def opening(receipt: ReceiptDigest) -> bytes:
    """Gives what ties an entry's leaves to its secret (32 bytes): whoever has the six words can make it."""
    return hashlib.sha256(b"takeback log opening 1\n" + receipt).digest()


def content_hash(salt: bytes, kind: Kind, age: Age, fingerprints: tuple[Fingerprint, ...]) -> bytes:
    """Gives the hash (32 bytes) of what an entry says. `salt` (32 random bytes) is erased with the entry."""
    lines = ("takeback log content 1", salt.hex(), kind, age, *sorted(fingerprint_line(one) for one in fingerprints))
    return hashlib.sha256("\n".join(lines).encode("ascii")).digest()


def listed_leaf(opening_: bytes, content: bytes) -> bytes:
    """Gives the leaf (32 bytes) that says: this entry is on the list."""
    return hashlib.sha256(opening_ + content).digest()


def gone_leaf(opening_: bytes) -> bytes:
    """Gives the leaf (32 bytes) that says: this entry was taken back, for ever."""
    return hashlib.sha256(b"takeback log gone 1\n" + opening_).digest()


def rounded(count: int) -> int:
    """Gives a count as everybody may know it: a multiple of SMALLEST_GROUP."""
    return count - count % SMALLEST_GROUP


def merged(cells: Mapping[str, int]) -> dict[str, int]:
    """Gives counts as everybody may know them: rounded down, and those too small to be shown together as `other`."""
    shown = {name: rounded(count) for name, count in cells.items() if count >= SMALLEST_GROUP}
    rest = rounded(sum(count for count in cells.values() if count < SMALLEST_GROUP))
    return shown | ({OTHER: rest} if rest else {})
