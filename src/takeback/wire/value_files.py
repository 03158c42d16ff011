"""Files of values, as others hand them out: lines `type value`, CSV with the columns type and value, VICS 2.0 JSON.

Each value, or each medium of a VICS file, is an entry. What cannot be read is counted and passed over.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from takeback.errors import InvalidInputError
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.entry import Kind
from takeback.model.foreign import ForeignEntry, name_of

_TYPES = {one.value for one in FingerprintType} - {FingerprintType.VPDQ.value}
#: Names that others give to types of ours.
_ALIASES = {"video_md5": "md5", "photo_md5": "md5", "pdqhash": "pdq"}
_OF_A_MEDIUM = (("MD5", "md5"), ("SHA1", "sha1"))


@dataclass(frozen=True, slots=True)
class ValueFile:
    """What a file holds, each entry once, and how many records could not be read."""

    entries: tuple[ForeignEntry, ...]
    skipped: int


def values_in(content: bytes, value_type: str = "") -> ValueFile:
    """Reads a file. `value_type` is the type of lines that hold a value alone.

    An empty file, or one in which nothing can be read, is refused: half-written, it would take a whole list off. A file
    that holds nothing but a line that begins with # is an empty list.
    """
    text = content.decode("utf-8-sig", errors="replace")
    begin = text.lstrip()[:1]
    read = _vics(text) if begin in ("{", "[") else _lines(text, value_type)
    entries, skipped, records = dict[str, ForeignEntry](), 0, 0
    for prints in read:
        records += 1
        if prints is None:
            skipped += 1
            continue
        kind = Kind.IMAGE if any(one.type is FingerprintType.PDQ for one in prints) else Kind.VIDEO
        name = name_of(prints[0])
        entries[name] = ForeignEntry(name, kind, prints)
    if not entries and (records or not text.strip()):
        raise InvalidInputError(
            field="path",
            problem="holds no values.",
            remedy="Write lines `type value`, CSV with the columns type and value, or VICS JSON; one line # for none.",
        )
    return ValueFile(tuple(entries.values()), skipped)


def _lines(text: str, value_type: str) -> Iterator[tuple[Fingerprint, ...] | None]:
    header: list[str] | None = None
    for line in text.splitlines():
        plain = line.strip()
        if not plain or plain.startswith("#"):
            continue
        words = next(csv.reader(io.StringIO(plain))) if "," in plain or header else plain.split()
        words = [word.strip() for word in words]
        lowered = [word.lower() for word in words]
        if header is None and {"type", "value"} <= set(lowered):
            header = lowered
            continue
        if header is not None:
            row = dict(zip(header, words, strict=False))
            yield _one(row.get("type", ""), row.get("value", ""))
        elif len(words) == 1:
            yield _one(value_type, words[0])
        else:
            yield _one(words[0], words[1])


def _vics(text: str) -> Iterator[tuple[Fingerprint, ...] | None]:
    try:
        read: Any = msgspec.json.decode(text)
    except msgspec.MsgspecError:
        yield None
        return
    media = read.get("value", []) if isinstance(read, dict) else read
    for medium in media if isinstance(media, list) else [None]:
        if not isinstance(medium, dict):
            yield None
            continue
        found = [_one(type_, str(medium[key])) for key, type_ in _OF_A_MEDIUM if medium.get(key)]
        others = medium.get("AlternativeHashes")
        found += [
            _one(str(other.get("HashName", "")), str(other.get("HashValue", "")))
            for other in (others if isinstance(others, list) else [])
            if isinstance(other, dict)
        ]
        prints = tuple(print_ for one in found if one is not None for print_ in one)
        yield prints or None


def _one(type_: str, text: str) -> tuple[Fingerprint, ...] | None:
    known = _ALIASES.get(type_.lower(), type_.lower())
    if known not in _TYPES:
        return None
    try:
        return (Fingerprint.parse(known, text.lower()),)
    except InvalidInputError:
        return None
