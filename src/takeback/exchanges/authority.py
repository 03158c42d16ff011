"""An authority that takes reports, as whoever sends one sees it. NCMEC's CyberTipline is the first.

Another national body is another class with these methods; nothing else has to know of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from takeback.model.report import Report, ReportedFile


@dataclass(frozen=True, slots=True)
class Given:
    """What the authority gave for a call: its own id, and its name of the call, where it has one."""

    id: str
    request: str | None = None


class Authority(Protocol):
    """How a report is sent: opened, its files uploaded and described, finished. Until then it may be retracted.

    Ids are the authority's own texts. Each method raises an error of our tree: UnavailableError where nobody knows
    whether it was done, NotFoundError where the authority does not know the report (any more), ConflictError where it
    has come to the other end already, InvalidInputError where the authority refuses what was sent.
    """

    name: str

    def rehearse(self, report: Report) -> Mapping[str, bytes]:
        """Gives the documents that would be sent, by file name. Raises InvalidInputError where a rule is broken."""
        ...

    def open(self, report: Report) -> Given:
        """Opens a report. Never repeated by itself: a second call would open a second one."""
        ...

    def upload(self, theirs: str, content: Iterator[bytes], size: int) -> Given:
        """Uploads a file of `size` bytes. Never repeated by itself. What arrived has been compared with what was sent.

        Raises InvalidInputError where it is something else.
        """
        ...

    def describe(self, theirs: str, file_id: str, file: ReportedFile) -> Given:
        """Describes an uploaded file; saying it again changes nothing."""
        ...

    def finish(self, theirs: str) -> Given:
        """Finishes a report: from then on it stands. One that is finished already stays so, and is no error."""
        ...

    def retract(self, theirs: str) -> Given:
        """Takes back a report that is not finished. One that is retracted already stays so, and is no error."""
        ...

    def close(self) -> None:
        """Gives back what it holds."""
        ...
