"""Why an entry is off the list for now, and so who may put it back."""

from __future__ import annotations

from enum import StrEnum


class SuspendedBy(StrEnum):
    """Votes suspend and may release again. Whatever else has suspended an entry, two operators release it."""

    VOTES = "votes"
    OPERATOR = "operator"
    HITS = "hits"
    NEGATIVE = "negative"
