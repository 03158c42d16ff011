"""The feed as files that never change, for readers that begin: a common text, and names of each participant's own.

A file is the feed between two fixed sequences. Places in the feed are left and never taken again, so how many there
still are tells which state of that stretch it is. That number is part of the address: the same address has the same
bytes for ever, and a state that is over is answered by nothing. No file lies here, and none that can be had holds what
was withdrawn.
"""

from __future__ import annotations

import asyncio
import hmac
from collections import OrderedDict
from dataclasses import dataclass

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clock import Clock
from takeback.errors import NotFoundError
from takeback.model.application import types_text
from takeback.model.entry import EntryId
from takeback.model.list_digest import line_of, text_of
from takeback.model.participant import Participant, ParticipantState
from takeback.model.tier import STRONGEST_ACTION
from takeback.model.view import View
from takeback.storage import feed, list_state, participants
from takeback.storage.database import Database
from takeback.storage.feed_rows import FeedRow, count_between
from takeback.wire.changes import FingerprintOnList
from takeback.wire.list_files import BETWEEN, GONE, Directory, ListFile, names_bytes, text_bytes

#: Sequences that a file goes over.
SEQUENCES = 2_000
#: Such stretches that one directory goes over, at most.
MOST_STRETCHES = 500
TEXT, NAMES = "/v1/files/text/", "/v1/files/names/"
_PROOF_DIGITS = 32
_ACTION = {tier.value: action.value for tier, action in STRONGEST_ACTION.items()}
_DECODE = msgspec.json.Decoder(list[FingerprintOnList]).decode


@dataclass(frozen=True, slots=True)
class Stretch:
    """The places left in (after, until]: `of` are the types of a text, or the participant whose names they are."""

    of: str
    after: int
    until: int
    places: int

    def __str__(self) -> str:
        return f"{self.of}-{self.after}-{self.until}-{self.places}"


class ListFiles:
    """Makes directories and files; texts are kept up to so many bytes, for whoever asks next."""

    def __init__(self, key: bytes, list_id: str, most_bytes: int) -> None:
        self._key, self._list_id, self._most = key, list_id, most_bytes
        self._kept: OrderedDict[Stretch, bytes] = OrderedDict()
        self._bytes = 0
        self._making = asyncio.Lock()

    async def directory(self, database: Database, clock: Clock, participant: Participant, after: int) -> Directory:
        """Gives the files behind a cursor, as far as one directory goes; NotFoundError for one in the sandbox."""
        if participant.state is ParticipantState.SANDBOX:
            raise NotFoundError("There are no files of test entries. Ask page by page.")

        async def work(connection: AsyncConnection) -> tuple[int, dict[int, int]]:
            end = (await list_state.read(connection)).head // SEQUENCES * SEQUENCES
            until = min(end, (after // SEQUENCES + MOST_STRETCHES) * SEQUENCES)
            return end, await feed.places(connection, after, until, SEQUENCES)

        end, places = await database.read("directory-of-files", work)
        types, files = types_text(participant.types).replace(",", "."), []
        for number, count in sorted(places.items()):
            text = Stretch(types, after, (number + 1) * SEQUENCES, count)
            after = text.until
            files.append(self._file(text, Stretch(participant.id, text.after, text.until, count)))
        return Directory(self._list_id, participant.id, clock.now(), end, tuple(files))

    async def text(self, database: Database, address: str) -> bytes:
        """Gives the text at an address, or raises NotFoundError."""
        stretch = self._stretch(TEXT, address)
        async with self._making:  # whoever asks for the same meanwhile finds it made
            return await database.glance("text-of-file", lambda connection: self._text(connection, stretch))

    async def names(self, database: Database, address: str) -> bytes:
        """Gives a participant's names at an address, or raises NotFoundError."""
        stretch = self._stretch(NAMES, address)

        async def work(connection: AsyncConnection) -> tuple[Participant | None, list[EntryId]]:
            ids = await feed.ids_between(connection, stretch.after, stretch.until)
            return await participants.find(connection, stretch.of), ids

        participant, ids = await database.glance("names-of-file", work)
        if participant is None or participant.state is not ParticipantState.ACTIVE or len(ids) != stretch.places:
            raise _gone()
        names = bytes.fromhex(View(participant.view_key).names_of(b"".join(ids)).decode())
        return names_bytes(names, self._derived(b"key", NAMES, stretch))

    async def _text(self, connection: AsyncConnection, stretch: Stretch) -> bytes:
        if await count_between(connection, stretch.after, stretch.until) != stretch.places:
            self._drop(stretch)
            raise _gone()
        if stretch in self._kept:
            self._kept.move_to_end(stretch)
            return self._kept[stretch]
        changes = await _changes(connection, stretch)
        key = self._derived(b"key", TEXT, stretch)
        made = text_bytes(self._list_id, stretch.after, stretch.until, changes, key)
        self._kept[stretch] = made
        self._bytes += len(made)
        while self._bytes > self._most:
            self._drop(next(iter(self._kept)))
        return made

    def _drop(self, stretch: Stretch) -> None:
        self._bytes -= len(self._kept.pop(stretch, b""))

    def _file(self, text: Stretch, names: Stretch) -> ListFile:
        return ListFile(
            *(text.after, text.until),
            *(self._address(TEXT, text), self._derived(b"key", TEXT, text)),
            *(self._address(NAMES, names), self._derived(b"key", NAMES, names)),
        )

    def _address(self, kind: str, stretch: Stretch) -> str:
        return f"{kind}{stretch}-{self._proof(kind, stretch)}"

    def _stretch(self, kind: str, address: str) -> Stretch:
        """Reads an address; one that no directory told is answered by nothing, before anything is looked up."""
        try:
            of, after, until, places, proof = address.rsplit("-", 4)
            stretch = Stretch(of, int(after), int(until), int(places))
        except ValueError:
            raise _gone() from None
        if str(stretch) != address[: -_PROOF_DIGITS - 1] or not hmac.compare_digest(proof, self._proof(kind, stretch)):
            raise _gone()
        return stretch

    def _proof(self, kind: str, stretch: Stretch) -> str:
        return self._derived(b"address", kind, stretch).hex()[:_PROOF_DIGITS]

    def _derived(self, what: bytes, kind: str, stretch: Stretch) -> bytes:
        said = b"takeback files 1\n%b\n%b%b" % (what, kind.encode(), str(stretch).encode())
        return hmac.digest(self._key, said, "sha256")


async def _changes(connection: AsyncConnection, stretch: Stretch) -> list[str]:
    """Gives the texts of a stretch, many in each piece."""
    types, pieces = frozenset(stretch.of.split(".")), list[str]()
    async for rows, _ in feed.parts(connection, stretch.after, stretch.until):
        if rows:
            pieces.append(BETWEEN.join([_change(row, types) for row in rows]))
        await asyncio.sleep(0)  # others have their turn
    return pieces


def _change(row: FeedRow, types: frozenset[str]) -> str:
    if row.prints is None or row.listed_on is None:
        return f"{GONE}\n{row.sequence}"
    lines = [line_of(f.type, f.value, f.quality, f.at, f.edit) for f in _DECODE(row.prints) if f.type in types]
    return text_of(row.sequence, (row.kind, row.age, row.tier, _ACTION[row.tier], row.listed_on), lines)


def _gone() -> NotFoundError:
    return NotFoundError("There is no such file any more. Ask for the directory again.")
