"""Why a person decided as they did: a closed list, and what follows from each. There is no free text.

Nobody who looks has the listed picture, so a decision is about what was uploaded. What is said of an entry
follows from it (participant/desk/decisions.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from takeback.errors import InvalidInputError
from takeback.model.feedback import Verdict
from takeback.model.hold import Decision
from takeback.model.instruction import Doing


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: what it decides, what the desk says of it, and what follows: for the entries, and for the content."""

    word: str
    decision: Decision
    says: str
    verdict: Verdict | None = None
    doing: Doing | None = None


#: Who is shown posted it. It is hidden, it counts against nobody, and it is never reported.
OWN_ACCOUNT = "own-account"
REASONS = (
    Reason("as-listed", Decision.CONFIRMED, "It is of the kind that is listed.", Verdict.CONFIRMED, Doing.REMOVE),
    Reason(
        OWN_ACCOUNT,
        Decision.CONFIRMED,
        "It is, and whoever is shown in it posted it. Hidden, with no strike and no report.",
        Verdict.CONFIRMED,
        Doing.HIDE,
    ),
    Reason("lawful", Decision.WRONG, "Nothing in it is of that kind.", Verdict.WRONG, Doing.RESTORE),
    Reason(
        "public-picture",
        Decision.WRONG,
        "It is a logo, meme, stock or news picture that everybody has.",
        Verdict.WRONG,
        Doing.RESTORE,
    ),
    Reason("by-chance", Decision.WRONG, "It is lawful, and only its fingerprint is near.", None, Doing.RESTORE),
    Reason("unclear-age", Decision.UNSURE, "The age cannot be told."),
    Reason("unclear-picture", Decision.UNSURE, "What it shows cannot be told."),
    Reason("no-copy", Decision.UNSURE, "It cannot be seen here any more."),
    Reason("child-abuse", Decision.ESCALATE, "It seems to show abuse of a child; a report may be due."),
    Reason("danger", Decision.ESCALATE, "Somebody seems to be in danger now."),
    Reason("law", Decision.ESCALATE, "It takes somebody who knows the law."),
)
_BY_WORD = {one.word: one for one in REASONS}


def reason_named(word: str) -> Reason:
    """Gives one by its word, or raises InvalidInputError."""
    if word not in _BY_WORD:
        raise InvalidInputError(field="reason", problem="is not one of ours.", remedy=f"Choose {', '.join(_BY_WORD)}.")
    return _BY_WORD[word]
