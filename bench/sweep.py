"""Sweeps: throughput against the pure rate of hashing, what another worker adds, and what every part costs on its own.

The paper simulation (scripts/simulate_sweep.py) reads these figures from bench/out/sweep.jsonl.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image
from skimage import data

from hashes import hashes
from lists import fill
from report import Row, report
from takeback import HashList
from takeback.clock import ManualClock, SystemClock
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.fingerprints.variants import Effort
from takeback.media import Fingerprinter, Limits
from takeback.model.sweep import Options
from takeback.platform_settings import PlatformSettings
from takeback.participant.installation import open_database
from takeback.storage.database import Database
from takeback.sweep.engines.local import LocalEngine
from takeback.sweep.planning import plan
from takeback.sweep.running import Running, run
from timing import SIZES

#: Files of one sweep, each of its own picture at one of these widths; entries on the list that is asked.
FILES = SIZES[0] if SIZES else 400
ENTRIES = 100_000
PICTURES = ("astronaut", "coffee", "chelsea", "rocket", "cat", "brick")
WIDTH, HEIGHT = 1600, 1200
ROUNDS = 5
#: Of the pure rate of hashing, what a sweep must reach.
MUST = 0.9


def main() -> int:
    """Gives 0 when nothing that must be reached was missed."""
    cores = len(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_media(folder / "media")
        write_list(folder / "ours.db")
        rates: dict[str, list[float]] = {}
        for round_ in range(ROUNDS):
            for workers in range(1, cores + 1):
                rates.setdefault(f"pure {workers}", []).append(pure(folder / "media", workers))
                rates.setdefault(f"sweep {workers}", []).append(swept(folder, workers, f"s-{workers}-{round_}"))
    rows = []
    for workers in range(1, cores + 1):
        ours, peer = (statistics.median(rates[f"{what} {workers}"]) for what in ("sweep", "pure"))
        pairs = zip(rates[f"sweep {workers}"], rates[f"pure {workers}"], strict=True)
        ratio = statistics.median(one / other for one, other in pairs)
        case = f"files a second, {workers} workers, against hashing alone"
        rows.append(Row(case, round(ours, 1), round(peer, 1), round(ratio, 2), "1/s", MUST))
    one, all_ = (statistics.median(rates[f"sweep {workers}"]) for workers in (1, cores))
    rows.append(Row(f"{cores} workers against one", round(all_, 1), round(one, 1), round(all_ / one, 2), "1/s"))
    return report("sweep", rows)


def pure(media: Path, workers: int) -> float:
    """Gives files a second of hashing alone, with the same looks, in so many decoders."""
    files = sorted(media.iterdir())
    with Fingerprinter(Limits(children=workers), quick=True, effort=Effort.FIRST) as fingerprinter:
        with ThreadPoolExecutor(2 * workers) as threads:
            list(threads.map(fingerprinter.fingerprint, files[: 4 * workers]))  # the decoders are there
            begin = time.perf_counter()
            list(threads.map(fingerprinter.fingerprint, files))
            return len(files) / (time.perf_counter() - begin)


def swept(folder: Path, workers: int, name: str) -> float:
    """Gives files a second of a whole sweep: lists asked, fingerprints and findings kept."""

    async def whole(database: Database) -> float:
        options = Options((str(folder / "ours.db"),), Effort.FIRST, keep=True)
        shard = max(1, FILES // 40)
        await plan(database, SystemClock(), name, str(folder / "media"), options, files=shard, bytes_=2**30)
        with LocalEngine(workers) as engine:
            with warm(engine, folder, options, database, workers):
                begin = time.perf_counter()
                far = await run(database, SystemClock(), name, engine, Running(2, 2**30))
                taken = time.perf_counter() - begin
        assert far.files_done == FILES
        return FILES / taken

    async def opened() -> float:
        database = await open_database(PlatformSettings(data_dir=str(folder / name)))
        try:
            return await whole(database)
        finally:
            await database.close()

    return asyncio.run(opened())
