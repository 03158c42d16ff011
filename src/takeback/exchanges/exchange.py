"""What every exchange can do. A replica syncs from anything that can do this."""

from __future__ import annotations

from typing import Protocol

from takeback.model.change import ChangePage
from takeback.model.feedback import Feedback
from takeback.model.hits import Hits


class Exchange(Protocol):
    """A place that a list can be fetched from and feedback sent to."""

    @property
    def list_id(self) -> str:
        """The list's name, the same for ever."""
        ...

    @property
    def participant(self) -> str:
        """Who we are there."""
        ...

    def changes(self, after: int, limit: int) -> ChangePage:
        """Gives a page of what has changed since a cursor. Its signature has been verified, and nothing else of it."""
        ...

    def send_feedback(self, verdicts: tuple[Feedback, ...]) -> None:
        """Hands verdicts over; when it returns, they are on the other side's disk."""
        ...

    def send_hits(self, counted: tuple[Hits, ...]) -> None:
        """Says how often entries were found on a day; when it returns, that is on the other side's disk."""
        ...
