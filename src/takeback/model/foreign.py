"""What lists of others say: entries and removals, with a place to go on from. They prove nothing about themselves."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from takeback.fingerprints.types import Fingerprint
from takeback.model.entry import Kind


@dataclass(frozen=True, slots=True)
class ForeignEntry:
    """An entry of a list of others. `name` is what we call it (`name_of` where the list has no ids)."""

    name: str
    kind: Kind
    fingerprints: tuple[Fingerprint, ...]
    listed_on: date | None = None


@dataclass(frozen=True, slots=True)
class ForeignBatch:
    """A stretch of such a list, after which a reader goes on at `place`, a text of the exchange's own.

    `complete`: there is no more now. `whole`: this is all of the list, and what is not in it is gone. `skipped` records
    could not be read.
    """

    listed: tuple[ForeignEntry, ...]
    gone: tuple[str, ...]
    place: str
    complete: bool
    whole: bool = False
    skipped: int = 0


def name_of(fingerprint: Fingerprint) -> str:
    """Gives a name (32 hex digits) for an entry that is one value: a name goes where a value may not."""
    return hashlib.sha256(f"takeback foreign {fingerprint.type} {fingerprint.hex}".encode()).hexdigest()[:32]
