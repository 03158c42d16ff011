"""The changes of evidence and reports that take two persons of the child-safety role."""

from __future__ import annotations

from takeback.model.operator import Role
from takeback.model.proposal import ProposalKind
from takeback.participant.reports.evidence import release_proposed
from takeback.participant.reports.reports import approve_proposed
from takeback.staff.two_person import Change

EVIDENCE_CHANGES: dict[ProposalKind, Change] = {
    ProposalKind.RELEASE_EVIDENCE: Change(release_proposed, Role.CHILD_SAFETY),
    ProposalKind.SUBMIT_REPORT: Change(approve_proposed, Role.CHILD_SAFETY),
}
