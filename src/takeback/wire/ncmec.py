"""NCMEC's Hash Sharing API, version 2, as the clients that platforms run today speak it (spec/hash-sharing.md).

One entry that they cannot read stops their sync for good, so everything here is made from typed values alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring
from xml.sax.saxutils import escape

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from takeback.errors import InvalidInputError
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.channel import Channel
from takeback.model.entry import Kind
from takeback.model.feedback import Verdict

NAMESPACE = "https://hashsharing.ncmec.org/hashsharing/v2"
MEDIA_TYPE = "application/xml; charset=utf-8"
#: The channels through which entries come, as members that clients can choose. They stay the same for ever.
MEMBERS = {
    Channel.BROWSER: (900, "People in the picture, by this page"),
    Channel.HELPLINE: (901, "Help lines"),
    Channel.OPERATOR: (902, "The clearinghouse itself"),
    Channel.TEST: (999, "Test data, of no picture"),
}
#: The one reason for a vote against: this guid stays the same for ever.
REASON = ("3f1f5d0e-6c0b-4c57-9d1c-6b4c7d1f2a90", "Not what the list is for")
#: What can be voted on: one verdict counts for the whole entry.
VOTED_TYPES = ("MD5", "PDQ")
_MEMBER = {of: f'<member id="{id_}">{escape(name)}</member>' for of, (id_, name) in MEMBERS.items()}
_SENT = (FingerprintType.MD5, FingerprintType.PDQ)
_FRACTION = re.compile(r"(?<=:\d\d)\.\d{1,9}(?=Z$)")


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of a page; without fingerprints it is off the list."""

    name: str
    kind: Kind
    fingerprints: tuple[Fingerprint, ...] | None
    channel: Channel = Channel.BROWSER


def time(text: str, *, field: str) -> int:
    """Gives seconds since 1970 of `2026-01-02T03:04:05Z`, with a fraction or without, which is cut off."""
    whole = _FRACTION.sub("", text)
    try:
        return int(datetime.strptime(whole, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp())
    except ValueError:
        raise InvalidInputError(
            field=field, problem="is not a time.", remedy="Send UTC as 2026-01-02T03:04:05Z."
        ) from None


def page_bytes(rows: Iterable[tuple[Kind, bytes]], *, at: int, next_: str | None) -> bytes:
    """Gives a page of what `row_bytes` gave with the same time `at`; `next_` is a path below the base."""
    when = _time(at)
    groups: dict[Kind, list[bytes]] = {kind: [] for kind in Kind}
    for kind, row in rows:
        groups[kind].append(row)
    parts = [b"<?xml version='1.0' encoding='utf-8'?>\n", f'<queryResult xmlns="{NAMESPACE}">'.encode()]
    for kind, of_kind in groups.items():
        if of_kind:
            head = f'<{kind}s count="{len(of_kind)}" maxTimestamp="{when}">'
            parts += [head.encode(), *of_kind, f"</{kind}s>".encode()]
    parts += [] if next_ is None else [f"<paging><next>{escape(next_)}</next></paging>".encode()]
    return b"".join([*parts, b"</queryResult>"])


def row_bytes(row: Row, *, at: int) -> tuple[Kind, bytes]:
    """Gives one entry for a page, with a time in seconds since 1970.

    Written as text, since a page has tens of thousands of rows; what is not from typed values is escaped.
    """
    name = row.kind.value if row.fingerprints is not None else f"deleted{row.kind.value.capitalize()}"
    prints = ""
    if row.fingerprints is not None:  # of repeated names clients take the last, so a picture's edits stay away
        shown = [one for one in row.fingerprints if one.edit is None and one.type in _SENT]
        prints = "".join([f"<{one.type.value}>{one.value.hex()}</{one.type.value}>" for one in shown])
        prints = f"<fingerprints>{prints}</fingerprints>"
    inside = f"{_MEMBER[row.channel]}<id>{escape(row.name)}</id><timestamp>{_time(at)}</timestamp>{prints}"
    return row.kind, f"<{name}>{inside}</{name}>".encode()


def status_bytes(participant: str, name: str) -> bytes:
    """Gives who asks. Their address, which the field asks for, is not looked at."""
    root = _root("status")
    SubElement(root, "ipAddress").text = "0.0.0.0"
    SubElement(root, "username").text = participant
    SubElement(root, "member", id="0").text = name
    return _bytes(root)


def members_bytes(members: Iterable[tuple[int, str]]) -> bytes:
    """Gives the channels through which entries come."""
    root = _root("members")
    for id_, name in members:
        SubElement(root, "member", id=str(id_)).text = name
    return _bytes(root)


def reasons_bytes(type_: str) -> bytes:
    """Gives the reasons for a vote against, once as the documentation and once as the common client reads them."""
    root = _root("availableFeedbackReasons")
    for parent in (root, SubElement(root, "availableFeedbackReasons")):
        reason = Element("reason", guid=REASON[0], name=REASON[1], type=type_.capitalize())
        parent.insert(0, reason)
    return _bytes(root)


def vote(body: bytes) -> Verdict:
    """Gives the verdict of a vote, or raises InvalidInputError."""
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError):
        raise _no_vote() from None
    said = [child.tag.rpartition("}")[2] for child in root]
    verdicts = {"affirmative": Verdict.CONFIRMED, "negative": Verdict.WRONG}
    if root.tag.rpartition("}")[2] != "feedbackSubmission" or len(said) != 1 or said[0] not in verdicts:
        raise _no_vote()
    return verdicts[said[0]]


def taken_bytes() -> bytes:
    """Gives the answer to a vote."""
    return _bytes(_root("submissionResult"))


@lru_cache(maxsize=1)
def _time(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _root(name: str) -> Element:
    return Element(name, xmlns=NAMESPACE)


def _bytes(root: Element) -> bytes:
    out: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return out


def _no_vote() -> InvalidInputError:
    return InvalidInputError(
        field="body", problem="is no vote.", remedy="Send feedbackSubmission with affirmative or negative in it."
    )
