"""The desk as a zone of staff: its menu, and what it says after an act."""

from __future__ import annotations

from typing import Annotated

from litestar import Response
from litestar.params import Dependency

from takeback.apps.staff.access import Asked
from takeback.apps.staff.zone import Screen, StaffZone
from takeback.model.operator import Role
from takeback.model.proposal import ProposalKind
from takeback.participant import two_person
from takeback.participant.desk.opening import BreakError
from takeback.platform_settings import PlatformSettings
from takeback.staff.audit_search import names_of_staff

DESK = StaffZone(
    "Desk",
    whose="This is for the reviewers of this platform.",
    screens=(
        Screen("", "Today", Role.VIEWER),
        Screen("/queue", "Queue", Role.OPERATOR),
        Screen("/escalated", "Escalated", Role.CHILD_SAFETY),
        Screen("/appeals", "Appeals", Role.OPERATOR),
        Screen("/evidence", "Evidence", Role.CHILD_SAFETY),
        Screen("/reports", "Reports", Role.CHILD_SAFETY),
        Screen("/notices", "Notices", Role.OPERATOR),
        Screen("/brakes", "Brakes", Role.OPERATOR),
        Screen("/negative", "Negative bank", Role.ADMINISTRATOR),
        Screen("/proposals", "Proposals", Role.OPERATOR),
        Screen("/audit", "Audit", Role.OPERATOR),
        Screen("/operators", "People", Role.ADMINISTRATOR),
        Screen("/account", "Your account", Role.VIEWER),
    ),
    done={
        "skipped": "Skipped. You are not given it again for a while; nobody asks why.",
        "nothing": "Nothing waits that you could open now.",
        "apart": "It is decided by itself now.",
        "entry": "That is how the entry stands here from now on.",
        "appeal": "The appeal is decided.",
        "notice": "The notice is decided.",
        "built": "Built. Nothing is sent: read it below, as it would be sent.",
        "reported": "There is this report about it.",
        "rehearsed": "Every document keeps the rules, and every file opens and is as described. Nothing was sent.",
        "sending": "It is being sent. Look again in a moment.",
        "busy": "A report is being sent just now. Nothing else was done; look again in a moment.",
        "meanwhile": "That was done already, or something else was: this is how it stands now.",
        "taken-back": "It is taken back.",
        "settled": "Noted what the authority answered.",
    },
    changes=two_person.OURS,
    names=names_of_staff,
    pages={ProposalKind.SUBMIT_REPORT: "/reports", ProposalKind.RELEASE_EVIDENCE: "/holds"},
)
page, then = DESK.page, DESK.then

TheDeskSettings = Annotated[PlatformSettings, Dependency(skip_validation=True)]


def rest(request: Asked, error: BreakError) -> Response[str]:
    """Gives the page of a break."""
    return page(request, "rest", until=error.until)
