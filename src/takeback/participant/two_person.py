"""The desk's changes that take two of its people: which there are, and what role each takes."""

from __future__ import annotations

from takeback.model.operator import PLATFORM_ROLES, Role
from takeback.model.proposal import ProposalKind
from takeback.participant.desk.undoing import undo_decisions
from takeback.participant.reports.evidence_changes import EVIDENCE_CHANGES
from takeback.staff.negative import add_values, remove_picture
from takeback.staff.two_person import STAFF_CHANGES, Change, TwoPerson

#: Kind → what it does.
CHANGES: dict[ProposalKind, Change] = {
    **STAFF_CHANGES,
    **EVIDENCE_CHANGES,
    ProposalKind.ADD_NEGATIVE: Change(add_values, Role.ADMINISTRATOR, ("label", "values")),
    ProposalKind.REMOVE_NEGATIVE: Change(remove_picture, Role.ADMINISTRATOR),
    ProposalKind.UNDO_DECISIONS: Change(undo_decisions, Role.OPERATOR, ("reviewer", "list", "entry", "since", "until")),
}
OURS = TwoPerson(CHANGES, PLATFORM_ROLES)
propose, carry_out, refuse = OURS.propose, OURS.carry_out, OURS.refuse
