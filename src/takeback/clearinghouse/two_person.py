"""The clearinghouse's changes that take two operators: which there are, and what role each takes."""

from __future__ import annotations

from takeback.clearinghouse.applications import admit
from takeback.clearinghouse.participants import make_live, resume
from takeback.clearinghouse.review import release_entry, verify_entry
from takeback.model.operator import AUTHORITY_ROLES, Role
from takeback.model.proposal import ProposalKind
from takeback.staff.negative import add_values, remove_picture
from takeback.staff.two_person import STAFF_CHANGES, Change, TwoPerson

#: Kind → what it does.
CHANGES: dict[ProposalKind, Change] = {
    **STAFF_CHANGES,
    ProposalKind.RELEASE_ENTRY: Change(release_entry, Role.OPERATOR),
    ProposalKind.VERIFY_ENTRY: Change(verify_entry, Role.OPERATOR),
    ProposalKind.ADD_NEGATIVE: Change(add_values, Role.OPERATOR, ("label", "values")),
    ProposalKind.REMOVE_NEGATIVE: Change(remove_picture, Role.OPERATOR),
    ProposalKind.ADMIT_PARTICIPANT: Change(admit, Role.OPERATOR),
    ProposalKind.MAKE_LIVE: Change(make_live, Role.OPERATOR),
    ProposalKind.RESUME_PARTICIPANT: Change(resume, Role.OPERATOR),
}

OURS = TwoPerson(CHANGES, AUTHORITY_ROLES)
propose, carry_out, refuse = OURS.propose, OURS.carry_out, OURS.refuse
