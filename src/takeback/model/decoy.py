"""A drawing that the clearinghouse lists as if somebody had sent it, to learn who still matches what was taken back.

The operator draws it, and uploads it to one participant and nowhere else. On the list nothing tells it from any other
entry. After it is withdrawn, whoever still finds it has not taken it back, whatever its software acknowledges.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from takeback.model.entry import EntryId

#: Days after a withdrawal in which a find says nothing: everybody has one to fetch the list.
GRACE_DAYS = 1
#: Days for which a participant that found a withdrawn decoy is named to everybody, from the last find.
NAMED_DAYS = 30


class DecoyState(StrEnum):
    """`unfound`: on the list, not found yet; `found`: the participant looks; then whether withdrawal works there."""

    UNFOUND = "unfound"
    FOUND = "found"
    WITHDRAWN = "withdrawn"
    STILL_FOUND = "still-found"


@dataclass(frozen=True, slots=True)
class Decoy:
    """One of them. Days are in UTC; `found_on` is the last on which the participant found it."""

    id: str
    entry: EntryId
    participant: str
    made_on: date
    withdrawn_on: date | None = None
    found_on: date | None = None

    @property
    def state(self) -> DecoyState:
        """What it shows."""
        if self.withdrawn_on is None:
            return DecoyState.UNFOUND if self.found_on is None else DecoyState.FOUND
        late = self.found_on is not None and self.found_on > self.withdrawn_on + timedelta(days=GRACE_DAYS)
        return DecoyState.STILL_FOUND if late else DecoyState.WITHDRAWN

    def is_named(self, day: date) -> bool:
        """Says whether everybody is told on this day that its participant did not take it back."""
        if self.state is not DecoyState.STILL_FOUND or self.found_on is None:
            return False
        return day <= self.found_on + timedelta(days=NAMED_DAYS)
