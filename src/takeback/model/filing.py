"""A report on its way to an authority: how far it has come, and what may happen next.

Unfinished reports are nothing: the authority deletes them. So the one call that must never be made twice for one report
is the last one, and what happened to it is always found out before anything else is done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from takeback.model.report import Grounds


class ReportState(StrEnum):
    """Where a report is. `unclear` is one about whose last call a person has to ask the authority.

    built → approved → opening → open → finishing → finished; from anywhere before the last: retracted or refused.
    """

    BUILT = "built"
    APPROVED = "approved"
    OPENING = "opening"
    OPEN = "open"
    FINISHING = "finishing"
    FINISHED = "finished"
    RETRACTED = "retracted"
    REFUSED = "refused"
    UNCLEAR = "unclear"

    @property
    def ended(self) -> bool:
        """Whether nothing more is done about it by itself."""
        return self in _ENDS

    @property
    def on_its_way(self) -> bool:
        """Whether it is being sent, or was when whoever sent it was stopped."""
        return self in _ON_ITS_WAY

    @property
    def stands_in_the_way(self) -> bool:
        """Whether no other report about the same file may be built."""
        return self not in _TAKEN_BACK


_ON_ITS_WAY = {ReportState.OPENING, ReportState.OPEN, ReportState.FINISHING}
_TAKEN_BACK = {ReportState.RETRACTED, ReportState.REFUSED}
_ENDS = {ReportState.FINISHED, ReportState.RETRACTED, ReportState.REFUSED, ReportState.UNCLEAR}


class FileState(StrEnum):
    """Where one file of a report is. One that is found `uploading` may have arrived or not."""

    WAITING = "waiting"
    UPLOADING = "uploading"
    UPLOADED = "uploaded"
    DESCRIBED = "described"


class Door(StrEnum):
    """Where a report goes. Only `production` is a report; it takes a second person."""

    TEST = "test"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True)
class Filing:
    """One report, without what it says: that is the evidence of that id. Times are in UTC.

    `hold` is the one that it was built from; its files may be of others that the same decision answered.
    `approval` is the proposal by which a second person approved it; `theirs` the authority's own number; `request` its
    name of the last call; `problem` says what went wrong last.
    """

    id: str
    hold: str
    authority: str
    evidence: str
    grounds: Grounds
    score: int
    built_by: str
    built_at: datetime
    state: ReportState = ReportState.BUILT
    door: Door | None = None
    approval: str | None = None
    theirs: str | None = None
    opened_at: datetime | None = None
    tried_at: datetime | None = None
    finished_at: datetime | None = None
    request: str | None = None
    problem: str | None = None

    @property
    def stage(self) -> str:
        """How far it is, in one word for a form: what was asked of another stage than this one is not done."""
        tried = "" if self.tried_at is None else f"-tried-{self.tried_at:%Y%m%dT%H%M%S%f}"
        return f"{self.state.value}{tried}"


@dataclass(frozen=True, slots=True)
class FiledFile:
    """One file of it: its place in the report from 0, the evidence that is sent, and the authority's id of it.

    `hold` is the one that the evidence is kept for.
    """

    place: int
    evidence: str
    hold: str
    state: FileState = FileState.WAITING
    theirs: str | None = None
