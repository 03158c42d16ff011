"""A change that needs two operators: one proposes it, another carries it out or refuses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

#: After that long nobody may carry it out any more: the world has moved on.
LAPSES_AFTER = timedelta(days=14)


class ProposalKind(StrEnum):
    """What may be proposed. What each does is said by whoever knows it: staff/two_person.py."""

    ADD_OPERATOR = "add-operator"
    CHANGE_ROLE = "change-role"
    ENROL = "enrol"
    RELEASE_ENTRY = "release-entry"
    VERIFY_ENTRY = "verify-entry"
    ADD_NEGATIVE = "add-negative"
    REMOVE_NEGATIVE = "remove-negative"
    ADMIT_PARTICIPANT = "admit-participant"
    MAKE_LIVE = "make-live"
    RESUME_PARTICIPANT = "resume-participant"
    SUBMIT_REPORT = "submit-report"
    RELEASE_EVIDENCE = "release-evidence"

    UNDO_DECISIONS = "undo-decisions"


class ProposalState(StrEnum):
    """One that has lapsed stays open here; it is the time that says so."""

    OPEN = "open"
    CARRIED_OUT = "carried-out"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Proposal:
    """One of them. `subject` is the id of what is to change; `details` say how. Operators are named by their ids."""

    id: str
    kind: ProposalKind
    subject: str
    details: Mapping[str, str]
    proposed_by: str
    proposed_at: datetime
    state: ProposalState
    decided_by: str | None = None
    decided_at: datetime | None = None

    def lapsed(self, now: datetime) -> bool:
        """Says whether it is too old to be carried out."""
        return self.state is ProposalState.OPEN and now - self.proposed_at > LAPSES_AFTER
