"""What the person's page sends and reads (spec/intake.md)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from takeback.errors import InvalidInputError
from takeback.fingerprints.edits import EDIT_NAMES
from takeback.fingerprints.evidence import MAX_FILM_FRAMES, MIN_PDQ_QUALITY, says_too_little
from takeback.fingerprints.types import EDIT_NAME, Fingerprint, FingerprintType
from takeback.model.entry import Age, Kind, Submission, SubmittedEntry
from takeback.model.public_log import LoggedEntry
from takeback.model.receipt import SECRETS_PER_REQUEST, EntryStatus
from takeback.wire.json import Answer, Request

#: Pictures in one submission.
MAX_ENTRIES = 100
MAX_PDQ_PER_ENTRY = 20
MAX_FINGERPRINTS_PER_ENTRY = MAX_PDQ_PER_ENTRY + MAX_FILM_FRAMES + 2
#: Seconds: eleven days, longer than any film.
MAX_AT = 1_000_000
MAX_PDQ_QUALITY = 100

Hex256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$", max_length=64, description="32 bytes as lower-case hexadecimal")]


class FingerprintBody(Request, frozen=True):
    """One fingerprint. `quality` stands with pdq and vpdq only, `at` (seconds into the film) with vpdq only.

    `edit` stands with the pdq of a simulated edit, and names it (spec/edits.json).
    """

    type: Literal["md5", "sha256", "pdq", "vpdq"]
    value: Annotated[str, Meta(pattern="^([0-9a-f]{32}|[0-9a-f]{64})$", max_length=64)]
    quality: Annotated[int, Meta(ge=0, le=MAX_PDQ_QUALITY)] | None = None
    at: Annotated[int, Meta(ge=0, le=MAX_AT)] | None = None
    edit: Annotated[str, Meta(pattern=f"^{EDIT_NAME}$", max_length=24)] | None = None


class EntryBody(Request, frozen=True):
    """One picture. `receipt` is the SHA-256 of the entry's secret (spec/receipt.md)."""

    receipt: Hex256
    kind: Literal["image", "video"]
    fingerprints: Annotated[list[FingerprintBody], Meta(min_length=2, max_length=MAX_FINGERPRINTS_PER_ENTRY)]


class SubmissionBody(Request, frozen=True):
    """One act of intake."""

    age: Literal["under-18", "unsure"]
    entries: Annotated[list[EntryBody], Meta(min_length=1, max_length=MAX_ENTRIES)]


class AcceptedBody(Answer, frozen=True):
    """Every entry is on disk."""

    accepted: int


class SecretsBody(Request, frozen=True):
    """Exactly 128 secrets, those that are not needed filled with random values."""

    secrets: Annotated[list[Hex256], Meta(min_length=SECRETS_PER_REQUEST, max_length=SECRETS_PER_REQUEST)]


class LinkBody(Request, frozen=True):
    """A counsellor's link that somebody begins with: the SHA-256 of the number in it."""

    digest: Hex256


class EntryStatusBody(Answer, frozen=True):
    """What one secret opens (spec/intake.md has the table)."""

    state: Literal["waiting", "listed", "suspended", "unlisted"]
    since: date | None = None
    services: int | None = None
    fetched_by: int | None = None
    removed_on: int | None = None
    withdraw_on: date | None = None
    expires_on: date | None = None


class StatusBody(Answer, frozen=True):
    """One status for each secret, in the order in which they were sent."""

    entries: list[EntryStatusBody]


class LoggedBody(Answer, frozen=True):
    """Where in the public log an entry stands (spec/public-log.md); empty where it is not."""

    leaf: int | None = None
    content: str | None = None
    salt: str | None = None


class LoggedListBody(Answer, frozen=True):
    """One place for each secret, in the order in which they were sent."""

    entries: list[LoggedBody]


def submission(body: SubmissionBody) -> Submission:
    """Gives the submission, or raises InvalidInputError for the first field that is not as it should be."""
    entries = tuple(_entry(entry, f"entries[{at}]") for at, entry in enumerate(body.entries))
    if len({entry.receipt for entry in entries}) != len(entries):
        raise InvalidInputError(
            field="entries", problem="hold one receipt twice.", remedy="Give every entry a secret of its own."
        )
    return Submission(Age(body.age), entries)


def secrets(body: SecretsBody) -> tuple[bytes, ...]:
    """Gives the secrets, 32 bytes each."""
    return tuple(bytes.fromhex(text) for text in body.secrets)


def link_digest(body: LinkBody) -> bytes:
    """Gives the digest, 32 bytes."""
    return bytes.fromhex(body.digest)


def status(entries: tuple[EntryStatus, ...]) -> StatusBody:
    """Gives the body for a list of statuses."""
    return StatusBody(
        [
            EntryStatusBody(e.state.value, e.since, e.services, e.fetched_by, e.removed_on, e.withdraw_on, e.expires_on)
            for e in entries
        ]
    )


def logged(entries: tuple[LoggedEntry | None, ...]) -> LoggedListBody:
    """Gives the body for places in the public log."""
    return LoggedListBody(
        [LoggedBody() if e is None else LoggedBody(e.leaf, e.content.hex(), e.salt.hex()) for e in entries]
    )


def _entry(body: EntryBody, field: str) -> SubmittedEntry:
    prints = prints_of(Kind(body.kind), body.fingerprints, field=f"{field}.fingerprints")
    return SubmittedEntry(bytes.fromhex(body.receipt), Kind(body.kind), prints)


def prints_of(kind: Kind, bodies: Sequence[FingerprintBody], *, field: str) -> tuple[Fingerprint, ...]:
    """Gives the fingerprints of one picture or film, or raises InvalidInputError for the first that is off."""
    prints = tuple(_fingerprint(one, f"{field}[{at}]") for at, one in enumerate(bodies))
    types = [one.type for one in prints]
    for exact in (FingerprintType.MD5, FingerprintType.SHA256):
        if types.count(exact) != 1:
            raise InvalidInputError(
                field=field,
                problem=f"must hold {exact.value} exactly once.",
                remedy="Fingerprint the file again and send all of its fingerprints.",
            )
    if kind is Kind.VIDEO and FingerprintType.PDQ in types:
        raise InvalidInputError(
            field=field, problem="of a video hold pdq, which is of a picture.", remedy="Send its frames as vpdq."
        )
    for type_, most in ((FingerprintType.PDQ, MAX_PDQ_PER_ENTRY), (FingerprintType.VPDQ, MAX_FILM_FRAMES)):
        if types.count(type_) > most:
            raise InvalidInputError(
                field=field, problem=f"hold too many {type_.value}.", remedy=f"Send at most {most}."
            )
    if len({(one.type, one.value) for one in prints}) != len(prints):
        raise InvalidInputError(field=field, problem="hold one value twice.", remedy="Send each value once.")
    return prints


def _fingerprint(body: FingerprintBody, field: str) -> Fingerprint:
    fingerprint = Fingerprint.parse(body.type, body.value, body.quality, body.at, body.edit, field=field)
    if (body.at is not None) is not (fingerprint.type is FingerprintType.VPDQ):
        raise InvalidInputError(
            field=f"{field}.at", problem="stands with vpdq, and with nothing else.", remedy="Send whole seconds there."
        )
    if body.edit is not None and fingerprint.type is not FingerprintType.PDQ:
        raise InvalidInputError(
            field=f"{field}.edit", problem="stands with pdq, and with nothing else.", remedy="Leave it out here."
        )
    if body.edit is not None and body.edit not in EDIT_NAMES:
        raise InvalidInputError(
            field=f"{field}.edit",
            problem="is not an edit that this clearinghouse knows.",
            remedy="Leave the value out, or load the page again.",
        )
    if not fingerprint.type.perceptual:
        if body.quality is not None:
            raise InvalidInputError(
                field=f"{field}.quality", problem="stands with pdq and vpdq only.", remedy="Leave it out here."
            )
        return fingerprint
    if body.quality is None:
        raise InvalidInputError(
            field=f"{field}.quality",
            problem="is missing.",
            remedy="Send the quality that came with the value.",
        )
    if body.quality < MIN_PDQ_QUALITY:
        raise InvalidInputError(
            field=f"{field}.quality",
            problem=f"is below {MIN_PDQ_QUALITY}: the picture has too little detail to be told from others.",
            remedy="Leave the value out and send the others.",
        )
    reason = says_too_little(fingerprint.value)
    if reason is not None:
        raise InvalidInputError(
            field=f"{field}.value",
            problem=f"would match pictures that have nothing to do with this one ({reason}).",
            remedy="Leave the value out and send the others.",
        )
    return fingerprint
