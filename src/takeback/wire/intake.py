"""What the person's page sends and reads (spec/intake.md)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from takeback.errors import InvalidInputError
from takeback.fingerprints.edits import EDIT_NAMES
from takeback.fingerprints.evidence import MAX_FILM_FRAMES, MIN_PDQ_QUALITY, says_too_little
from takeback.fingerprints.types import FINGERPRINT_TYPES, VALUE_BYTES, Fingerprint, FingerprintType
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
#: Bytes of a secret, and of the SHA-256 of one.
_DIGEST_BYTES = 32
#: By their words; making an enumeration's member by calling it takes ten times as long.
_KINDS, _AGES = {one.value: one for one in Kind}, {one.value: one for one in Age}
_PDQ, _VPDQ = FingerprintType.PDQ.value, FingerprintType.VPDQ.value
_EXACT = (FingerprintType.MD5.value, FingerprintType.SHA256.value)

#: No pattern, here or below: `_bytes` checks the digits in a tenth of the time.
Hex256 = Annotated[str, Meta(min_length=64, max_length=64, description="32 bytes as lower-case hexadecimal")]


class FingerprintBody(Request, frozen=True):
    """One fingerprint. `quality` stands with pdq and vpdq only, `at` (seconds into the film) with vpdq only.

    `edit` stands with the pdq of a simulated edit, and names it (spec/edits.json).
    """

    type: Literal["md5", "sha256", "pdq", "vpdq"]
    value: Annotated[
        str, Meta(min_length=32, max_length=64, description="lower-case hexadecimal: 32 digits of an md5, 64 of others")
    ]
    quality: Annotated[int, Meta(ge=0, le=MAX_PDQ_QUALITY)] | None = None
    at: Annotated[int, Meta(ge=0, le=MAX_AT)] | None = None
    edit: Annotated[str, Meta(max_length=24, description="its name in spec/edits.json")] | None = None


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
    entries = tuple([_entry(entry, at) for at, entry in enumerate(body.entries)])
    if len({entry.receipt for entry in entries}) != len(entries):
        raise InvalidInputError(
            field="entries", problem="hold one receipt twice.", remedy="Give every entry a secret of its own."
        )
    return Submission(_AGES[body.age], entries)


def secrets(body: SecretsBody) -> tuple[bytes, ...]:
    """Gives the secrets, 32 bytes each."""
    return tuple([_bytes(text, _DIGEST_BYTES, "secrets[", at, "]") for at, text in enumerate(body.secrets)])


def link_digest(body: LinkBody) -> bytes:
    """Gives the digest, 32 bytes."""
    return _bytes(body.digest, _DIGEST_BYTES, "digest")


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


def _entry(body: EntryBody, at: int) -> SubmittedEntry:
    kind = _KINDS[body.kind]
    prints = prints_of(kind, body.fingerprints, field=f"entries[{at}].fingerprints")
    return SubmittedEntry(_bytes(body.receipt, _DIGEST_BYTES, "entries[", at, "].receipt"), kind, prints)


def prints_of(kind: Kind, bodies: Sequence[FingerprintBody], *, field: str) -> tuple[Fingerprint, ...]:
    """Gives the fingerprints of one picture or film, or raises InvalidInputError for the first that is off."""
    prints = tuple([_fingerprint(one, field, at) for at, one in enumerate(bodies)])
    types: list[str] = [one.type for one in bodies]
    for exact in _EXACT:
        if types.count(exact) != 1:
            raise InvalidInputError(
                field=field,
                problem=f"must hold {exact} exactly once.",
                remedy="Fingerprint the file again and send all of its fingerprints.",
            )
    if kind is Kind.VIDEO and _PDQ in types:
        raise InvalidInputError(
            field=field, problem="of a video hold pdq, which is of a picture.", remedy="Send its frames as vpdq."
        )
    for type_, most in ((_PDQ, MAX_PDQ_PER_ENTRY), (_VPDQ, MAX_FILM_FRAMES)):
        if types.count(type_) > most:
            raise InvalidInputError(field=field, problem=f"hold too many {type_}.", remedy=f"Send at most {most}.")
    if len({(one.type, one.value) for one in bodies}) != len(prints):
        raise InvalidInputError(field=field, problem="hold one value twice.", remedy="Send each value once.")
    return prints


def _fingerprint(body: FingerprintBody, field: str, at: int) -> Fingerprint:
    type_ = FINGERPRINT_TYPES[body.type]
    value = _bytes(body.value, VALUE_BYTES[type_], field, "[", at, "].value")
    if (body.at is not None) is not (body.type == _VPDQ):
        raise _wrong((field, at, "at"), "stands with vpdq, and with nothing else.", "Send whole seconds there.")
    if body.edit is not None and body.type != _PDQ:
        raise _wrong((field, at, "edit"), "stands with pdq, and with nothing else.", "Leave it out here.")
    if body.edit is not None and body.edit not in EDIT_NAMES:
        raise _wrong(
            (field, at, "edit"),
            "is not an edit that this clearinghouse knows.",
            "Leave the value out, or load the page again.",
        )
    if body.type in _EXACT:
        if body.quality is not None:
            raise _wrong((field, at, "quality"), "stands with pdq and vpdq only.", "Leave it out here.")
        return Fingerprint(type_, value)
    if body.quality is None:
        raise _wrong((field, at, "quality"), "is missing.", "Send the quality that came with the value.")
    if body.quality < MIN_PDQ_QUALITY:
        raise _wrong(
            (field, at, "quality"),
            f"is below {MIN_PDQ_QUALITY}: the picture has too little detail to be told from others.",
            "Leave the value out and send the others.",
        )
    if (reason := says_too_little(value)) is not None:
        raise _wrong(
            (field, at, "value"),
            f"would match pictures that have nothing to do with this one ({reason}).",
            "Leave the value out and send the others.",
        )
    return Fingerprint(type_, value, body.quality, body.at, body.edit)


def _bytes(text: str, length: int, *field: object) -> bytes:
    """Gives so many bytes. The field's name is put together only where it is wrong: there are thousands a second."""
    try:
        value = bytes.fromhex(text)
    except ValueError:
        value = b""
    if len(value) != length or value.hex() != text:  # `fromhex` alone takes capitals and spaces, too
        raise InvalidInputError(
            field="".join(map(str, field)),
            problem=f"is not {length} bytes in hexadecimal.",
            remedy=f"Send {2 * length} digits, letters in lower case.",
        )
    return value


def _wrong(where: tuple[str, int, str], problem: str, remedy: str) -> InvalidInputError:
    field, at, name = where
    return InvalidInputError(field=f"{field}[{at}].{name}", problem=problem, remedy=remedy)
