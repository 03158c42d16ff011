"""What stands on the list: one picture, by its fingerprints, and the claim that brought it there.

An entry is an unverified claim until a human confirms it. It knows nothing of the person: no case, no address,
no moment finer than a day, and no tie to any other entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import msgspec

from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.tier import StrongestAction, Tier

#: Random, 16 bytes. Inside the clearinghouse only: every participant sees an id of its own (`view.py`).
EntryId = bytes
ENTRY_ID_BYTES = 16

#: SHA-256 of the entry's secret (spec/receipt.md), 32 bytes.
ReceiptDigest = bytes


def number_of(id_: EntryId) -> int:
    """Gives an entry's number in a search index: 63 of its bits, which two of ten million entries hardly share."""
    return int.from_bytes(id_[:8], "big") >> 1


class Kind(StrEnum):
    """What the fingerprints were made from."""

    IMAGE = "image"
    VIDEO = "video"


#: The type of value by which participants know an image or a video who have no ids of ours.
KNOWN_BY = {Kind.IMAGE: FingerprintType.PDQ, Kind.VIDEO: FingerprintType.MD5}


class Age(StrEnum):
    """How old the person in the picture was when it was taken: the one coarse thing that platforms need."""

    UNDER_18 = "under-18"
    UNSURE = "unsure"


class EntryState(StrEnum):
    """Where an entry is in its life. Transitions: waiting → listed ⇄ suspended; any → withdrawn, for ever.

    What waits may be suspended, too, before it was ever listed (`suspension.py` says by what).
    """

    WAITING = "waiting"
    LISTED = "listed"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


class SubmittedEntry(msgspec.Struct, frozen=True):
    """One picture as the person's page describes it."""

    receipt: ReceiptDigest
    kind: Kind
    fingerprints: tuple[Fingerprint, ...]


@dataclass(frozen=True, slots=True)
class Submission:
    """One act of intake. It exists only while it is being taken in: nothing keeps its entries together."""

    age: Age
    entries: tuple[SubmittedEntry, ...]


class ListedEntry(msgspec.Struct, frozen=True):
    """An entry as a participant sees it. `entry` is that participant's own id for it (32 hex digits)."""

    entry: str
    sequence: int
    kind: Kind
    age: Age
    tier: Tier
    action: StrongestAction
    listed_on: date
    fingerprints: tuple[Fingerprint, ...]
