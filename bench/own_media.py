"""Where the platform's own fingerprints are kept: sealed rows of the database, against plain lists of a radius index.

The peer is what ADR 21 decided against: one file beside the database, with SHA-256, MD5 and PDQ as lists of the index.
What is near is found by the same index either way.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from hashes import hashes
from report import Row, report
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.matching.radius import RadiusIndex
from takeback.model.entry import Kind
from takeback.model.hold import Content
from takeback.participant import own_media
from takeback.participant.installation import open_database
from takeback.participant.own_index import OwnIndex
from takeback.platform_settings import PlatformSettings
from takeback.storage.database import Database
from takeback.storage.platform.own_media import OwnMedium
from timing import SIZES

T = TypeVar("T")
MEDIA = SIZES[0] if SIZES else 100_000
AT_ONCE, ASKED = 1_000, 200


def main() -> int:
    """Gives 0."""
    drawn = random.Random(1)
    media = [
        OwnMedium(
            Content(f"uploads/2026/11/{number:010}.jpg"),
            Kind.IMAGE,
            (
                Fingerprint(FingerprintType.MD5, drawn.randbytes(16)),
                Fingerprint(FingerprintType.SHA256, drawn.randbytes(32)),
                Fingerprint(FingerprintType.PDQ, bytes(value), 100),
            ),
        )
        for number, value in enumerate(hashes(MEDIA))
    ]
    with tempfile.TemporaryDirectory() as folder:
        rows = asyncio.run(measured(Path(folder), media))
    return report("own_media", rows)


async def measured(folder: Path, media: list[OwnMedium]) -> list[Row]:
    """Gives the rows."""
    database = await open_database(PlatformSettings(data_dir=str(folder)))
    try:
        ours_put = await timed(lambda: put(database, media)) / MEDIA
        peer_index, peer_put = plain(folder / "plain.index", media)
        table = size_of(folder / "platform.db")
        index = own_media.index_of(database)
        followed = await timed(lambda: index.current(database)) / MEDIA
        await index.settle(database)
        with OwnIndex(folder / own_media.INDEX_FILE) as again:
            opened = await timed(lambda: again.current(database))
        near_size = (folder / own_media.INDEX_FILE).stat().st_size
        sample = random.Random(2).sample(media, ASKED)
        exact = await timed(lambda: each(sample, lambda one: own_media.exact(database, one.fingerprints))) / ASKED
        begin = time.perf_counter()
        for one in sample:
            assert peer_index.within(one.fingerprints[1].value, 0, of="sha256")
        peer_exact = (time.perf_counter() - begin) / ASKED
        near = await timed(lambda: each(sample, lambda one: own_media.near(database, one.fingerprints, 31))) / ASKED
        gone = await timed(lambda: each(sample, lambda one: own_media.remove(database, [one.content.id]))) / ASKED
    finally:
        await database.close()
    plain_size = (folder / "plain.index").stat().st_size
    return [
        row("bytes a picture, all files", (table + near_size) / MEDIA, plain_size / MEDIA, "B"),
        row("bytes a picture, the database alone", table / MEDIA, None, "B"),
        row(f"keep, {AT_ONCE} together", ours_put * 1e6, peer_put * 1e6, "µs"),
        row("follow: opened and put into the index", followed * 1e6, None, "µs"),
        row("open the index file and prove it, whole", opened * 1e3, None, "ms"),
        row("exact", exact * 1e6, peer_exact * 1e6, "µs"),
        row("near, 31 bits", near * 1e6, None, "µs"),
        row("remove, on disk when it returns", gone * 1e6, None, "µs"),
    ]


async def put(database: Database, media: list[OwnMedium]) -> None:
    """Keeps media part by part."""
    for at in range(0, len(media), AT_ONCE):
        await own_media.put(database, media[at : at + AT_ONCE])


def plain(path: Path, media: list[OwnMedium]) -> tuple[RadiusIndex, float]:
    """Gives the peer, and the seconds a medium that it takes. The ids' own table is not counted."""
    begin = time.perf_counter()
    index = RadiusIndex({"md5": 0, "sha256": 0, "pdq": 48})
    for at, of in enumerate(("md5", "sha256", "pdq")):
        packed = b"".join(one.fingerprints[at].value.ljust(32, b"\0") for one in media)
        index.insert_many(packed, range(len(media)), of=of)
    index.merge(path)
    return index, (time.perf_counter() - begin) / len(media)


def size_of(file: Path) -> int:
    """Gives the bytes of a database, those in its log included."""
    with sqlite3.connect(file) as database:
        (size,) = database.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").fetchone()
    return int(size)


async def each(media: list[OwnMedium], way: Callable[[OwnMedium], Awaitable[object]]) -> None:
    """Does something for each."""
    for one in media:
        assert await way(one)


async def timed(way: Callable[[], Awaitable[T]]) -> float:
    """Gives the seconds that it takes."""
    begin = time.perf_counter()
    await way()
    return time.perf_counter() - begin


def row(case: str, ours: float, peer: float | None, unit: str) -> Row:
    """Gives a row."""
    ratio = None if peer is None else round(peer / ours, 2)
    return Row(case, round(ours, 1), None if peer is None else round(peer, 1), ratio, unit)


if __name__ == "__main__":
    sys.exit(main())
