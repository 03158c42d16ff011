"""The console as a zone of staff: its menu, and what it says after an act."""

from __future__ import annotations

from takeback.apps.staff.zone import Screen, StaffZone
from takeback.clearinghouse import audit_names, two_person
from takeback.model.operator import Role
from takeback.model.proposal import ProposalKind

CONSOLE = StaffZone(
    "Console",
    whose="This is for the operators of this clearinghouse.",
    screens=(
        Screen("", "Today", Role.VIEWER),
        Screen("/participants", "Participants", Role.VIEWER),
        Screen("/applications", "Applications", Role.OPERATOR),
        Screen("/suspended", "Suspended entries", Role.OPERATOR),
        Screen("/negative", "Negative list", Role.OPERATOR),
        Screen("/decoys", "Decoys", Role.OPERATOR),
        Screen("/proposals", "Proposals", Role.OPERATOR),
        Screen("/statistics", "Statistics", Role.VIEWER),
        Screen("/health", "Health", Role.VIEWER),
        Screen("/audit", "Audit", Role.OPERATOR),
        Screen("/settings", "Settings", Role.ADMINISTRATOR),
        Screen("/operators", "Operators", Role.ADMINISTRATOR),
        Screen("/account", "Your account", Role.VIEWER),
    ),
    done={
        "suspended": "The participant is suspended, from its next request on.",
        "agreed": "That it agreed is kept.",
        "left": "The participant has left. Its credentials stopped, and what was kept of it is erased.",
        "refused-application": "The application is refused. It is erased in its time.",
        "suspended-entry": "The entry is off everybody's list.",
        "released-held": "What was held goes out with the next publication.",
        "listed-decoy": "The decoy is listed with the next publication. Then upload the drawing, and nowhere else.",
        "withdrew-decoy": "The decoy is withdrawn. From the day after tomorrow on, nobody should find it.",
        "found-decoy": "That you saw it found today is kept.",
        "proposed": "Proposed. Another operator has to carry it out.",
    },
    changes=two_person.OURS,
    names=audit_names.names_in,
    pages={
        ProposalKind.ADMIT_PARTICIPANT: "/applications",
        ProposalKind.MAKE_LIVE: "/participants",
        ProposalKind.RESUME_PARTICIPANT: "/participants",
        # What these are about is named as in the audit, `entry/…`, and its page is there.
        ProposalKind.RELEASE_ENTRY: "",
        ProposalKind.VERIFY_ENTRY: "",
    },
)
page, then, failed = CONSOLE.page, CONSOLE.then, CONSOLE.failed
