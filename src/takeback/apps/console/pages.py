"""The console as a zone of staff: its menu, and what it says after an act."""

from __future__ import annotations

from takeback.apps.staff.zone import Screen, StaffZone
from takeback.clearinghouse import audit_names, two_person
from takeback.model.operator import Role

CONSOLE = StaffZone(
    "Console",
    whose="This is for the operators of this clearinghouse.",
    screens=(
        Screen("", "Today", Role.VIEWER),
        Screen("/participants", "Participants", Role.VIEWER),
        Screen("/suspended", "Suspended entries", Role.OPERATOR),
        Screen("/negative", "Negative list", Role.OPERATOR),
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
        "proposed": "Proposed. Another operator has to carry it out.",
    },
    changes=two_person.OURS,
    names=audit_names.names_in,
)
page, then, failed = CONSOLE.page, CONSOLE.then, CONSOLE.failed
