"""Delta sync: what happened to the list, in the order in which it became visible.

The cursor is a sequence number, never a time: a reader that has seen n never later finds a new change ≤ n.
The feed shows each entry once, at its latest change; a tombstone stays for ever, so that a reader who returns
after a year still forgets what was withdrawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec

from takeback.model.entry import ListedEntry
from takeback.model.list_digest import ListDigest

#: Where a reader begins.
START = 0
#: Sequences fit a signed 64-bit integer: SQLite and PostgreSQL both hold no more.
MAX_SEQUENCE = 2**63 - 1


class Upsert(msgspec.Struct, frozen=True):
    """The entry is on the list, and this is what it now is."""

    entry: ListedEntry

    @property
    def sequence(self) -> int:
        """Its place in the feed."""
        return self.entry.sequence


class Tombstone(msgspec.Struct, frozen=True):
    """The entry is off the list: withdrawn, expired or suspended. Forget its fingerprints."""

    entry: str
    sequence: int


Change = Upsert | Tombstone


@dataclass(frozen=True, slots=True)
class ChangePage:
    """A stretch of the feed for one participant: every latest change in (after, next].

    `head` stands on the last page only and says what a reader's whole list must now be. `salt` (32 bytes) stands with
    it where there is a public log: with it the reader finds this state there. In the `sandbox`, everything is a test
    entry. `ends` says of a list that gives no digest that this is its last page.
    """

    list_id: str
    participant: str
    after: int
    next: int
    issued: datetime
    changes: tuple[Change, ...]
    head: ListDigest | None
    salt: bytes | None = None
    sandbox: bool = False
    ends: bool = False

    @property
    def complete(self) -> bool:
        """Whether the reader has everything there is, as of `issued`."""
        return self.ends or self.head is not None
