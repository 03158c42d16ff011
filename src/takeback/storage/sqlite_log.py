"""SQLite's log, moved into the file by a thread of its own: who commits waits for the log alone, one write in a row.

What was erased stands in the log until the log is cut. So it is, as soon as nothing more comes.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from takeback import log

#: How often it is looked whether there is something to move, in seconds.
EVERY_S = 0.5
#: While more and more comes, it is moved once in so many looks: a page that changes again and again goes once.
MOVED_EVERY = 8
#: When moving took less, in seconds, little can have come meanwhile; it is tried so many times.
SHORT_S, MOST_PASSES = 0.05, 4
#: Pages in the log (4 KiB each) from which it is long, and those at which a commit moves them itself, as it does where
#: no server runs.
LONG_PAGES, MOST_PAGES = 32_768, 65_536
#: Somebody reads or writes just now, which is no error (the low byte of SQLite's extended codes).
_AT_WORK = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


async def move_for_ever(file: Path, turn: asyncio.Lock) -> None:
    """Moves what stands in the log of a file now and then, and cuts the log when half a second has brought nothing.

    Whoever writes holds `turn`.
    """
    written, before, looks, cut = file.with_name(f"{file.name}-wal"), (0, 0), 0, True
    with ThreadPoolExecutor(1) as thread:

        async def checkpoint(mode: str) -> _Moved:
            return await asyncio.get_running_loop().run_in_executor(thread, _checkpoint, file, mode)

        while True:
            await asyncio.sleep(EVERY_S)
            if (now := _state(written)) != before:
                before, looks, cut = now, looks + 1, False
                if looks % MOVED_EVERY == 0:
                    await _move(checkpoint, turn)
            elif not cut:
                cut = (await checkpoint("TRUNCATE")).done  # not while somebody reads: then once more
                before = _state(written)


async def _move(checkpoint: Callable[[str], Awaitable[_Moved]], turn: asyncio.Lock) -> None:
    """Moves what there is while others write. Of a long log it then moves the little left while nobody does.

    So it begins anew; otherwise it would grow for as long as there is no pause.
    """
    for _ in range(MOST_PASSES):
        begin = time.monotonic()
        if (await checkpoint("PASSIVE")).pages < LONG_PAGES:
            return
        if time.monotonic() - begin < SHORT_S:
            break
    async with turn:
        await checkpoint("PASSIVE")


@dataclass(frozen=True, slots=True)
class _Moved:
    """Whether nobody was in the way, and how many pages the log has."""

    done: bool
    pages: int = 0


def _checkpoint(file: Path, mode: str) -> _Moved:
    """Moves what it can. What goes wrong is told: nothing acknowledged depends on it."""
    try:
        with closing(sqlite3.connect(file, isolation_level=None, timeout=0)) as database:
            busy, pages, _ = database.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
            return _Moved(not busy, pages)
    except sqlite3.Error as error:
        if error.sqlite_errorcode & 0xFF not in _AT_WORK:
            log.logger().warning("SQLite's log is not moved", why=error.sqlite_errorname)
        return _Moved(done=False)


def _state(written: Path) -> tuple[int, int]:
    try:
        found = written.stat()
    except FileNotFoundError:
        return 0, 0
    return found.st_size, found.st_mtime_ns
