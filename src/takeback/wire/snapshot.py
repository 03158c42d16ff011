"""The whole list as lines of JSON with one signature at the end (spec/list-format.md).

A header; a line for each entry, as it stands in pages; where the list then stands; the signature of all before it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, BinaryIO, TypeVar

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from takeback.errors import UntrustedListError
from takeback.model.change import START, Change, ChangePage, Upsert
from takeback.model.list_digest import ListDigest
from takeback.wire import changes, signed
from takeback.wire.changes import HeadBody
from takeback.wire.json import encode

T = TypeVar("T")

FORMAT = "takeback-snapshot/1"
#: Changes in one of the pages that a reader makes of it.
PAGE_CHANGES = 2_000
#: Longest line that a reader takes, in bytes: one entry with all of its fingerprints stays far below.
MAX_LINE_BYTES = 4 * 1024 * 1024
_CHANGE, _TOMBSTONE = b'{"change":', b'{"change":"tombstone"'


class _Header(msgspec.Struct, frozen=True, kw_only=True):
    format: str
    list_id: str = msgspec.field(name="list")
    participant: str
    issued: Annotated[datetime, msgspec.Meta(tz=True)]


class _Page(msgspec.Struct, frozen=True):
    next: str
    changes: list[msgspec.Raw]
    head: HeadBody | None = None


class _Change(msgspec.Struct, frozen=True):
    sequence: int


class _End(msgspec.Struct, frozen=True):
    next: str
    head: HeadBody


class _Signature(msgspec.Struct, frozen=True):
    signature: str


class Writer:
    """Makes a snapshot of the pages of one participant, as they come. `began_at` is the list's head at the beginning.

    What has gone before that is left out; what changes meanwhile has a second line, or a tombstone.
    """

    def __init__(self, *, list_id: str, participant: str, issued: datetime, began_at: int) -> None:
        self._digest, self._began_at, self.after, self.ended = hashlib.sha256(), began_at, START, False
        self._header = _Header(format=FORMAT, list_id=list_id, participant=participant, issued=issued)

    def header(self) -> bytes:
        """Gives the first line."""
        return self._lines([encode(self._header)])

    def page(self, body: bytes) -> bytes:
        """Gives the lines of a page's body; of the last one, the line behind them as well."""
        page = msgspec.json.decode(body, type=_Page)
        lines = [bytes(one) for one in page.changes if not self._left_out(bytes(one))]
        self.after, self.ended = int(page.next), page.head is not None
        if page.head is not None:
            lines.append(encode(_End(page.next, page.head)))
        return self._lines(lines)

    def signature(self, key: Ed25519PrivateKey) -> bytes:
        """Gives the last line."""
        return encode(_Signature(signed.sign(self._digest.digest(), key))) + b"\n"

    def _left_out(self, change: bytes) -> bool:
        gone = change.startswith(_TOMBSTONE)
        return gone and msgspec.json.decode(change, type=_Change).sequence <= self._began_at

    def _lines(self, lines: Iterable[bytes]) -> bytes:
        text = b"".join(line + b"\n" for line in lines)
        self._digest.update(text)
        return text


def verified_pages(file: BinaryIO, key: Ed25519PublicKey) -> Iterator[ChangePage]:
    """Gives a snapshot as pages of changes; raises UntrustedListError before the first unless all of it is signed."""
    _verify(file, key)
    file.seek(0)
    header = _decoded(file.readline(MAX_LINE_BYTES), _Header)
    if header.format != FORMAT:
        raise UntrustedListError(f"This says that it is {header.format}; this reader knows {FORMAT}. Update takeback.")
    page = ChangePage(header.list_id, header.participant, START, START, header.issued.astimezone(UTC), (), None)
    found, names = list[Change](), set[str]()
    while (line := file.readline(MAX_LINE_BYTES)).startswith(_CHANGE):
        change = changes.change(line, f"line {file.tell()}")
        name = change.entry.entry if isinstance(change, Upsert) else change.entry
        if len(found) == PAGE_CHANGES or name in names:  # no page has an entry twice
            page = replace(page, next=found[-1].sequence, changes=tuple(found))
            yield page
            page, found, names = replace(page, after=page.next), [], set()
        found.append(change)
        names.add(name)
    end = _decoded(line, _End)
    head, salt = ListDigest(end.head.entries, int(end.head.digest, 16)), end.head.salt
    yield replace(
        page,
        next=changes.cursor(end.next, field="next"),
        changes=tuple(found),
        head=head,
        salt=None if salt is None else bytes.fromhex(salt),
    )


def _verify(file: BinaryIO, key: Ed25519PublicKey) -> None:
    """Proves the signature, which is the last line, over everything before it."""
    file.seek(0)
    digest, last = hashlib.sha256(), b""
    while line := file.readline(MAX_LINE_BYTES):
        digest.update(last)
        last = line
    signed.verify(digest.digest(), _decoded(last, _Signature).signature, key)


def _decoded(line: bytes, shape: type[T]) -> T:
    try:
        return msgspec.json.decode(line, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise _broken() from None


def _broken() -> UntrustedListError:
    return UntrustedListError("The snapshot is cut off or cannot be read. Nothing was kept; sync again.")
