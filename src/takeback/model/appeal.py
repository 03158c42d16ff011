"""What an uploader asks: that somebody else looks at what was decided about their content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AppealReason(StrEnum):
    """Why, in a word: there is no free text, in which people would write who they are."""

    NOT_INTIMATE = "not-intimate"
    I_AM_SHOWN = "i-am-shown"
    OTHER_PICTURE = "other-picture"
    PUBLIC_INTEREST = "public-interest"


class AppealState(StrEnum):
    """`upheld`: the decision stays. `granted`: it does not, and the content is restored."""

    OPEN = "open"
    UPHELD = "upheld"
    GRANTED = "granted"


@dataclass(frozen=True, slots=True)
class Appeal:
    """One appeal. `content` is the platform's own id."""

    id: str
    hold: str
    content: str
    reason: AppealReason
    filed_at: datetime
    state: AppealState = AppealState.OPEN
    decided_by: str | None = None
    decided_at: datetime | None = None
