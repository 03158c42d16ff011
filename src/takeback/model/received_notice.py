"""A notice as the platform that was asked keeps it: how it came, where it stands, how it ended.

What the notice says is `model.notice.Notice`; it is personal data, kept sealed and erased in its time. What is here
stays: it names nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from takeback.errors import ConflictError
from takeback.model.notice import AgeThen, Content, Law, Notice, Signer


class NoticeState(StrEnum):
    """Where a notice is. Its clock runs while it is open, and never before."""

    INCOMPLETE = "incomplete"
    OPEN = "open"
    REMOVED = "removed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


#: From where to where. A decision may be taken the other way: somebody appealed, or it was undone.
_ALLOWED = {
    NoticeState.INCOMPLETE: {NoticeState.OPEN, NoticeState.WITHDRAWN, NoticeState.LAPSED},
    NoticeState.OPEN: {NoticeState.REMOVED, NoticeState.REFUSED, NoticeState.WITHDRAWN},
    NoticeState.REMOVED: {NoticeState.REFUSED, NoticeState.OPEN},
    NoticeState.REFUSED: {NoticeState.REMOVED, NoticeState.OPEN},
}


class Refusal(StrEnum):
    """Why nothing was removed. The list is closed; the sentence of each stands with the page's texts."""

    NOT_FOUND = "not-found"
    ALREADY_GONE = "already-gone"
    NOT_OURS = "not-ours"
    NOT_INTIMATE = "not-intimate"
    AGREED = "agreed"
    PUBLIC_INTEREST = "public-interest"
    MAY_NOT_ASK = "may-not-ask"
    MISUSE = "misuse"
    APPEALED = "appealed"


class Flag(StrEnum):
    """What the platform knows of a piece of content that makes a person look before anything is hidden."""

    PUBLIC_INTEREST = "public-interest"
    CONSENSUAL = "consensual"


class Copy(StrEnum):
    """How a piece of content came to a notice: named in it, or found as the same bytes, or as a near picture."""

    NAMED = "named"
    EXACT = "exact"
    NEAR = "near"


@dataclass(frozen=True, slots=True)
class ReceivedNotice:
    """One notice. `flagger` is the id of a trusted flagger; `notifier` (16 bytes) tells whether two came from one.

    Times are in UTC: `first_contact_at` is when something came, `valid_at` when nothing was missing any more.
    `joined_to` is the number of an open notice that names the same places.
    """

    number: str
    state: NoticeState
    law: Law
    depicted: AgeThen
    content: Content
    signer: Signer
    computer_made: bool
    language: str
    first_contact_at: datetime
    valid_at: datetime | None = None
    due_at: datetime | None = None
    ended_at: datetime | None = None
    flagger: str | None = None
    notifier: bytes | None = None
    joined_to: str | None = None
    decided_by: str | None = None
    reason: Refusal | None = None

    @property
    def child(self) -> bool:
        """Whether it says that the person shown was under 18."""
        return self.depicted is AgeThen.UNDER_18


def received(number: str, said: Notice, at: datetime, *, flagger: str | None, notifier: bytes | None) -> ReceivedNotice:
    """Gives what is kept, in the open, of what a notice says."""
    return ReceivedNotice(
        number=number,
        state=NoticeState.INCOMPLETE,
        law=said.law,
        depicted=said.depicted,
        content=said.content,
        signer=said.signer,
        computer_made=said.computer_made,
        language=said.language,
        first_contact_at=at,
        flagger=flagger,
        notifier=notifier,
    )


def must_lead(before: NoticeState, after: NoticeState) -> None:
    """Raises ConflictError where a notice cannot go from the one state to the other."""
    if after not in _ALLOWED.get(before, set()):
        raise ConflictError(f"The notice is {before.value}, so it cannot become {after.value}.")


def hides_at_once(notice: ReceivedNotice, flags: frozenset[Flag], *, setting: bool, suspended: bool) -> bool:
    """Whether named content is hidden before anybody looks: it is, unless something speaks for a look first.

    That a person agreed says nothing where a child is shown. A suspended notifier's notices are kept and looked at.
    """
    if Flag.PUBLIC_INTEREST in flags or (Flag.CONSENSUAL in flags and not notice.child):
        return False
    return setting and not suspended
