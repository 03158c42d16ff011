"""Sweeps: throughput against hashing alone, what another worker adds, and what listing and keeping cost.

What a shard and its keeping cost is written to bench/out/sweep-costs.json, too: scripts/simulate_sweep.py goes on from
there to sizes that do not fit here.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

from PIL import Image
from skimage import data
from sqlalchemy import select

from hashes import hashes
from lists import fill
from report import OUT, Row, report
from takeback import HashList
from takeback.clock import SystemClock
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.fingerprints.variants import Effort
from takeback.media import Fingerprinter, Limits
from takeback.model.entry import Kind
from takeback.model.sweep import Item, Options, Report, Scanned, Shard
from takeback.participant.installation import open_database
from takeback.platform_settings import PlatformSettings
from takeback.storage.database import Database
from takeback.storage.platform.schema import sweep_shard
from takeback.sweep.engines import Outcome, Work
from takeback.sweep.engines.local import LocalEngine
from takeback.sweep.planning import plan
from takeback.sweep.running import Running, run
from takeback.sweep.scanning import Task, scan
from timing import SIZES, cpu_of_all

T = TypeVar("T")
#: Files a second, and files a second of processor time, which other programs on the machine do not change.
Speed = tuple[float, float]

FILES = SIZES[0] if SIZES else 200
ENTRIES = 100_000
PICTURES = ("astronaut", "coffee", "chelsea", "rocket", "cat", "brick")
SIZE = (1600, 1200)
ROUNDS = 3
#: Of the rate of hashing alone, what a sweep must reach.
MUST = 0.9
#: Files that are listed and kept, without being read, to see what that costs; files in a shard as they usually are.
KEPT, SHARD_FILES = 20_000, 500
READS = 2
CLOCK = SystemClock()


def main() -> int:
    """Gives 0 when nothing that must be reached was missed."""
    cores = len(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_media(folder / "media")
        list_ = write_list(folder / "ours.db")
        rates: dict[tuple[str, int], list[Speed]] = {}
        shard_s: list[float] = []
        for round_ in range(ROUNDS):
            for workers in range(1, cores + 1):
                rates.setdefault(("alone", workers), []).append(alone(folder / "media", workers))
                speed, seconds = asyncio.run(swept(folder, list_, workers, f"s-{workers}-{round_}"))
                rates.setdefault(("sweep", workers), []).append(speed)
                shard_s += seconds if workers == 1 else []
        listed_s, kept_s = asyncio.run(listed_and_kept(folder, list_))
    rows = [row for workers in range(1, cores + 1) for row in against_alone(rates, workers)]
    one, all_ = (statistics.median(speed[0] for speed in rates["sweep", workers]) for workers in (1, cores))
    rows.append(Row(f"{cores} workers against one", round(all_, 1), round(one, 1), round(all_ / one, 2), "1/s"))
    rows.append(Row("listing, a file", round(listed_s * 1e6, 1), None, None, "µs"))
    rows.append(Row("keeping a report, a file, SQLite", round(kept_s * 1e6, 1), None, None, "µs"))
    code = report("sweep", rows)
    costs = {"scan_s": sorted(shard_s), "list_s": listed_s, "keep_s": kept_s}
    (OUT / "sweep-costs.json").write_text(json.dumps(costs), encoding="utf-8")
    return code


def against_alone(rates: dict[tuple[str, int], list[Speed]], workers: int) -> Iterator[Row]:
    """Gives the rows of so many workers: medians, and the median of the rounds' ratios."""
    pairs = list(zip(rates["sweep", workers], rates["alone", workers], strict=True))
    for at, what in enumerate(("files a second", "files a second of processor time")):
        ours, peer = (statistics.median(pair[side][at] for pair in pairs) for side in (0, 1))
        ratio = statistics.median(one[at] / other[at] for one, other in pairs)
        case = f"{what}, {workers} worker{'s'[: workers > 1]}, against hashing alone"
        yield Row(case, round(ours, 1), round(peer, 1), round(ratio, 2), "1/s", MUST)


def alone(media: Path, workers: int) -> Speed:
    """Gives the speed of hashing alone, with the same looks, in so many decoders."""
    files = sorted(media.iterdir())
    fingerprinter = Fingerprinter(Limits(children=workers), quick=True, effort=Effort.FIRST)
    with fingerprinter, ThreadPoolExecutor(READS * workers) as threads:
        list(threads.map(fingerprinter.fingerprint, files[: 4 * workers]))  # the decoders are there
        begin, used = time.perf_counter(), cpu_of_all()
        list(threads.map(fingerprinter.fingerprint, files))
        return len(files) / (time.perf_counter() - begin), len(files) / (cpu_of_all() - used)


async def swept(folder: Path, list_: Path, workers: int, name: str) -> tuple[Speed, list[float]]:
    """Gives the speed of a whole sweep by workers that are there, and seconds of a worker a file, by shards."""
    media, options = str(folder / "media"), Options((str(list_),), Effort.FIRST, keep=True)
    task = Task(media, (("ours", str(list_), None),), Effort.FIRST, keep=True, reads=READS, object_bytes=2**30)

    async def whole(database: Database) -> tuple[Speed, list[float]]:
        await plan(database, CLOCK, name, media, options, files=max(1, FILES // (4 * workers)), bytes_=2**30)
        with LocalEngine(workers) as engine:
            warm = [Shard(n, (Item("0000.jpg", 1),) * 2) for n in range(4 * workers)]
            assert all(isinstance(one, Report) for one in engine.run(warm, partial(scan, task)))
            begin, used = time.perf_counter(), cpu_of_all()
            far = await run(database, CLOCK, name, engine, Running(READS, 2**30))
            taken, used = time.perf_counter() - begin, cpu_of_all() - used
        assert (far.files_done, far.unscannable) == (FILES, 0)
        seconds = select(sweep_shard.c.seconds / sweep_shard.c.files)
        rows = await database.read("seconds", lambda connection: connection.execute(seconds))
        return (FILES / taken, FILES / used), [float(row[0]) for row in rows]

    return await with_database(folder / name, whole)


async def listed_and_kept(folder: Path, list_: Path) -> tuple[float, float]:
    """Gives the seconds a file that listing takes, and that keeping takes, with nothing read in between."""
    many = folder / "many"
    for number in range(KEPT):
        file = many / f"{number // 1000:03}" / f"{number:06}.jpg"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    options = Options((str(list_),), Effort.PLAIN, keep=True)

    async def whole(database: Database) -> tuple[float, float]:
        begin = time.perf_counter()
        await plan(database, CLOCK, "many", str(many), options, files=SHARD_FILES, bytes_=2**30)
        listed = time.perf_counter() - begin
        begin = time.perf_counter()
        await run(database, CLOCK, "many", Instant(), Running(READS, 2**30))
        return listed / KEPT, (time.perf_counter() - begin) / KEPT

    return await with_database(folder / "many-data", whole)


class Instant:
    """An engine that invents what is found: three values a file."""

    workers = 1

    def run(self, shards: Iterable[Shard], _: Work) -> Iterator[Outcome]:
        """Gives reports at once."""
        drawn = random.Random(1)
        types = (FingerprintType.MD5, FingerprintType.SHA256, FingerprintType.PDQ)
        for shard in shards:
            found = [
                Scanned(item, Kind.IMAGE, tuple(Fingerprint(one, drawn.randbytes(one.byte_length)) for one in types))
                for item in shard.items
            ]
            yield Report(shard.number, tuple(found), 0.0)

    def close(self) -> None:
        """Does nothing."""


async def with_database(folder: Path, work: Callable[[Database], Awaitable[T]]) -> T:
    """Runs `work` on a platform's database of its own."""
    database = await open_database(PlatformSettings(data_dir=str(folder)))
    try:
        return await work(database)
    finally:
        await database.close()


def write_media(folder: Path) -> None:
    """Writes photographs of two megapixels, each at a quality of its own or turned, so that no two are the same."""
    folder.mkdir()
    pictures = [Image.fromarray(getattr(data, name)()).convert("RGB").resize(SIZE) for name in PICTURES]
    for number in range(FILES):
        picture = pictures[number % len(pictures)]
        picture.rotate(number // 60).save(folder / f"{number:04}.jpg", quality=70 + number % 20)


def write_list(path: Path) -> Path:
    """Writes a copy of a list, as of now, whose entries are near to none of them."""
    with HashList.open(path) as hashlist:
        fill(
            hashlist, [(Fingerprint(FingerprintType.PDQ, bytes(value), 100),) for value in hashes(ENTRIES)], CLOCK.now()
        )
        hashlist.index.settle()
    return path


if __name__ == "__main__":
    sys.exit(main())
