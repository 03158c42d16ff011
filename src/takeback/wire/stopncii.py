"""StopNCII's API, version 1, as the clients that platforms run today speak it (spec/stopncii.md).

A record that they cannot read goes into their log with its value, so each has all fields, none of them null.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta, Struct

from takeback.errors import InvalidInputError
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.entry import EntryState
from takeback.model.feedback import Verdict
from takeback.wire.json import decode, encode

#: What they call a type of value.
SIGNAL_TYPES = {FingerprintType.PDQ: "ImagePDQ", FingerprintType.MD5: "VideoMD5"}
STATUSES = {EntryState.LISTED: "Active", EntryState.SUSPENDED: "Deleted", EntryState.WITHDRAWN: "Withdrawn"}
#: What they say → what was found. Anything else is no verdict.
VERDICTS = {"Blocked": Verdict.CONFIRMED, "NotBlocked": Verdict.WRONG}
#: The common client writes its enumeration's name before the value.
PREFIX = "StopNCIISignalType."
MAX_RECORDS_PER_REQUEST = 1_000
_DIGITS = {2 * type_.byte_length: type_ for type_ in SIGNAL_TYPES}
_CONTRACT = "stopncii.md"

_Feedback = Literal[
    "Unknown", "None", "QualityUnknown", "PendingReview", "Blocked", "NotBlocked", "Withdrawn", "Deleted"
]
_Value = Annotated[str, Meta(max_length=64)]


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a page; `at` is in seconds since 1970."""

    case: str
    value: Fingerprint
    state: EntryState
    at: int


class _Record(Struct, frozen=True):
    lastModtimestamp: int  # noqa: N815 - theirs
    signalType: str  # noqa: N815 - theirs
    hashValue: str  # noqa: N815 - theirs
    hashStatus: str  # noqa: N815 - theirs
    caseNumbers: dict[str, str]  # noqa: N815 - theirs
    CSPFeedbacks: list[str] = []


class _Page(Struct, frozen=True):
    count: int
    nextPageToken: str  # noqa: N815 - theirs; empty on the last page
    nextSetTimestamp: int  # noqa: N815 - theirs
    hasMoreRecords: bool  # noqa: N815 - theirs
    hashRecords: list[_Record]  # noqa: N815 - theirs


class _Said(Struct, frozen=True):
    feedbackValue: _Feedback  # noqa: N815 - theirs
    hashValue: _Value = ""  # noqa: N815 - theirs


class _SubmittedRecord(Struct, frozen=True):
    signalType: Annotated[str, Meta(max_length=64)]  # noqa: N815 - theirs
    hashValue: _Value  # noqa: N815 - theirs
    CSPFeedbacks: Annotated[list[_Said], Meta(max_length=1)] = []


class _Submission(Struct, frozen=True):
    hashRecords: Annotated[list[_SubmittedRecord], Meta(max_length=MAX_RECORDS_PER_REQUEST)]  # noqa: N815 - theirs


class _Feedbacks(Struct, frozen=True):
    hashFeedbacks: Annotated[list[_Said], Meta(max_length=MAX_RECORDS_PER_REQUEST)]  # noqa: N815 - theirs


class _Answer(Struct, frozen=True):
    count: int
    undecided: int
    unknown: int


def page_bytes(rows: Sequence[Row], *, come_back_at: int, next_: str | None) -> bytes:
    """Gives a page. `next_` is the token of the next one, None on the last."""
    return encode(_Page(len(rows), next_ or "", come_back_at, next_ is not None, [_record(row) for row in rows]))


def submitted(body: bytes) -> tuple[tuple[Fingerprint, Verdict | None], ...]:
    """Gives the values of a SubmitHashes body, and what is said of each."""
    records = decode(body, _Submission, _CONTRACT).hashRecords
    return tuple(
        (
            _typed(one, f"hashRecords[{at}]"),
            VERDICTS.get(one.CSPFeedbacks[0].feedbackValue) if one.CSPFeedbacks else None,
        )
        for at, one in enumerate(records)
    )


def feedbacks(body: bytes) -> tuple[tuple[Fingerprint, Verdict | None], ...]:
    """Gives the values of a SubmitFeedback body, and what is said of each. Its type is told by its length."""
    said = decode(body, _Feedbacks, _CONTRACT).hashFeedbacks
    return tuple(
        (_value(one.hashValue, f"hashFeedbacks[{at}]"), VERDICTS.get(one.feedbackValue)) for at, one in enumerate(said)
    )


def answer_bytes(*, taken: int, undecided: int, unknown: int) -> bytes:
    """Gives the answer to both."""
    return encode(_Answer(taken, undecided, unknown))


def _record(row: Row) -> _Record:
    status = STATUSES[row.state]
    return _Record(row.at, SIGNAL_TYPES[row.value.type], row.value.hex, status, {row.case: status})


def _typed(record: _SubmittedRecord, field: str) -> Fingerprint:
    value = _value(record.hashValue, field)
    if record.signalType.removeprefix(PREFIX) != SIGNAL_TYPES[value.type]:
        raise InvalidInputError(
            field=f"{field}.signalType",
            problem="does not go with the value.",
            remedy=f"Send {' or '.join(SIGNAL_TYPES.values())}.",
        )
    return value


def _value(text: str, field: str) -> Fingerprint:
    type_ = _DIGITS.get(len(text))
    if type_ is None:
        raise InvalidInputError(
            field=f"{field}.hashValue", problem="is no value of this list.", remedy="Send it as the list has it."
        )
    return Fingerprint.parse(type_.value, text, field=field)
