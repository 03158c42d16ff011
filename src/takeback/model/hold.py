"""What a platform holds until a person has looked: what it is, why it is held, and what was decided.

The platform's own content is known by the id that the platform gave it, and by nothing else. A hold is a task, not a
verdict (SCREENING may be wrong, entries are unverified claims).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Surface(StrEnum):
    """Where in the service the content stands. Policies differ by it; messages are private."""

    PUBLIC = "public"
    MESSAGE = "message"
    PROFILE = "profile"


class Source(StrEnum):
    """What led to the hold."""

    UPLOAD = "upload"
    SWEEP = "sweep"
    NOTICE = "notice"


class Decision(StrEnum):
    """What a person found. `unsure` leaves it to another person, `escalate` to the child-safety role."""

    CONFIRMED = "confirmed"
    WRONG = "wrong"
    UNSURE = "unsure"
    ESCALATE = "escalate"


class HoldState(StrEnum):
    """Where a hold is. The last two are ends, and are left only by undoing a decision, or by an appeal."""

    OPEN = "open"
    ESCALATED = "escalated"
    CONFIRMED = "confirmed"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Content:
    """A piece of content of the platform. `id` and `account` are the platform's own, and opaque here.

    `region` is an ISO 3166-1 alpha-2 code. `uploaded_at` is in UTC.
    """

    id: str
    surface: Surface = Surface.PUBLIC
    region: str | None = None
    account: str | None = None
    uploaded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A match as a hold keeps it: which list, which entry, how near (bits) and what the list allows.

    `entry` is the platform's own name for the entry on that list. The words are those of `matching.policy.Match`.
    """

    list: str
    entry: str
    type: str
    distance: int
    threshold: int
    grade: str
    variant: str
    tier: str
    action: str
    listed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """One piece of content that waits for a person, or for which one has decided.

    `cluster` (16 bytes) is the same for copies of one picture, so that it is seen once. `due_at` is when a law's clock
    runs out, where one runs. `copy` is the id of a sealed copy of the file, where one is kept.
    """

    id: str
    content: Content
    source: Source
    findings: tuple[Finding, ...]
    cluster: bytes
    opened_at: datetime
    due_at: datetime | None = None
    copy: str | None = None
    kind: str = "image"
    state: HoldState = HoldState.OPEN
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None
