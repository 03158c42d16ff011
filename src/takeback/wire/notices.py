"""The API of notices: what a program sends and gets. A notice itself is read by `wire.notice`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from takeback.errors import InvalidInputError
from takeback.fingerprints.types import Fingerprint
from takeback.model.hold import Content, Surface
from takeback.model.notice import Authority, Part, Place, Statement
from takeback.model.received_notice import Copy, Flag, NoticeState, Refusal
from takeback.wire.intake import FingerprintBody
from takeback.wire.json import Answer, Request
from takeback.wire.notice import MAX_PLACES, Email, Line, PlaceBody

Moment = Annotated[datetime, Meta(tz=True)]
Secret = Annotated[str, Meta(max_length=40, description="as the receipt shows it")]
ContentId = Annotated[str, Meta(min_length=1, max_length=200, description="the platform's own id")]
#: Pieces of content in one call, and fingerprints of one of them, at most.
MAX_CONTENTS = 100
MAX_PRINTS = 4_000


class NoticeReceiptBody(Answer, frozen=True):
    """What the submitter keeps. `secret` is told this once. `missing` has to be added before the clock begins."""

    number: str
    secret: str
    state: NoticeState
    missing: tuple[Part, ...]
    first_contact_at: Moment
    valid_at: Moment | None = None
    due_at: Moment | None = None


class OpeningBody(Request, frozen=True):
    """What opens a notice for its submitter, beside the number in the address."""

    secret: Secret


class PartsBody(Request, frozen=True):
    """What was missing. What is there already stays as it is."""

    secret: Secret
    places: Annotated[tuple[PlaceBody, ...], Meta(max_length=MAX_PLACES)] = ()
    statements: Annotated[tuple[Statement, ...], Meta(max_length=len(Statement))] = ()
    authority: Authority | None = None
    name: Line | None = None
    email: Email | None = None


class NoticeStatusBody(Answer, frozen=True):
    """How a notice stands. `hidden` and `copies` count pieces of content. `reason` stands with `refused`."""

    number: str
    state: NoticeState
    missing: tuple[Part, ...]
    first_contact_at: Moment
    hidden: int
    copies: int
    valid_at: Moment | None = None
    due_at: Moment | None = None
    ended_at: Moment | None = None
    searched_at: Moment | None = None
    reason: Refusal | None = None


class NamedContentBody(Request, frozen=True):
    """A piece of content that the platform found at a place of the notice. Of `fingerprints`, copies are searched."""

    id: ContentId
    surface: Surface = Surface.PUBLIC
    kind: Literal["image", "video"] = "image"
    region: Annotated[str, Meta(pattern="^[A-Z]{2}$")] | None = None
    account: Annotated[str, Meta(max_length=200)] | None = None
    uploaded_at: Moment | None = None
    flags: Annotated[tuple[Flag, ...], Meta(max_length=len(Flag))] = ()
    fingerprints: Annotated[tuple[FingerprintBody, ...], Meta(max_length=MAX_PRINTS)] = ()


class ContentsBody(Request, frozen=True):
    """What a notice names."""

    contents: Annotated[tuple[NamedContentBody, ...], Meta(min_length=1, max_length=MAX_CONTENTS)]


class NoticeContentBody(Answer, frozen=True):
    """A piece of content of a notice. `hold` is the id of what waits for a person because of it."""

    id: str
    how: Copy
    hold: str
    hidden: bool
    distance: int | None = None


class NoticeContentsBody(Answer, frozen=True):
    """Every piece of content of a notice."""

    contents: tuple[NoticeContentBody, ...]


def places(bodies: tuple[PlaceBody, ...]) -> tuple[Place, ...]:
    """Gives the places, or raises InvalidInputError for one that is neither a link nor an account."""
    for at, one in enumerate(bodies):
        if one.url is None and one.account is None:
            raise InvalidInputError(
                field=f"places[{at}]", problem="has neither `url` nor `account`.", remedy="Give one of them."
            )
    return tuple(Place(one.url, one.account, one.where, one.seen_on) for one in bodies)


def content(body: NamedContentBody) -> Content:
    """Gives the piece of content."""
    return Content(body.id, body.surface, body.region, body.account, body.uploaded_at)


def prints(body: NamedContentBody, field: str) -> tuple[Fingerprint, ...]:
    """Gives the fingerprints of a piece of content, or raises InvalidInputError for one that is none."""
    return tuple(
        Fingerprint.parse(one.type, one.value, one.quality, one.at, one.edit, field=f"{field}.fingerprints[{at}]")
        for at, one in enumerate(body.fingerprints)
    )
