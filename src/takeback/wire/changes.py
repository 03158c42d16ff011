"""The change feed and feedback between clearinghouse and participant (spec/list-format.md)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Literal

from msgspec import Meta, field

from takeback.errors import InvalidInputError, UntrustedListError
from takeback.fingerprints.types import Fingerprint
from takeback.model.change import MAX_SEQUENCE, Change, ChangePage, Tombstone, Upsert
from takeback.model.entry import Age, Kind, ListedEntry
from takeback.model.feedback import ActionTaken, Feedback, Verdict
from takeback.model.list_digest import ListDigest
from takeback.model.tier import StrongestAction, Tier
from takeback.wire.json import Answer, Request, decode, encode

FORMAT = "takeback-changes/1"
#: Largest page that a participant may ask for, in changes.
MAX_PAGE_CHANGES = 5_000
MAX_FEEDBACK_PER_REQUEST = 1_000


class FingerprintOnList(Answer, frozen=True):
    """One fingerprint."""

    type: str
    value: str
    quality: int | None = None
    at: int | None = None
    edit: str | None = None


class UpsertBody(Answer, frozen=True, tag="upsert", tag_field="change"):
    """The entry is on the list, and this is what it now is."""

    sequence: int
    entry: str
    kind: str
    age: str
    tier: str
    action: str
    listed_on: date
    fingerprints: list[FingerprintOnList]


class TombstoneBody(Answer, frozen=True, tag="tombstone", tag_field="change"):
    """The entry is off the list."""

    sequence: int
    entry: str


class HeadBody(Answer, frozen=True):
    """What the reader's whole list must now be: how many entries, and the sum of their hashes (64 hex)."""

    entries: int
    digest: str


class PageBody(Answer, frozen=True, kw_only=True):
    """One page of the feed."""

    format: str
    list_id: str = field(name="list")
    participant: str
    after: str
    next: str
    issued: Annotated[datetime, Meta(tz=True)]
    changes: list[UpsertBody | TombstoneBody]
    head: HeadBody | None = None


class FeedbackBody(Request, frozen=True):
    """One verdict on one entry."""

    entry: Annotated[str, Meta(pattern="^[0-9a-f]{32}$", max_length=32)]
    verdict: Literal["confirmed", "wrong"]
    action: Literal["removed", "kept"]


class FeedbackListBody(Request, frozen=True):
    """Verdicts, each of which replaces this participant's earlier one on the same entry."""

    feedback: Annotated[list[FeedbackBody], Meta(min_length=1, max_length=MAX_FEEDBACK_PER_REQUEST)]


class FeedbackTakenBody(Answer, frozen=True):
    """How many were taken in; `unknown` counts entries that are not (or no longer) on this participant's list."""

    taken: int
    unknown: int


def page_bytes(page: ChangePage) -> bytes:
    """Gives the bytes that are signed and sent."""
    return encode(
        PageBody(
            format=FORMAT,
            list_id=page.list_id,
            participant=page.participant,
            after=str(page.after),
            next=str(page.next),
            issued=page.issued,
            changes=[_change_body(change) for change in page.changes],
            head=None if page.head is None else HeadBody(page.head.entries, page.head.hex),
        )
    )


def page(body: bytes) -> ChangePage:
    """Gives the page, or raises UntrustedListError. Verify the signature of the bytes first (`signed.py`)."""
    try:
        read = decode(body, PageBody)
        if read.format != FORMAT:
            raise UntrustedListError(
                f"The page says that it is {read.format}; this reader knows {FORMAT}. Update takeback."
            )
        return ChangePage(
            read.list_id,
            read.participant,
            cursor(read.after, field="after"),
            cursor(read.next, field="next"),
            read.issued.astimezone(UTC),
            tuple(_change(change, f"changes[{at}]") for at, change in enumerate(read.changes)),
            None if read.head is None else ListDigest(read.head.entries, int(read.head.digest, 16)),
        )
    except (InvalidInputError, ValueError) as error:
        problem = str(error) if isinstance(error, InvalidInputError) else "a value is not one that this reader knows"
        raise UntrustedListError(f"The page cannot be read: {problem}. Nothing was kept; sync again.") from None


def change(line: bytes, field: str) -> Change:
    """Gives one change by itself, or raises UntrustedListError."""
    try:
        return _change(decode(line, UpsertBody | TombstoneBody), field)  # type: ignore[arg-type]  # msgspec takes unions
    except (InvalidInputError, ValueError):
        raise UntrustedListError(f"{field} cannot be read. Nothing was kept; sync again.") from None


def cursor(text: str, *, field: str) -> int:
    """Gives the sequence that a cursor stands for. To everybody else a cursor is an opaque word."""
    if text.isascii() and text.isdigit() and len(text) <= len(str(MAX_SEQUENCE)) and int(text) <= MAX_SEQUENCE:
        return int(text)
    raise InvalidInputError(
        field=field, problem="is not a cursor.", remedy="Send the `next` of the last page, or 0 to begin."
    )


def verdicts(body: FeedbackListBody) -> tuple[Feedback, ...]:
    """Gives the verdicts."""
    return tuple(Feedback(f.entry, Verdict(f.verdict), ActionTaken(f.action)) for f in body.feedback)


def feedback_bytes(given: tuple[Feedback, ...]) -> bytes:
    """Gives the body for verdicts."""
    return encode(FeedbackListBody([FeedbackBody(f.entry, f.verdict.value, f.action.value) for f in given]))


def _change_body(change: Change) -> UpsertBody | TombstoneBody:
    if isinstance(change, Tombstone):
        return TombstoneBody(change.sequence, change.entry)
    entry = change.entry
    return UpsertBody(
        entry.sequence,
        entry.entry,
        entry.kind.value,
        entry.age.value,
        entry.tier.value,
        entry.action.value,
        entry.listed_on,
        [FingerprintOnList(f.type.value, f.hex, f.quality, f.at, f.edit) for f in entry.fingerprints],
    )


def _change(body: UpsertBody | TombstoneBody, field: str) -> Change:
    if isinstance(body, TombstoneBody):
        return Tombstone(body.entry, body.sequence)
    return Upsert(
        ListedEntry(
            body.entry,
            body.sequence,
            Kind(body.kind),
            Age(body.age),
            Tier(body.tier),
            StrongestAction(body.action),
            body.listed_on,
            tuple(
                Fingerprint.parse(f.type, f.value, f.quality, f.at, f.edit, field=f"{field}.fingerprints[{at}]")
                for at, f in enumerate(body.fingerprints)
            ),
        )
    )
