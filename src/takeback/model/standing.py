"""What a platform itself makes of an entry, whatever the entry's list says of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EntryStanding(StrEnum):
    """`quarantined`: it hit too much, and a person has to say. `confirmed`: one did. `deconfirmed`: it counts not."""

    QUARANTINED = "quarantined"
    CONFIRMED = "confirmed"
    DECONFIRMED = "deconfirmed"


@dataclass(frozen=True, slots=True)
class Stood:
    """One entry (its name on that list), how it stands here, since when and by whom."""

    list: str
    entry: str
    standing: EntryStanding
    since: datetime
    by: str
