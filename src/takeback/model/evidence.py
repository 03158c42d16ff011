"""What a platform keeps sealed because a law asks for it: a file, facts about it, a report. For how long, and why.

An item names the hold that it belongs to, and the report that it was kept for. It says nothing about what it holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EvidenceKind(StrEnum):
    """What an item is."""

    FILE = "file"
    FACTS = "facts"
    REPORT = "report"


class EvidenceState(StrEnum):
    """Where an item is. There is a row before there is a file and after it, so nothing lies on a disk unknown.

    `writing` and `erasing` are left by a process that was killed in the middle; a purge brings both to their end.
    """

    WRITING = "writing"
    KEPT = "kept"
    ERASING = "erasing"
    ERASED = "erased"


class Purpose(StrEnum):
    """Why somebody reads an item. A closed list: what is written into the access log can never be erased."""

    REPORT = "report"
    REVIEW = "review"
    AUTHORITY = "authority"
    COURT = "court"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One item. Its id is that of its sealed file; times are in UTC.

    `is_copy`: it is the copy that the desk showed to its people, so what they have seen is this.
    `size` is in bytes, `sealed_sha256` (32 bytes) is of the ciphertext; both are 0 and empty while it is written.
    """

    id: str
    hold: str
    kind: EvidenceKind
    state: EvidenceState
    begun_at: datetime
    due_at: datetime
    report: str | None = None
    is_copy: bool = False
    size: int = 0
    sealed_sha256: bytes = b""
    erased_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LegalHold:
    """Nothing of a hold is erased while one stands. `order` is the number of what asks for it, and no person's name."""

    hold: str
    order: str
    placed_by: str
    placed_at: datetime


@dataclass(frozen=True, slots=True)
class DeletionReceipt:
    """Proves what was erased and when: the event of the audit that says so, with its place in the chain.

    `chain_hash(before, event_id, at, event)` of model/audit.py gives `chain`, which every later event builds on.
    """

    evidence: str
    hold: str
    report: str | None
    sealed_sha256: bytes
    event: str
    event_id: int
    at: datetime
    place: int
    before: bytes
    chain: bytes
