"""Pages of NCMEC's Hash Sharing API, version 2, as a platform reads them.

A record that cannot be read is counted and passed over: it must not stop what comes behind it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from takeback.errors import InvalidInputError, UntrustedListError
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.entry import Kind
from takeback.model.feedback import Verdict
from takeback.model.foreign import ForeignEntry
from takeback.wire.ncmec import NAMESPACE

_KINDS = {"image": Kind.IMAGE, "video": Kind.VIDEO}
_GONE = {"deletedImage", "deletedVideo"}
#: Types that are read; others (pdna, netclean, large ones) cannot be compared here.
_TYPES = {one.value: one for one in FingerprintType if one is not FingerprintType.VPDQ}
#: Which type is voted on, the first that an entry has.
VOTED = ((FingerprintType.PDQ, "PDQ"), (FingerprintType.MD5, "MD5"), (FingerprintType.SHA1, "SHA1"))


@dataclass(frozen=True, slots=True)
class NcmecPage:
    """What a page holds. `next` is a path below the base address, None on the last page."""

    listed: tuple[ForeignEntry, ...]
    gone: tuple[str, ...]
    next: str | None
    skipped: int


def page(content: bytes, members: Collection[int] = ()) -> NcmecPage:
    """Reads a page, of these members or of all; raises UntrustedListError for what is none."""
    root = _root(content)
    listed, gone, skipped = [], [], 0
    for record in (record for group in root if _tag(group) in ("images", "videos") for record in group):
        member, id_ = _named(record)
        if member is None or not id_:
            skipped += 1
        elif members and member not in members:
            continue
        elif _tag(record) in _GONE:
            gone.append(f"{member}-{id_}")
        elif _tag(record) in _KINDS:
            prints, wrong = _prints(record)
            skipped += wrong
            name = f"{member}-{id_}"
            if prints:
                listed.append(ForeignEntry(name, _KINDS[_tag(record)], prints, _day(record)))
            else:  # whatever it had before, it has nothing now that could be compared
                gone.append(name)
        else:
            skipped += 1
    return NcmecPage(tuple(listed), tuple(gone), _next(root), skipped)


def reasons(content: bytes) -> tuple[str, ...]:
    """Reads the guids of the reasons for a vote against."""
    found = (one.get("guid", "") for one in _root(content).iter() if _tag(one) == "reason")
    return tuple(dict.fromkeys(guid for guid in found if guid))


def vote_bytes(verdict: Verdict, reason: str = "") -> bytes:
    """Gives the body of a vote; one against names a reason, where there are some."""
    if verdict is Verdict.CONFIRMED:
        said = "<affirmative />"
    else:
        guid = "".join(one for one in reason if one.isalnum() or one == "-")
        said = f"<negative><reasonIds><guid>{guid}</guid></reasonIds></negative>" if guid else "<negative />"
    return f'<feedbackSubmission xmlns="{NAMESPACE}">{said}</feedbackSubmission>'.encode()


def _root(content: bytes) -> Element:
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError):
        raise UntrustedListError("The answer is not a page of that list. Check its address.") from None
    return root


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _texts(element: Element, tag: str) -> Iterator[Element]:
    return (child for child in element if _tag(child) == tag)


def _named(record: Element) -> tuple[int | None, str]:
    member, id_ = next(_texts(record, "member"), None), next(_texts(record, "id"), None)
    number = "" if member is None else member.get("id", "")
    name = "" if id_ is None else (id_.text or "").strip()
    return (int(number) if number.isascii() and number.isdigit() else None), name[:100]


def _prints(record: Element) -> tuple[tuple[Fingerprint, ...], int]:
    found, wrong = dict[FingerprintType, Fingerprint](), 0
    for one in (one for prints in _texts(record, "fingerprints") for one in prints):
        type_, text = _TYPES.get(_tag(one)), (one.text or "").strip().lower()
        if type_ is None or not text:
            continue
        try:
            found[type_] = Fingerprint.parse(type_.value, text)
        except InvalidInputError:
            wrong += 1
    return tuple(found.values()), wrong


def _day(record: Element) -> date | None:
    stamp = next(_texts(record, "timestamp"), None)
    try:
        return None if stamp is None else date.fromisoformat((stamp.text or "").strip()[:10])
    except ValueError:
        return None


def _next(root: Element) -> str | None:
    for paging in _texts(root, "paging"):
        for one in _texts(paging, "next"):
            path = (one.text or "").strip()
            if not path:
                continue
            if not path.startswith("/v2/"):
                raise UntrustedListError("The list names a next page that is not one of its own. Nothing was kept.")
            return path
    return None
