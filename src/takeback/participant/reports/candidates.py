"""What one decision answered, and what of it a report may have: files of one account, each in one report alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.errors import ConflictError, InvalidInputError, NotFoundError
from takeback.model.evidence import Evidence
from takeback.model.filing import Filing
from takeback.model.hold import Hold
from takeback.model.report import Grounds, Judged, Unseen, refusal, refusal_of_copy, refusal_of_decision
from takeback.model.review import Seen
from takeback.participant.reports.evidence import known_hold
from takeback.storage import operators
from takeback.storage.platform import evidence as kept
from takeback.storage.platform import holds, reports, reviews

#: Files of one report, at most.
MAX_FILES = 100
NO_FILE = "The file of this hold is not kept. Hand it in first: `takeback evidence keep`."
OTHER_ACCOUNT = "It is of another account. Build a report of its own about it."
TOO_MANY = f"A report has at most {MAX_FILES} files. Build another one about the rest."
LEFT_OUT = "Whoever built it left it out."


class ReportedError(ConflictError):
    """A hold has a report already, or its file is in one; `report` is its id."""

    def __init__(self, other: Filing) -> None:
        super().__init__(
            f"There is a report about this hold: {other.id}, {other.state.value}. Send that one, or retract it."
        )
        self.report = other.id


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the contents that a decision answered: what is known of it, and its file where that is kept already.

    `reported` is the report that it has already; `refused` says why it is in none beside the one that it stands with.
    """

    judged: Judged
    file: Evidence | None
    reported: Filing | None
    refused: str | None = None

    @property
    def hold(self) -> Hold:
        """Its hold."""
        return self.judged.hold

    @property
    def has_file(self) -> bool:
        """Whether its file is kept, or the desk has a copy that can be."""
        return self.file is not None or self.hold.copy is not None


async def candidates(connection: AsyncConnection, hold_id: str, *, instead: str | None = None) -> list[Candidate]:
    """Gives all that the decision about a hold answered, the hold itself first. `instead` is a report to be replaced.

    Raises NotFoundError where there is no such hold.
    """
    first = await known_hold(connection, hold_id)
    others = [one for one in await holds.answered_with(connection, first) if one.id != first.id]
    found = [await _known(connection, one, instead) for one in (first, *others)]
    return [replace(one, refused=_refused(one, first, place)) for place, one in enumerate(found)]


async def report_of(connection: AsyncConnection, hold_id: str, *, instead: str | None = None) -> Filing | None:
    """Gives the report about a hold, or with its file, that was not taken back; or None."""
    every = await reports.of_hold(connection, hold_id)
    return next((one for one in every if one.state.stands_in_the_way and one.id != instead), None)


def must_be_reportable(found: list[Candidate], grounds: Grounds, unseen: Unseen) -> None:
    """Raises what forbids a report about the first of them, as far as that is known before any file is read."""
    first = found[0]
    if why := refusal(_seen_at_best(found), grounds, unseen):
        raise ConflictError(why)
    if first.reported is not None:
        raise ReportedError(first.reported)
    if not first.has_file:
        raise NotFoundError(NO_FILE)


def grounds_for(found: list[Candidate], unseen: Unseen) -> list[Grounds]:
    """Gives the grounds that may be true of the first of them. Raises what forbids every report about it."""
    judged = _seen_at_best(found)
    true = [grounds for grounds in Grounds if refusal(judged, grounds, unseen) is None]
    must_be_reportable(found, true[0] if true else Grounds.SEEN, unseen)
    return true


def chosen(found: list[Candidate], without: Collection[str]) -> list[Candidate]:
    """Gives those that may be in a report about the first, but for those that a person leaves out, by their holds."""
    if not set(without) <= {one.hold.id for one in found[1:]}:
        problem = "names a hold that is none of the copies which this decision answered."
        raise InvalidInputError(field="without", problem=problem, remedy="Leave out copies, not the hold itself.")
    return [one for one in found if one.refused is None and one.hold.id not in without]


def left_out(found: list[Candidate], inside: Collection[str], unseen: Unseen) -> dict[str, str]:
    """Says of each that is not in a report why it is not, by its hold."""
    outside = [one for one in found if one.hold.id not in inside]
    return {one.hold.id: one.refused or refusal_of_copy(one.judged, unseen) or LEFT_OUT for one in outside}


def _seen_at_best(found: list[Candidate]) -> Judged:
    """The first of them, seen if any is: the others may be the same byte for byte."""
    first, *copies = found
    seen = first.judged.viewed or any(one.judged.viewed for one in copies if one.refused is None)
    return replace(first.judged, viewed=seen)


async def _known(connection: AsyncConnection, hold: Hold, instead: str | None) -> Candidate:
    decider = None if hold.decided_by is None else await operators.find(connection, hold.decided_by)
    file = await kept.file_of(connection, hold.id)
    shown = await reviews.viewings(connection, hold.id)
    # what was seen is the desk's copy: of a file that came from elsewhere nobody has seen anything
    viewed = (file is None or file.is_copy) and any(one.how is Seen.SHARP for one in shown)
    tiers = frozenset(finding.tier for finding in hold.findings)
    judged = Judged(hold, None if decider is None else decider.role, viewed, tiers)
    return Candidate(judged, file, await report_of(connection, hold.id, instead=instead))


def _refused(one: Candidate, first: Hold, place: int) -> str | None:
    if why := refusal_of_decision(one.judged):
        return why
    if one.reported is not None:
        return str(ReportedError(one.reported))
    if one.hold.content.account != first.content.account:
        return OTHER_ACCOUNT
    if not one.has_file:
        return NO_FILE
    return TOO_MANY if place >= MAX_FILES else None
