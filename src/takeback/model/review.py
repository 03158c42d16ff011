"""A person's look at a hold: who has it open, how they saw it, what they decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from takeback.model.hold import Decision, Hold


class Seen(StrEnum):
    """How a picture was shown: blurred and grey, or as it is, both small. Whoever saw it sharp saw all of it."""

    BLURRED = "blurred"
    SHARP = "sharp"


@dataclass(frozen=True, slots=True)
class Viewing:
    """One time that a picture was shown to somebody who had asked for it."""

    hold: str
    by: str
    at: datetime
    how: Seen


@dataclass(frozen=True, slots=True)
class Review:
    """One decision. `viewed` says how whoever decided had seen the picture, if at all. Undone, it counts no more."""

    id: str
    hold: str
    cluster: bytes
    decision: Decision
    reason: str
    by: str
    opened_at: datetime
    at: datetime
    viewed: Seen | None = None
    viewed_at: datetime | None = None
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Lease:
    """What somebody has open until that moment."""

    cluster: bytes
    by: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the queue: a picture, its oldest hold, how many copies wait with it, and who has it open."""

    hold: Hold
    copies: int
    due_at: datetime | None
    opened_at: datetime
    lease: Lease | None = None
