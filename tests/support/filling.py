"""A list of made-up entries, of any length, put into a clearinghouse's database while no server runs."""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator
from unittest.mock import patch

from takeback.clearinghouse import publishing
from takeback.clearinghouse.keys import open_database
from takeback.clock import SystemClock
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.entry import ENTRY_ID_BYTES, Age, EntryId, Kind, SubmittedEntry
from takeback.settings import Settings
from takeback.storage import entries
from takeback.storage.database import Database
from takeback.storage.migrate import migrate

#: Entries that are added in one transaction.
TOGETHER = 20_000
_HALF, _ONES = 128, (1 << 128) - 1


async def fill(settings: Settings, size: int) -> None:
    """Puts entries on the list: an md5, a sha256, a pdq and that of an edit each, as a person's page sends them."""
    database = open_database(settings)
    await migrate(database)
    await put(database, size)
    await database.close()


async def put(database: Database, size: int) -> None:
    """The same, into an open database."""
    drawn = random.Random(size)
    for begin in range(0, size, TOGETHER):
        new = list(_entries(drawn, min(TOGETHER, size - begin)))
        await database.run("fill", lambda connection, new=new: entries.add_waiting(connection, new))
    with patch.object(publishing, "BATCH", TOGETHER):  # nobody waits: pages of the file are written less often
        await publishing.publish_waiting(database, SystemClock())


def _entries(drawn: random.Random, count: int) -> Iterator[tuple[EntryId, SubmittedEntry, Age]]:
    for _ in range(count):
        prints = (
            Fingerprint(FingerprintType.MD5, drawn.randbytes(16)),
            Fingerprint(FingerprintType.SHA256, drawn.randbytes(32)),
            Fingerprint(FingerprintType.PDQ, _half_ones(drawn), 100),
            Fingerprint(FingerprintType.PDQ, _half_ones(drawn), 90, edit="centre-10"),
        )
        entry = SubmittedEntry(drawn.randbytes(32), Kind.IMAGE, prints)
        yield secrets.token_bytes(ENTRY_ID_BYTES), entry, Age.UNDER_18


def _half_ones(drawn: random.Random) -> bytes:
    """Gives a value of which half of the bits are set, as PDQ's are."""
    half = drawn.getrandbits(_HALF)
    return (half << _HALF | half ^ _ONES).to_bytes(32, "big")
