"""The change feed and feedback between clearinghouse and participant (spec/list-format.md)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Annotated, Literal

from msgspec import Meta, Raw, field

from takeback.errors import InvalidInputError, UntrustedListError
from takeback.fingerprints.types import Fingerprint
from takeback.model.change import MAX_SEQUENCE, Change, ChangePage, Tombstone, Upsert
from takeback.model.entry import Age, Kind, ListedEntry
from takeback.model.feedback import ActionTaken, Feedback, Verdict
from takeback.model.hits import Hits, coarse_hits
from takeback.model.list_digest import ListDigest
from takeback.model.tier import StrongestAction, Tier
from takeback.wire.json import Answer, Request, decode, encode

FORMAT = "takeback-changes/1"
#: Largest page that a participant may ask for, in changes.
MAX_PAGE_CHANGES = 5_000
MAX_FEEDBACK_PER_REQUEST = 1_000
MAX_HITS = 1_000_000_000
#: The text of changes around the name of the entry, as UpsertBody and TombstoneBody have it.
_UPSERT = b'{"change":"upsert","sequence":%d,"entry":"', b'",%b,"fingerprints":%b}'
_TOMBSTONE = b'{"change":"tombstone","sequence":%d,"entry":"', b'"}'
#: By their words; making an enumeration's member by calling it takes ten times as long.
_KINDS, _AGES = {one.value: one for one in Kind}, {one.value: one for one in Age}
_TIERS, _ACTIONS = {one.value: one for one in Tier}, {one.value: one for one in StrongestAction}


class FingerprintOnList(Answer, frozen=True, gc=False):
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


class _Claim(Answer, frozen=True):
    """The middle of an upsert."""

    kind: str
    age: str
    tier: str
    action: str
    listed_on: str


class HeadBody(Answer, frozen=True):
    """What the reader's whole list must now be: how many entries, and the sum of their hashes (64 hex).

    `salt` (64 hex) is for finding this state in the public log.
    """

    entries: int
    digest: str
    salt: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")] | None = None


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
    sandbox: bool = False


class _WrittenPage(Answer, frozen=True, kw_only=True):
    """A page whose changes are written already."""

    format: str
    list_id: str = field(name="list")
    participant: str
    after: str
    next: str
    issued: datetime
    changes: Raw
    head: HeadBody | None = None
    sandbox: bool = False


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
    return written_page(page, [b",".join(_change_bytes(change) for change in page.changes)])


def written_page(page: ChangePage, changes: Iterable[bytes]) -> bytes:
    """Gives the bytes of a page whose changes are written already, in pieces; those of `page` are left aside."""
    before, here, after = encode(
        _WrittenPage(
            format=FORMAT,
            list_id=page.list_id,
            participant=page.participant,
            after=str(page.after),
            next=str(page.next),
            issued=page.issued,
            changes=Raw(b"[]"),
            head=None if page.head is None else HeadBody(page.head.entries, page.head.hex, _hex(page.salt)),
            sandbox=page.sandbox,
        )
    ).partition(b'"changes":[')  # quotation marks within a value would stand behind a stroke
    return b"".join((before, here, *changes, after))


def upsert_around_name(
    sequence: int, kind: str, age: str, tier: str, action: str, listed_on: str, fingerprints: bytes
) -> tuple[bytes, bytes]:
    """Gives what stands before and after the entry's name, which alone differs between participants."""
    before, after = _UPSERT
    return before % sequence, after % (_claim(kind, age, tier, action, listed_on), fingerprints)


def tombstone_around_name(sequence: int) -> tuple[bytes, bytes]:
    """Gives what stands before and after the entry's name."""
    before, after = _TOMBSTONE
    return before % sequence, after


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
            None if read.head is None or read.head.salt is None else bytes.fromhex(read.head.salt),
            read.sandbox,
        )
    except (InvalidInputError, ValueError, KeyError) as error:
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


class HitsBody(Request, frozen=True):
    """How often an entry was found on a day in UTC, so far."""

    entry: Annotated[str, Meta(pattern="^[0-9a-f]{32}$", max_length=32)]
    day: date
    count: Annotated[int, Meta(ge=1, le=MAX_HITS)]


class HitsListBody(Request, frozen=True):
    """Counts, each of which replaces this participant's earlier one of the same entry and day."""

    hits: Annotated[list[HitsBody], Meta(min_length=1, max_length=MAX_FEEDBACK_PER_REQUEST)]


def hits(body: HitsListBody) -> tuple[Hits, ...]:
    """Gives the counts."""
    return tuple(Hits(one.entry, one.day, one.count) for one in body.hits)


def hits_bytes(counted: tuple[Hits, ...]) -> bytes:
    """Gives the body for counts, each rounded down to a step."""
    return encode(HitsListBody([HitsBody(one.entry, one.day, coarse_hits(one.count)) for one in counted]))


def _hex(salt: bytes | None) -> str | None:
    return None if salt is None else salt.hex()


@lru_cache(maxsize=4_096)
def _claim(kind: str, age: str, tier: str, action: str, listed_on: str) -> bytes:
    """Gives what entries of one day mostly have in common, written once."""
    return encode(_Claim(kind, age, tier, action, listed_on)).strip(b"{}")


def _change_bytes(change: Change) -> bytes:
    if isinstance(change, Tombstone):
        return encode(TombstoneBody(change.sequence, change.entry))
    entry = change.entry
    prints = [FingerprintOnList(f.type.value, f.hex, f.quality, f.at, f.edit) for f in entry.fingerprints]
    before, after = upsert_around_name(
        *(entry.sequence, entry.kind.value, entry.age.value, entry.tier.value, entry.action.value),
        entry.listed_on.isoformat(),
        encode(prints),
    )
    return before + entry.entry.encode() + after


def _change(body: UpsertBody | TombstoneBody, field: str) -> Change:
    if isinstance(body, TombstoneBody):
        return Tombstone(body.entry, body.sequence)
    return Upsert(
        ListedEntry(
            body.entry,
            body.sequence,
            _KINDS[body.kind],
            _AGES[body.age],
            _TIERS[body.tier],
            _ACTIONS[body.action],
            body.listed_on,
            _fingerprints(body.fingerprints, field),
        )
    )


def _fingerprints(bodies: list[FingerprintOnList], field: str) -> tuple[Fingerprint, ...]:
    parse = Fingerprint.parse
    try:
        return tuple([parse(f.type, f.value, f.quality, f.at, f.edit) for f in bodies])
    except InvalidInputError:  # once more, to say which: naming each costs more than reading it
        for at, f in enumerate(bodies):
            parse(f.type, f.value, f.quality, f.at, f.edit, field=f"{field}.fingerprints[{at}]")
        raise
