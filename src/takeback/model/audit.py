"""What was done to a clearinghouse and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One event. `id` rises with time; `actor` is an operator, a participant or `machine`; `at` is in UTC."""

    id: int
    at: datetime
    actor: str
    subject: str
    action: str


def parted(event: str) -> tuple[str, str, str]:
    """Gives actor, subject and action of an event. A subject may hold colons, the other two never do."""
    actor, _, rest = event.partition(":")
    subject, _, action = rest.rpartition(":")
    return actor, subject, action
