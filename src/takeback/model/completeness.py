"""How complete a report is, and what would help whoever reads it.

An authority asks for little and can work with little of that. The weights are ours: what leads to a person and a place
counts most. A low score forbids nothing; it is shown to whoever is about to send.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from takeback.model.report import Report


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that a report does not say, why it helps, and how many points of 100 it would bring."""

    what: str
    why: str
    points: int


@dataclass(frozen=True, slots=True)
class Completeness:
    """The score from 0 to 100, and what is missing, the most helpful first."""

    score: int
    missing: tuple[Missing, ...]


def completeness(report: Report) -> Completeness:
    """Gives the score of a report."""
    missing = [one for one, there in _WANTED if not there(report)]
    return Completeness(100 - sum(one.points for one in missing), tuple(sorted(missing, key=lambda one: -one.points)))


def _addresses_with_times(report: Report) -> bool:
    events = report.reported.ip_events if report.reported else ()
    return any(event.at is not None for event in (*events, *(f.upload_event for f in report.files if f.upload_event)))


_WANTED: tuple[tuple[Missing, Callable[[Report], bool]], ...] = (
    (
        Missing("the account", "whose upload it was: without it nothing leads to a person", 15),
        lambda r: r.reported is not None and r.reported.id is not None,
    ),
    (
        Missing("an IP address with its time", "with time zone it names a connection, without none", 20),
        _addresses_with_times,
    ),
    (
        Missing("e-mail or phone of the account", "what an investigator can ask others about", 10),
        lambda r: r.reported is not None and bool(r.reported.emails or r.reported.phones),
    ),
    (
        Missing("the name that others see", "it is found again on other services", 5),
        lambda r: r.reported is not None and bool(r.reported.screen_name or r.reported.display_names),
    ),
    (
        Missing("the file", "a report without one can hardly be acted on", 15),
        lambda r: bool(r.files),
    ),
    (
        Missing("hashes of the file", "they join reports about the same file", 5),
        lambda r: bool(r.files) and all(f.hashes for f in r.files),
    ),
    (
        Missing("that a person has seen the file", "courts treat a file that nobody has looked at otherwise", 10),
        lambda r: bool(r.files) and all(f.viewed for f in r.files),
    ),
    (
        Missing("the time of the upload", "it stands beside the connection's records", 5),
        lambda r: bool(r.files) and all(f.uploaded_at for f in r.files),
    ),
    (
        Missing("where it stood", "the address of the page, or which chat", 5),
        lambda r: bool(r.urls or r.chat_service or any(f.location for f in r.files)),
    ),
    (
        Missing("whether everybody could see it", "it says how urgent it is", 3),
        lambda r: bool(r.files) and all(f.public is not None for f in r.files),
    ),
    (
        Missing("what was said around it", "the conversation often says who is in danger", 4),
        lambda r: bool(r.chat or r.info),
    ),
    (
        Missing("who reports", "whom an investigator may ask", 3),
        lambda r: bool(r.reporter.email),
    ),
)
