"""Pages of StopNCII's API, version 1, as a platform reads them: what is withdrawn is off, whatever stock clients do.

A record that cannot be read is counted and passed over: it must not stop what comes behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import msgspec
from msgspec import Struct

from takeback.errors import InvalidInputError, UntrustedListError
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.entry import Kind
from takeback.model.feedback import Verdict
from takeback.model.foreign import ForeignEntry, name_of
from takeback.wire.stopncii import SIGNAL_TYPES, VERDICTS

_TYPES = {name: type_ for type_, name in SIGNAL_TYPES.items()}
_KINDS = {FingerprintType.PDQ: Kind.IMAGE, FingerprintType.MD5: Kind.VIDEO}
#: Statuses of what matches. `Withdrawn`, `Deleted`, `Unknown` and whatever is not known are off.
_LISTED = {"Active", "Received"}
_SAID = {verdict: said for said, verdict in VERDICTS.items()}


class _Record(Struct, frozen=True):
    signalType: str = ""  # noqa: N815 - theirs
    hashValue: str = ""  # noqa: N815 - theirs
    hashStatus: str = ""  # noqa: N815 - theirs
    lastModtimestamp: float | None = None  # noqa: N815 - theirs


class _Envelope(Struct, frozen=True):
    nextSetTimestamp: int  # noqa: N815 - theirs
    hasMoreRecords: bool = False  # noqa: N815 - theirs
    nextPageToken: str | None = None  # noqa: N815 - theirs
    hashRecords: list[msgspec.Raw] = []  # noqa: N815 - theirs


@dataclass(frozen=True, slots=True)
class StopNciiPage:
    """What a page holds; `token` of the next one, None on the last; `come_back_at` is where a later reader begins."""

    listed: tuple[ForeignEntry, ...]
    gone: tuple[str, ...]
    token: str | None
    come_back_at: int
    skipped: int


def page(content: bytes) -> StopNciiPage:
    """Reads a page; raises UntrustedListError for what is none. The last record of a value is the one that counts."""
    try:
        envelope = msgspec.json.decode(content, type=_Envelope)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise UntrustedListError("The answer is not a page of that list. Check its address.") from None
    latest, skipped = dict[str, ForeignEntry | None](), 0
    for raw in envelope.hashRecords:
        try:
            record = msgspec.json.decode(raw, type=_Record)
            type_ = _TYPES[record.signalType]
            value = Fingerprint.parse(type_.value, record.hashValue.lower())
        except (msgspec.MsgspecError, UnicodeDecodeError, InvalidInputError, KeyError):
            skipped += 1
            continue
        name = name_of(value)
        latest.pop(name, None)
        listed = record.hashStatus in _LISTED
        latest[name] = ForeignEntry(name, _KINDS[type_], (value,), _day(record.lastModtimestamp)) if listed else None
    token = envelope.nextPageToken or None
    return StopNciiPage(
        tuple(entry for entry in latest.values() if entry is not None),
        tuple(name for name, entry in latest.items() if entry is None),
        token if envelope.hasMoreRecords else None,
        envelope.nextSetTimestamp,
        skipped,
    )


def feedback_bytes(said: list[tuple[Fingerprint, Verdict]]) -> bytes:
    """Gives the body of SubmitFeedback."""
    rows = [{"hashValue": value.hex, "feedbackValue": _SAID[verdict], "tags": []} for value, verdict in said]
    return msgspec.json.encode({"count": len(rows), "hashFeedbacks": rows})


def _day(stamp: float | None) -> date | None:
    try:
        return None if stamp is None else datetime.fromtimestamp(stamp, UTC).date()
    except (OverflowError, OSError, ValueError):
        return None
